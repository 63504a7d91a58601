"""Addresses of this trade's screens: one line a screen."""

from __future__ import annotations

from django.urls import URLPattern, path

from kaoping.web.desk.evaluation import (
    opinions,
    poll,
    poll_change,
    poll_open,
    poll_prepare,
)

urlpatterns: list[URLPattern] = [
    path("evaluation/", poll.latest, name="desk-evaluation"),
    path("evaluation/<whose:key>/", poll.of_year, name="desk-evaluation-year"),
    path("evaluation/<whose:key>/prepare/", poll_prepare.prepare, name="desk-evaluation-prepare"),
    path("evaluation/<whose:key>/change/", poll_change.change, name="desk-evaluation-change"),
    path("evaluation/<whose:key>/cancel/", poll_change.cancel, name="desk-evaluation-cancel"),
    path("evaluation/<whose:key>/seal/", poll.seal, name="desk-evaluation-seal"),
    path("evaluation/<whose:key>/open/", poll_open.open_box, name="desk-evaluation-open"),
    path("evaluation/<whose:key>/opinions/", opinions.opinions, name="desk-opinions"),
    path("evaluation/<whose:key>/opinions/record/", opinions.record, name="desk-opinions-record"),
    path("evaluation/<whose:key>/opinions/<int:opinion_id>/", opinions.opinion, name="desk-opinion"),
]
