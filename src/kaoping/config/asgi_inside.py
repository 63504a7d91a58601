"""ASGI entry of the inside face: the front over its WSGI application."""

from __future__ import annotations

from kaoping.config.fronts import INSIDE
from kaoping.config.wsgi_inside import application as wsgi
from kaoping.front import make_front

application = make_front(wsgi, INSIDE)
