"""Addresses of the desk screens: one line a screen."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from kaoping.web.desk import (
    evaluation,
    evaluation_open,
    evaluation_prepare,
    ledger,
    opinions,
    register,
    register_edit,
    register_import,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("register/", register.register, name="desk-register"),
    path("register/import/", register_import.register_import, name="desk-register-import"),
    path("register/unit/<str:code>/", register.organisation, name="desk-organisation"),
    path("register/unit/<str:code>/edit/", register_edit.register_edit, name="desk-register-edit"),
    path("register/unit/<str:code>/close/", register_edit.register_close, name="desk-register-close"),
    path("register/unit/<str:code>/columns/", register_edit.register_columns, name="desk-register-columns"),
    path("evaluation/", evaluation.latest, name="desk-evaluation"),
    path("evaluation/<int:year>/", evaluation.of_year, name="desk-evaluation-year"),
    path("evaluation/<int:year>/prepare/", evaluation_prepare.prepare, name="desk-evaluation-prepare"),
    path("evaluation/<int:year>/seal/", evaluation.seal, name="desk-evaluation-seal"),
    path("evaluation/<int:year>/open/", evaluation_open.open_box, name="desk-evaluation-open"),
    path("evaluation/<int:year>/opinions/", opinions.opinions, name="desk-opinions"),
    path("evaluation/<int:year>/opinions/record/", opinions.record, name="desk-opinions-record"),
    path("evaluation/<int:year>/opinions/<int:opinion_id>/", opinions.opinion, name="desk-opinion"),
    path("ledger/", ledger.ledger, name="desk-ledger"),
    path("ledger/import/", ledger.ledger_import, name="desk-ledger-import"),
    path("ledger/<str:uid>/", ledger.observation, name="desk-observation"),
    path("ledger/<str:uid>/withdraw/", ledger.observation_withdraw, name="desk-observation-withdraw"),
    path("artefact/<str:sha256>/", ledger.artefact, name="desk-artefact"),
]
