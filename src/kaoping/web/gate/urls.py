"""Addresses of the gate screens: one line a screen."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from kaoping.web.gate import health, home, password, sign_in, words

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="gate-home"),
    path("sign-in/", sign_in.sign_in, name="gate-sign-in"),
    path("sign-out/", sign_in.sign_out, name="gate-sign-out"),
    path("password/", password.password, name="gate-password"),
    path("words/here/", words.here, name="gate-words-here"),
    path("words/seal/", words.seal_words, name="gate-words-seal"),
    path("words/open/", words.open_words, name="gate-words-open"),
    path("words/held/", words.held, name="gate-words-held"),
    path("health/", health.health, name="gate-health"),
]
