"""Addresses of the outside face."""

from __future__ import annotations

from django.urls import include, path

import kaoping.web.ui.addresses  # noqa: F401 - addresses may say <whose:key>

urlpatterns = [path("", include("kaoping.web.portal.urls"))]
handler400 = "kaoping.web.ui.errors.bad_request"
handler404 = "kaoping.web.ui.errors.not_found"
handler500 = "kaoping.web.ui.errors.failed"
