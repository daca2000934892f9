"""A laptop or a demo: what ``make run`` and ``manage.py`` use. Safe by default, but plain HTTP."""

from msgconsole.settings import env
from msgconsole.settings.base import *  # noqa: F403 - an environment is base plus differences

DEBUG = env.boolean("MSGCONSOLE_DEBUG", False)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True  # assets straight from the source tree: nothing to collect before the first start
WHITENOISE_AUTOREFRESH = DEBUG
