"""Behind HTTPS: ``DJANGO_SETTINGS_MODULE=msgconsole.settings.production``."""

from django.core.exceptions import ImproperlyConfigured

from msgconsole.settings import env
from msgconsole.settings.base import *  # noqa: F403 - an environment is base plus differences

MSGCONSOLE_DEMO = env.boolean("MSGCONSOLE_DEMO", False)
MSGCONSOLE_WEBHOOK_ALLOW = env.words("MSGCONSOLE_WEBHOOK_ALLOW", [])
ALLOWED_HOSTS = env.words("MSGCONSOLE_ALLOWED_HOSTS", [])
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("MSGCONSOLE_ALLOWED_HOSTS is empty: name the hosts this install answers for.")
if not env.text("MSGCONSOLE_SECRET_KEY"):
    raise ImproperlyConfigured("MSGCONSOLE_SECRET_KEY is not set: several processes must share one key.")
CSRF_TRUSTED_ORIGINS = env.words("MSGCONSOLE_CSRF_TRUSTED_ORIGINS", [])
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_HSTS_SECONDS = env.integer("MSGCONSOLE_HSTS_SECONDS", 31_536_000)
SECURE_SSL_REDIRECT = env.boolean("MSGCONSOLE_SSL_REDIRECT", False)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
