"""Addresses of this trade's screens: one line a screen."""

from __future__ import annotations

from django.urls import URLPattern, path

from kaoping.web.desk.scoring import (
    correction,
    correction_acts,
    publication,
    report,
    rulings,
    scoring_room,
    severe,
    severe_import,
    sign_off,
    step_back,
    unit_sheet,
)

urlpatterns: list[URLPattern] = [
    path("severe/", severe.current, name="desk-severe"),
    path("severe/<whose:key>/", severe.of_year, name="desk-severe-year"),
    path("severe/<whose:key>/new/", severe.new, name="desk-severe-new"),
    path("severe/<whose:key>/import/", severe_import.severe_import, name="desk-severe-import"),
    path("severe/<whose:key>/template.xlsx", severe.template, name="desk-severe-template"),
    path("severe/<whose:key>/<int:ruling_id>/", severe.one, name="desk-severe-one"),
    path("scoring/", scoring_room.current, name="desk-scoring-room"),
    path("scoring/<whose:key>/", scoring_room.of_year, name="desk-scoring-room-year"),
    path("scoring/<whose:key>/compute/", scoring_room.compute, name="desk-compute"),
    path("scoring/<whose:key>/rulings/", rulings.of_year, name="desk-rulings"),
    path("scoring/<whose:key>/rulings/new/", rulings.propose, name="desk-ruling-new"),
    path("scoring/<whose:key>/rulings/<int:ruling_id>/", rulings.second, name="desk-ruling-second"),
    path("scoring/<whose:key>/sign-off/", sign_off.of_year, name="desk-sign-off"),
    path("scoring/<whose:key>/unit/<str:code>/", unit_sheet.of_unit, name="desk-unit-sheet"),
    path("publication/", publication.current, name="desk-publication"),
    path("publication/<whose:key>/", publication.of_year, name="desk-publication-year"),
    path("publication/<whose:key>/correction/", correction.of_year, name="desk-correction"),
    path("publication/<whose:key>/correction/open/", correction_acts.open_one, name="desk-correction-open"),
    path(
        "publication/<whose:key>/correction/points/",
        correction_acts.change_points,
        name="desk-correction-points",
    ),
    path(
        "publication/<whose:key>/correction/compute/", correction_acts.compute, name="desk-correction-compute"
    ),
    path("publication/<whose:key>/correction/drop/", correction_acts.drop, name="desk-correction-drop"),
    path("publication/<whose:key>/back/", step_back.of_year, name="desk-step-back"),
    path("publication/<whose:key>/freeze/", publication.freeze, name="desk-freeze"),
    path("publication/<whose:key>/<int:release_id>/publish/", publication.publish, name="desk-publish"),
    path("publication/<whose:key>/<int:release_id>/withdraw/", publication.withdraw, name="desk-withdraw"),
    path("publication/<whose:key>/<int:release_id>/<str:part>.zip", publication.bundle, name="desk-bundle"),
    path("report/", report.current, name="desk-report"),
    path("report/<whose:key>/", report.of_year, name="desk-report-year"),
    path("report/<whose:key>/<str:code>/", report.of_unit, name="desk-report-of"),
    path("report/<whose:key>/<str:code>/docx/", report.docx, name="desk-report-docx"),
]
