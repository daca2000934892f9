"""Tests: SQLite in memory unless DATABASE_URL names a PostgreSQL; no broker; fast password hashing."""

import atexit
import os
import shutil
import tempfile

if "MSGCONSOLE_DATA_DIR" not in os.environ:
    # Handed on to the test runner's other processes, which find it set; whoever made it removes it.
    os.environ["MSGCONSOLE_DATA_DIR"] = tempfile.mkdtemp(prefix="msgconsole-test-")
    atexit.register(shutil.rmtree, os.environ["MSGCONSOLE_DATA_DIR"], ignore_errors=True)
os.environ.setdefault("MSGCONSOLE_SECRET_KEY", "only-for-tests-0123456789-0123456789-0123456789")

from msgconsole.settings.base import *  # noqa: F403 - the environment is set first
from msgconsole.settings.base import DATABASES, SQLITE

if DATABASES["default"]["ENGINE"] == SQLITE["ENGINE"]:
    # A file, shared by the threads of a live server, instead of one connection's private memory.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(os.environ["MSGCONSOLE_DATA_DIR"], "test.sqlite3")}
# A live server's threads must not hold connections to a database that is to be dropped at the end.
DATABASES["default"]["CONN_MAX_AGE"] = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True  # otherwise every test client reads all assets anew
MSGCONSOLE_SIMULATED_DELAY_MS = 0
MSGCONSOLE_REVIEW_DELAY_MS = 0
MSGCONSOLE_NUDGE = False  # no worker: tests drain the outbox themselves
ALLOWED_HOSTS = ["*"]
os.makedirs(os.path.join(os.environ["MSGCONSOLE_DATA_DIR"], "static"), exist_ok=True)  # WhiteNoise warns otherwise
