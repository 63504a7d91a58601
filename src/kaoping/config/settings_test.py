"""Settings of the test suite: an in-memory (or given) database, a cheap password hasher, plain static files."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("KAOPING_DATA", tempfile.mkdtemp(prefix="kaoping-test-"))
os.environ.setdefault("KAOPING_SECRET_KEY", "for-tests-only")

from kaoping.config.settings import *  # noqa: E402,F403
from kaoping.support import environment  # noqa: E402

_url = environment.read("KAOPING_DATABASE_URL")
DATABASES = {
    "default": environment.parse_database_url(_url).django()
    if _url
    else {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
KAOPING_CITY_SIGN_IN = None
KAOPING_CHROMIUM = "off"
AXES_ENABLED = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
STATIC_ROOT = Path(os.environ["KAOPING_DATA"]) / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
