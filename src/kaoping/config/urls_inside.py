"""Addresses of the inside face."""

from __future__ import annotations

from django.urls import include, path

import kaoping.web.ui.addresses  # noqa: F401 - addresses may say <whose:key>

urlpatterns = [
    path("", include("kaoping.web.gate.urls")),
    path("", include("kaoping.web.ui.urls")),
    path("admin/", include("kaoping.web.admin.urls")),
    path("desk/", include("kaoping.web.desk.urls")),
    path("unit/", include("kaoping.web.unit.urls")),
    path("review/", include("kaoping.web.review.urls")),
    path("field/", include("kaoping.web.field.urls")),
]
handler400 = "kaoping.web.ui.errors.bad_request"
handler403 = "kaoping.web.ui.errors.refused"
handler404 = "kaoping.web.ui.errors.not_found"
handler500 = "kaoping.web.ui.errors.failed"
