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
    path("severe/<int:year>/", severe.of_year, name="desk-severe-year"),
    path("severe/<int:year>/new/", severe.new, name="desk-severe-new"),
    path("severe/<int:year>/import/", severe_import.severe_import, name="desk-severe-import"),
    path("severe/<int:year>/template.xlsx", severe.template, name="desk-severe-template"),
    path("severe/<int:year>/<int:ruling_id>/", severe.one, name="desk-severe-one"),
    path("scoring/", scoring_room.current, name="desk-scoring-room"),
    path("scoring/<int:year>/", scoring_room.of_year, name="desk-scoring-room-year"),
    path("scoring/<int:year>/compute/", scoring_room.compute, name="desk-compute"),
    path("scoring/<int:year>/rulings/", rulings.of_year, name="desk-rulings"),
    path("scoring/<int:year>/rulings/new/", rulings.propose, name="desk-ruling-new"),
    path("scoring/<int:year>/rulings/<int:ruling_id>/", rulings.second, name="desk-ruling-second"),
    path("scoring/<int:year>/sign-off/", sign_off.of_year, name="desk-sign-off"),
    path("scoring/<int:year>/unit/<str:code>/", unit_sheet.of_unit, name="desk-unit-sheet"),
    path("publication/", publication.current, name="desk-publication"),
    path("publication/<int:year>/", publication.of_year, name="desk-publication-year"),
    path("publication/<int:year>/correction/", correction.of_year, name="desk-correction"),
    path("publication/<int:year>/correction/open/", correction_acts.open_one, name="desk-correction-open"),
    path(
        "publication/<int:year>/correction/points/",
        correction_acts.change_points,
        name="desk-correction-points",
    ),
    path(
        "publication/<int:year>/correction/compute/", correction_acts.compute, name="desk-correction-compute"
    ),
    path("publication/<int:year>/correction/drop/", correction_acts.drop, name="desk-correction-drop"),
    path("publication/<int:year>/back/", step_back.of_year, name="desk-step-back"),
    path("publication/<int:year>/freeze/", publication.freeze, name="desk-freeze"),
    path("publication/<int:year>/<int:release_id>/publish/", publication.publish, name="desk-publish"),
    path("publication/<int:year>/<int:release_id>/withdraw/", publication.withdraw, name="desk-withdraw"),
    path("publication/<int:year>/<int:release_id>/<str:part>.zip", publication.bundle, name="desk-bundle"),
    path("report/", report.current, name="desk-report"),
    path("report/<int:year>/", report.of_year, name="desk-report-year"),
    path("report/<int:year>/<str:code>/", report.of_unit, name="desk-report-of"),
    path("report/<int:year>/<str:code>/docx/", report.docx, name="desk-report-docx"),
]
