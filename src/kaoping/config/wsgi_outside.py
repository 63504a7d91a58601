"""WSGI entry of the outside face."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from kaoping.config import belonging
from kaoping.support.environment import data_folder
from kaoping.support.installation import ForeignPlace

os.environ["DJANGO_SETTINGS_MODULE"] = "kaoping.config.settings_outside"
try:
    belonging.refuse_foreign_published(data_folder())
except ForeignPlace as error:
    raise SystemExit(f"kaoping：{error}") from None
application = get_wsgi_application()
