"""Addresses of the desk: each trade has its own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

TRADES = ("year", "monitoring", "evaluation", "people", "scoring", "records")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"kaoping.web.desk.{trade}.urls")) for trade in TRADES
]
