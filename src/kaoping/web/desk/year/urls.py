"""Addresses of this trade's screens: one line a screen."""

from __future__ import annotations

from django.urls import URLPattern, path

from kaoping.web.desk.year import (
    approval,
    approval_acts,
    approval_paper,
    board,
    board_advance,
    calendar,
    calendar_enter,
    calendar_withdraw,
    clock_check,
    plan,
    plan_edit,
    plan_new,
    plan_stage,
    plan_units,
    plan_void,
    stage_return,
)

urlpatterns: list[URLPattern] = [
    path("clock/", clock_check.check, name="desk-clock"),
    path("board/", board.current, name="desk-board"),
    path("board/<whose:key>/", board.of_year, name="desk-board-year"),
    path("board/<whose:key>/advance/", board_advance.advance, name="desk-advance"),
    path("board/<whose:key>/back/", stage_return.of_year, name="desk-stage-back"),
    path("calendar/", calendar.years, name="desk-calendar"),
    path("calendar/<int:year>/", calendar.of_year, name="desk-calendar-year"),
    path("calendar/<int:year>/enter/", calendar_enter.enter, name="desk-calendar-enter"),
    path(
        "calendar/<int:year>/withdraw/<int:entry_id>/",
        calendar_withdraw.withdraw,
        name="desk-calendar-withdraw",
    ),
    path("plan/", plan.current, name="desk-plan"),
    path("plan/new/", plan_new.new, name="desk-plan-new"),
    path("plan/voided/", plan_void.voided, name="desk-plan-voided"),
    path("plan/<whose:key>/void/", plan_void.void, name="desk-plan-void"),
    path("plan/<whose:key>/", plan.of_year, name="desk-plan-year"),
    path("plan/<whose:key>/priorities/", plan_edit.priorities, name="desk-plan-priorities"),
    path("plan/<whose:key>/rulebook/", plan_edit.rulebook, name="desk-plan-rulebook"),
    path("plan/<whose:key>/units/", plan_units.units, name="desk-plan-units"),
    path("plan/<whose:key>/units/<str:code>/", plan_units.unit, name="desk-plan-unit"),
    path("plan/<whose:key>/stage/<str:stage>/", plan_stage.move, name="desk-plan-stage"),
    path("plan/<whose:key>/timetable/", plan_edit.timetable, name="desk-plan-timetable"),
    path("approval/<whose:key>/<str:subject>/", approval.of_subject, name="desk-approval"),
    path("approval/<whose:key>/<str:subject>/sign/", approval_acts.sign, name="desk-approval-sign"),
    path("approval/<whose:key>/<str:subject>/return/", approval_acts.send_back, name="desk-approval-return"),
    path("approval/<whose:key>/<str:subject>/scan/", approval_acts.scan, name="desk-approval-scan"),
    path("approval/<whose:key>/<str:subject>/docx/", approval_paper.docx, name="desk-approval-docx"),
    path("approval/<whose:key>/<str:subject>/print/", approval_paper.print_page, name="desk-approval-print"),
]
