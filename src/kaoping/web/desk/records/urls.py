"""Addresses of this trade's screens: one line a screen."""

from __future__ import annotations

from django.urls import URLPattern, path

from kaoping.web.desk.records import (
    ledger,
    ledger_batch,
    ledger_import,
    material,
    material_acts,
    materials,
    register,
    register_edit,
    register_import,
    rulebook_difference,
    rulebook_drafts,
    rulebook_tree,
    rulebooks,
)

urlpatterns: list[URLPattern] = [
    path("register/", register.register, name="desk-register"),
    path("register/import/", register_import.register_import, name="desk-register-import"),
    path("register/unit/<str:code>/", register.organisation, name="desk-organisation"),
    path("register/unit/<str:code>/edit/", register_edit.register_edit, name="desk-register-edit"),
    path("register/unit/<str:code>/close/", register_edit.register_close, name="desk-register-close"),
    path("register/unit/<str:code>/columns/", register_edit.register_columns, name="desk-register-columns"),
    path("ledger/", ledger.ledger, name="desk-ledger"),
    path("ledger/import/", ledger_import.ledger_import, name="desk-ledger-import"),
    path("ledger/batch/<str:batch>/", ledger_batch.of_batch, name="desk-ledger-batch"),
    path("ledger/batch/<str:batch>/undo/", ledger_batch.undo, name="desk-ledger-batch-undo"),
    path("ledger/<str:uid>/", ledger.observation, name="desk-observation"),
    path("ledger/<str:uid>/move/", ledger.observation_move, name="desk-observation-move"),
    path("artefact/<str:sha256>/", ledger.artefact, name="desk-artefact"),
    path("materials/", materials.materials, name="desk-materials"),
    path(
        "materials/proposal/<int:proposal_id>/confirm/", material_acts.confirm, name="desk-material-confirm"
    ),
    path("materials/proposal/<int:proposal_id>/drop/", material_acts.drop, name="desk-material-drop"),
    path("materials/<str:sha256>/", material.material, name="desk-material"),
    path("materials/<str:sha256>/seal/", material_acts.seal, name="desk-material-seal"),
    path("materials/<str:sha256>/report/", material.report, name="desk-material-report"),
    path("materials/<str:sha256>/propose/<str:kind>/", material_acts.propose, name="desk-material-propose"),
    path("rulebooks/", rulebooks.versions, name="desk-rulebooks"),
    path("rulebooks/adopt/", rulebooks.adopt, name="desk-rulebook-adopt"),
    path("rulebooks/hand-in/", rulebook_drafts.hand_in_page, name="desk-rulebook-hand-in"),
    path("rulebooks/<int:version_id>/withdraw/", rulebook_drafts.withdraw, name="desk-rulebook-withdraw"),
    path("rulebooks/<int:version_id>/parent/", rulebook_difference.to_parent, name="desk-rulebook-parent"),
    path("rulebooks/difference/", rulebook_difference.choose_difference, name="desk-rulebook-choose"),
    path("rulebooks/<int:version_id>/", rulebook_tree.one, name="desk-rulebook"),
    path(
        "rulebooks/<int:before_id>/difference/<int:after_id>/",
        rulebook_difference.difference,
        name="desk-rulebook-difference",
    ),
]
