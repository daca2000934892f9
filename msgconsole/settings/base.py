"""Settings that hold everywhere. Each environment is a short module beside this one.

Every knob of ours starts with ``MSGCONSOLE_``; ``DATABASE_URL`` and ``CELERY_BROKER_URL`` have their usual names.
"""

import secrets
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from msgconsole.settings import env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(env.text("MSGCONSOLE_DATA_DIR", str(BASE_DIR / ".data"))).expanduser()
VERSION = "0.1.0"


def secret_key() -> str:
    """The signing key: from the environment, else made once for this install and kept beside the database."""
    given = env.text("MSGCONSOLE_SECRET_KEY")
    if given:
        return given
    path = DATA_DIR / "secret_key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        new = DATA_DIR / f".secret_key.{secrets.token_hex(4)}"
        new.write_text(secrets.token_urlsafe(50), encoding="ascii")
        new.chmod(0o600)
        try:
            path.hardlink_to(new)  # atomic: of two first starts, one key wins
        except FileExistsError:
            pass
        finally:
            new.unlink()
    return path.read_text(encoding="ascii")


SECRET_KEY = secret_key()
DEBUG = False
ALLOWED_HOSTS = env.words("MSGCONSOLE_ALLOWED_HOSTS", ["*"])
PORT = env.integer("MSGCONSOLE_PORT", 8000, least=1, most=65535)
# Every absolute link in a body starts with this; client libraries follow them with their caller's credentials.
# Empty: built from the request's own host, which is right for a laptop and behind an honest proxy.
MSGCONSOLE_PUBLIC_URL = env.text("MSGCONSOLE_PUBLIC_URL").rstrip("/")

INSTALLED_APPS = [
    "msgconsole.console.apps.ConsoleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
    "msgconsole.accounts",
    "msgconsole.outbox",
    "msgconsole.webhooks",
    "msgconsole.carriers.simulated",
    "msgconsole.api",
    "services",
    "services.compliance",
    "services.linkshortening",
    "senders",
    "msgconsole.messaging",
    "msgconsole.console.apps.ConsoleConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "msgconsole.api.middleware.RequestIdMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
APPEND_SLASH = False  # a redirected POST would lose its body

ROOT_URLCONF = "msgconsole.urls"
WSGI_APPLICATION = "msgconsole.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "msgconsole.console.context.shell",
            ],
        },
    },
]

SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA_DIR / "msgconsole.sqlite3",
    "CONN_MAX_AGE": 600,
    "OPTIONS": {
        # Writers queue instead of failing: see "SQLite settings" in ARCHITECTURE.md.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;",
    },
}
# Plan the statements of every choice once per connection. Off behind a pooler that shares sessions by transaction.
MSGCONSOLE_PREPARED_STATEMENTS = env.boolean("MSGCONSOLE_PREPARED_STATEMENTS", True)
DATABASES = {"default": env.database("DATABASE_URL", SQLITE)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"]["CONN_MAX_AGE"] = env.integer("MSGCONSOLE_CONN_MAX_AGE", 600)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    if MSGCONSOLE_PREPARED_STATEMENTS:
        # Of prepared statements, keep the plan: making one costs more than it could save. And let a plan that is kept
        # look rows up by index while its table is still small: the table grows, the plan does not.
        _options: Any = DATABASES["default"]["OPTIONS"]
        _options.setdefault("options", "-c plan_cache_mode=force_generic_plan -c random_page_cost=1.1")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "console:home"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = env.integer("MSGCONSOLE_MAX_BODY_BYTES", 1_048_576)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["msgconsole.api.authentication.AccountAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["msgconsole.api.authentication.IsAccount"],
    "DEFAULT_PARSER_CLASSES": ["msgconsole.api.parsers.FormParser"],
    "DEFAULT_RENDERER_CLASSES": ["msgconsole.api.renderers.JsonRenderer"],
    "DEFAULT_SCHEMA_CLASS": "msgconsole.api.schema.DeclaredSchema",
    "EXCEPTION_HANDLER": "msgconsole.api.exceptions.handle",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "msgconsole",
    "DESCRIPTION": "Messaging Services and Messages, and why each sender was chosen.",
    "VERSION": VERSION,
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": ["msgconsole.api.schema.complete"],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

# No broker needed by default: a worker thread beside the web server listens on this in-memory one.
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", "memory://localhost")
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False  # a task is only a nudge: the outbox row is the truth
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "dispatch"
MSGCONSOLE_NUDGE = True  # wake a worker after each commit that leaves work; without it, sweeps alone find the work

MEMORY = "django.core.cache.backends.locmem.LocMemCache"
# Where the rate limit is counted. With many processes, name a Redis: each process counts for itself otherwise.
MSGCONSOLE_CACHE_URL = env.text("MSGCONSOLE_CACHE_URL")
CACHES = {
    "default": {"BACKEND": MEMORY, "OPTIONS": {"MAX_ENTRIES": 5000}},
    "counters": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": MSGCONSOLE_CACHE_URL}
        if MSGCONSOLE_CACHE_URL
        else {"BACKEND": MEMORY, "LOCATION": "counters", "OPTIONS": {"MAX_ENTRIES": 100_000}}
    ),
}
# Calls of the API that an account may make within one second; more are answered with 429 until the next.
MSGCONSOLE_RATE_LIMIT = env.integer("MSGCONSOLE_RATE_LIMIT", 1000, least=1, most=1_000_000)

MSGCONSOLE_DEMO = env.boolean("MSGCONSOLE_DEMO", True)
# Fixed by scripts; otherwise made once per install and kept in the data folder.
MSGCONSOLE_DEMO_ACCOUNT_SID = env.text("MSGCONSOLE_DEMO_ACCOUNT_SID")
MSGCONSOLE_DEMO_AUTH_TOKEN = env.text("MSGCONSOLE_DEMO_AUTH_TOKEN")
MSGCONSOLE_DEMO_PASSWORD = env.text("MSGCONSOLE_DEMO_PASSWORD")
MSGCONSOLE_POOL_LIMIT = env.integer("MSGCONSOLE_POOL_LIMIT", 400, least=1, most=1_000_000)
MSGCONSOLE_SERVICE_LIMIT = env.integer("MSGCONSOLE_SERVICE_LIMIT", 1000, least=1, most=1_000_000)
MSGCONSOLE_SCHEDULED_LIMIT = env.integer("MSGCONSOLE_SCHEDULED_LIMIT", 500_000, least=1, most=10_000_000)
# Webhooks to loopback and private addresses are refused unless allowed; a demo on a laptop needs loopback.
MSGCONSOLE_WEBHOOK_ALLOW = env.words("MSGCONSOLE_WEBHOOK_ALLOW", ["127.0.0.0/8", "::1/128"] if MSGCONSOLE_DEMO else [])
MSGCONSOLE_SIMULATED_DELAY_MS = env.integer("MSGCONSOLE_SIMULATED_DELAY_MS", 800, most=600_000)
# How long the simulated reviewer of brands, campaigns and toll-free verifications takes for each of its steps.
MSGCONSOLE_REVIEW_DELAY_MS = env.integer("MSGCONSOLE_REVIEW_DELAY_MS", 1500, most=86_400_000)
# Key for secrets at rest (auth tokens). Derived from SECRET_KEY unless given, so that it can be rotated apart.
MSGCONSOLE_ENCRYPTION_KEY = env.text("MSGCONSOLE_ENCRYPTION_KEY")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "msgconsole.api.middleware.RequestIdFilter"}},
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} [{request_id}] {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["request_id"]},
    },
    "root": {"handlers": ["console"], "level": env.text("MSGCONSOLE_LOG_LEVEL", "WARNING").upper()},
}
