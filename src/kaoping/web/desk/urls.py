"""Addresses of the desk screens: one line a screen."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from kaoping.web.desk import register, register_edit, register_import

urlpatterns: list[URLPattern | URLResolver] = [
    path("register/", register.register, name="desk-register"),
    path("register/import/", register_import.register_import, name="desk-register-import"),
    path("register/unit/<str:code>/", register.organisation, name="desk-organisation"),
    path("register/unit/<str:code>/edit/", register_edit.register_edit, name="desk-register-edit"),
    path("register/unit/<str:code>/close/", register_edit.register_close, name="desk-register-close"),
    path("register/unit/<str:code>/columns/", register_edit.register_columns, name="desk-register-columns"),
]
