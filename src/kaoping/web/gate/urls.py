"""Addresses of the gate screens: one line a screen."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from kaoping.web.gate import health, home, password, sign_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="gate-home"),
    path("sign-in/", sign_in.sign_in, name="gate-sign-in"),
    path("sign-out/", sign_in.sign_out, name="gate-sign-out"),
    path("password/", password.password, name="gate-password"),
    path("health/", health.health, name="gate-health"),
]
