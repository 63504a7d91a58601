"""Addresses of the gate screens: one line a screen."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from kaoping.web.gate import (
    city,
    factors,
    health,
    home,
    link,
    password,
    second,
    sessions_list,
    sign_in,
    words,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="gate-home"),
    path("sign-in/", sign_in.sign_in, name="gate-sign-in"),
    path("sign-out/", sign_in.sign_out, name="gate-sign-out"),
    path("password/", password.password, name="gate-password"),
    path("password/notice/", link.notice, name="gate-notice"),
    path("sessions/", sessions_list.sessions, name="gate-sessions"),
    path("sign-in/second/", second.second, name="gate-second"),
    path("sign-in/city/", city.go, name="gate-city"),
    path("sign-in/city/back/", city.back, name="gate-city-back"),
    path("sign-in/city/left/", city.left, name="gate-city-left"),
    path("second-factor/city/", city.bind, name="gate-factor-city"),
    path("second-factor/", factors.factors, name="gate-factors"),
    path("second-factor/program/", factors.program, name="gate-factor-program"),
    path("second-factor/card/", factors.card, name="gate-factor-card"),
    path("second-factor/certificate/", factors.certificate, name="gate-factor-certificate"),
    path("second-factor/<str:kind>/give-up/", factors.give_up, name="gate-factor-give-up"),
    path("link/<str:secret>/", link.by_link, name="gate-link"),
    path("words/here/", words.here, name="gate-words-here"),
    path("words/seal/", words.seal_words, name="gate-words-seal"),
    path("words/open/", words.open_words, name="gate-words-open"),
    path("words/held/", words.held, name="gate-words-held"),
    path("health/", health.health, name="gate-health"),
]
