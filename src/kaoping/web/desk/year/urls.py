"""Addresses of this trade's screens: one line a screen."""

from __future__ import annotations

from django.urls import URLPattern, path

from kaoping.web.desk.year import (
    approval,
    board,
    calendar,
    clock_check,
    plan,
    plan_stage,
    plan_void,
    stage_return,
)

urlpatterns: list[URLPattern] = [
    path("clock/", clock_check.check, name="desk-clock"),
    path("board/", board.current, name="desk-board"),
    path("board/<int:year>/", board.of_year, name="desk-board-year"),
    path("board/<int:year>/advance/", board.advance, name="desk-advance"),
    path("board/<int:year>/back/", stage_return.of_year, name="desk-stage-back"),
    path("calendar/", calendar.years, name="desk-calendar"),
    path("calendar/<int:year>/", calendar.of_year, name="desk-calendar-year"),
    path("calendar/<int:year>/enter/", calendar.enter, name="desk-calendar-enter"),
    path("calendar/<int:year>/withdraw/<int:entry_id>/", calendar.withdraw, name="desk-calendar-withdraw"),
    path("plan/", plan.current, name="desk-plan"),
    path("plan/new/", plan.new, name="desk-plan-new"),
    path("plan/voided/", plan_void.voided, name="desk-plan-voided"),
    path("plan/<int:year>/void/", plan_void.void, name="desk-plan-void"),
    path("plan/<int:year>/", plan.of_year, name="desk-plan-year"),
    path("plan/<int:year>/priorities/", plan.priorities, name="desk-plan-priorities"),
    path("plan/<int:year>/rulebook/", plan.rulebook, name="desk-plan-rulebook"),
    path("plan/<int:year>/units/", plan.units, name="desk-plan-units"),
    path("plan/<int:year>/units/<str:code>/", plan.unit, name="desk-plan-unit"),
    path("plan/<int:year>/stage/<str:stage>/", plan_stage.move, name="desk-plan-stage"),
    path("plan/<int:year>/timetable/", plan.timetable, name="desk-plan-timetable"),
    path("approval/<int:year>/<str:subject>/", approval.of_subject, name="desk-approval"),
    path("approval/<int:year>/<str:subject>/sign/", approval.sign, name="desk-approval-sign"),
    path("approval/<int:year>/<str:subject>/return/", approval.send_back, name="desk-approval-return"),
    path("approval/<int:year>/<str:subject>/scan/", approval.scan, name="desk-approval-scan"),
    path("approval/<int:year>/<str:subject>/docx/", approval.docx, name="desk-approval-docx"),
    path("approval/<int:year>/<str:subject>/print/", approval.print_page, name="desk-approval-print"),
]
