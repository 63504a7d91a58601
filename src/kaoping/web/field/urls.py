"""Addresses of the field screens: one line a screen."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from kaoping.web.field import today, visit

urlpatterns: list[URLPattern | URLResolver] = [
    path("", today.today, name="field-today"),
    path("visit/<str:code>/", visit.visit, name="field-visit"),
    path("result/<int:visit_id>/", today.result, name="field-result"),
    path("photo/<str:sha256>/", today.photo, name="field-photo"),
]
