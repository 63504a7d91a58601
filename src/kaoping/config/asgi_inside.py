"""ASGI entry of the inside face: the front over its WSGI application."""

from __future__ import annotations

from django.conf import settings

from kaoping.config.fronts import inside
from kaoping.config.wsgi_inside import application as wsgi
from kaoping.front import make_front

application = make_front(wsgi, inside(settings.SECRET_KEY, settings.KAOPING_SESSION_HOURS))
