"""Django settings of the outside face: no database, no sessions, no sign-in.

The portal reads published releases and open polls from a folder, and hands ballots to the intake process.
So this face runs on a machine that has no route to the desk.
"""

from __future__ import annotations

from pathlib import Path

from kaoping.config import settings as inside
from kaoping.config.settings import *  # noqa: F403
from kaoping.support import cookie_names

FACE = "outside"
DATABASES = {}
INSTALLED_APPS = ["django.contrib.staticfiles", "csp", "lucide", "kaoping.web.ui"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "kaoping.web.ui.headers.PermissionsPolicy",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "kaoping.web.ui.readable.Readable",
    "kaoping.web.ui.directions.Undirected",
]
ROOT_URLCONF = "kaoping.config.urls_outside"
TEMPLATES = [
    {
        **inside.TEMPLATES[0],
        "DIRS": [Path(__file__).parent.parent / "web" / "portal" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "kaoping.web.portal.context.shell",
            ]
        },
    }
]
AUTHENTICATION_BACKENDS = []
AUTH_USER_MODEL = "auth.User"
# Nobody signs in here.
KAOPING_CITY_SIGN_IN = None
CSRF_COOKIE_NAME = cookie_names.named(cookie_names.OUTSIDE_TOKEN, https=inside.CSRF_COOKIE_SECURE)
# A questionnaire is small; nobody sends files here.
DATA_UPLOAD_MAX_MEMORY_SIZE = 128 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 1
