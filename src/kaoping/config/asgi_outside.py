"""ASGI entry of the outside face: the front over its WSGI application."""

from __future__ import annotations

from kaoping.config.fronts import OUTSIDE
from kaoping.config.wsgi_outside import application as wsgi
from kaoping.front import make_front

application = make_front(wsgi, OUTSIDE)
