"""Addresses of this trade's screens: one line a screen."""

from __future__ import annotations

from django.urls import URLPattern, path

from kaoping.web.desk.monitoring import (
    case,
    case_answers,
    cases,
    cases_serve,
    findings,
    site,
    visits,
    visits_draw,
    visits_draws,
)

urlpatterns: list[URLPattern] = [
    path("monitoring/", findings.monitoring, name="desk-monitoring"),
    path("monitoring/findings/", findings.monitoring_findings, name="desk-monitoring-findings"),
    path("monitoring/confirm/", findings.monitoring_confirm, name="desk-monitoring-confirm"),
    path("monitoring/runs/", findings.monitoring_runs, name="desk-monitoring-runs"),
    path("monitoring/evidence/<str:sha256>/", findings.monitoring_evidence, name="desk-monitoring-evidence"),
    path("monitoring/site/<str:code>/", site.monitoring_site, name="desk-monitoring-site"),
    path("monitoring/site/<str:code>/run/", site.monitoring_run, name="desk-monitoring-run"),
    path(
        "monitoring/finding/<int:finding_id>/retest/",
        site.monitoring_retest,
        name="desk-monitoring-retest",
    ),
    path(
        "monitoring/finding/<int:finding_id>/clear/",
        site.monitoring_clear,
        name="desk-monitoring-clear",
    ),
    path(
        "monitoring/finding/<int:finding_id>/removed/",
        site.monitoring_removed,
        name="desk-monitoring-removed",
    ),
    path("cases/", cases.cases, name="desk-cases"),
    path("cases/serve/", cases_serve.cases_serve, name="desk-cases-serve"),
    path("cases/overdue/", cases.cases_overdue, name="desk-cases-overdue"),
    path("cases/<str:number>/", case.case, name="desk-case"),
    path("cases/<str:number>/order/", case.case_order, name="desk-case-order"),
    path("cases/<str:number>/revise/", case_answers.case_revise, name="desk-case-revise"),
    path("cases/<str:number>/serve/", case_answers.case_serve, name="desk-case-serve"),
    path("cases/<str:number>/reply/", case_answers.case_reply, name="desk-case-reply"),
    path("cases/<str:number>/check/", case_answers.case_check, name="desk-case-check"),
    path("cases/<str:number>/handed/", case_answers.case_handed, name="desk-case-handed"),
    path("cases/<str:number>/explanation/", case_answers.case_explanation, name="desk-case-explanation"),
    path("cases/<str:number>/retest/", case_answers.case_retest, name="desk-case-retest"),
    path("cases/<str:number>/close/", case_answers.case_close, name="desk-case-close"),
    path("cases/<str:number>/merge/", case_answers.case_merge_into, name="desk-case-merge"),
    path("cases/<str:number>/file/<str:sha256>/", case.case_file, name="desk-case-file"),
    path("visits/", visits.visits, name="desk-visits"),
    path("visits/photo/<str:sha256>/", visits.visit_photo, name="desk-visit-photo"),
    path("visits/draws/", visits_draws.draws, name="desk-draws"),
    path("visits/draws/<int:draw_id>/", visits_draw.draw, name="desk-draw"),
    path("visits/draws/<int:draw_id>/again/", visits_draw.redraw, name="desk-draw-again"),
]
