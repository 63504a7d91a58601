"""A face behind its front that tells who it thinks is asking: served by a process of its own in the tests of proxies."""

import json
import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "kaoping.config.settings"
django.setup()

from django.core.handlers.wsgi import WSGIRequest  # noqa: E402

from kaoping.config.fronts import INSIDE  # noqa: E402
from kaoping.front import make_front  # noqa: E402
from kaoping.support.client_address import of_request  # noqa: E402
from kaoping.web.gate.second import certificate_of  # noqa: E402


def told(environ, start_response):
    """Address, certificate, whether it came over HTTPS, and how much was handed in."""
    request = WSGIRequest(environ)
    said = {
        "address": of_request(request.META),
        "certificate": certificate_of(request),
        "secure": request.is_secure(),
        "body": len(environ["wsgi.input"].read()),
    }
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(said).encode()]


application = make_front(told, INSIDE)
