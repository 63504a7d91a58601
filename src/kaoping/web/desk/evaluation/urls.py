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
    path("evaluation/<int:year>/", poll.of_year, name="desk-evaluation-year"),
    path("evaluation/<int:year>/prepare/", poll_prepare.prepare, name="desk-evaluation-prepare"),
    path("evaluation/<int:year>/change/", poll_change.change, name="desk-evaluation-change"),
    path("evaluation/<int:year>/cancel/", poll_change.cancel, name="desk-evaluation-cancel"),
    path("evaluation/<int:year>/seal/", poll.seal, name="desk-evaluation-seal"),
    path("evaluation/<int:year>/open/", poll_open.open_box, name="desk-evaluation-open"),
    path("evaluation/<int:year>/opinions/", opinions.opinions, name="desk-opinions"),
    path("evaluation/<int:year>/opinions/record/", opinions.record, name="desk-opinions-record"),
    path("evaluation/<int:year>/opinions/<int:opinion_id>/", opinions.opinion, name="desk-opinion"),
]
