"""Addresses of the unit screens: one line a screen."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from kaoping.web.unit import (
    accountability,
    case,
    case_answers,
    cases,
    evaluation,
    files,
    home,
    preview,
    preview_item,
    report,
    self_review,
    self_review_item,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="unit-home"),
    path("self-review/", self_review.current, name="unit-self-review"),
    path("preview/", preview.current, name="unit-preview"),
    path("evaluation/", evaluation.current, name="unit-evaluation"),
    path("<whose:key>/<str:unit>/", home.of_year, name="unit-home-year"),
    path("self-review/<whose:key>/<str:unit>/", self_review.overview, name="unit-self-review-year"),
    path("self-review/<whose:key>/<str:unit>/submit/", self_review.submit, name="unit-self-review-submit"),
    path(
        "self-review/<whose:key>/<str:unit>/item/<str:code>/",
        self_review_item.item,
        name="unit-self-review-item",
    ),
    path(
        "self-review/<whose:key>/<str:unit>/item/<str:code>/save/",
        self_review_item.autosave,
        name="unit-self-review-autosave",
    ),
    path(
        "self-review/<whose:key>/<str:unit>/item/<str:code>/remove/<int:artefact_id>/",
        self_review_item.remove,
        name="unit-self-review-remove",
    ),
    path(
        "self-review/<whose:key>/<str:unit>/item/<str:code>/retry/<int:artefact_id>/",
        self_review_item.retry,
        name="unit-self-review-retry",
    ),
    path("preview/<whose:key>/<str:unit>/", preview.preview, name="unit-preview-year"),
    path(
        "preview/<whose:key>/<str:unit>/appeal/<int:appeal_id>/retry/",
        preview_item.retry,
        name="unit-appeal-retry",
    ),
    path(
        "preview/<whose:key>/<str:unit>/appeal/<int:appeal_id>/withdraw/",
        preview_item.withdraw,
        name="unit-appeal-withdraw",
    ),
    path("preview/<whose:key>/<str:unit>/<str:code>/", preview_item.item, name="unit-preview-item"),
    path("evaluation/<whose:key>/<str:unit>/", evaluation.of_year, name="unit-evaluation-year"),
    path("report/", report.current, name="unit-report"),
    path("report/<whose:key>/<str:unit>/", report.of_year, name="unit-report-year"),
    path("report/<whose:key>/<str:unit>/docx/", report.docx, name="unit-report-docx"),
    path(
        "report/<whose:key>/<str:unit>/accountability/",
        accountability.accountability,
        name="unit-accountability",
    ),
    path("files/<whose:key>/<str:unit>/<str:sha256>/", files.file, name="unit-file"),
    path("cases/", cases.cases, name="unit-cases"),
    path("cases/<str:number>/", case.case, name="unit-case"),
    path("cases/<str:number>/answer/", case_answers.case_answer, name="unit-case-answer"),
    path("cases/<str:number>/retry/<int:entry_id>/", case_answers.case_retry, name="unit-case-retry"),
    path("cases/<str:number>/sign/", case_answers.case_sign, name="unit-case-sign"),
    path("cases/<str:number>/explain/", case_answers.case_explain, name="unit-case-explain"),
    path("cases/<str:number>/ask/", case_answers.case_ask, name="unit-case-ask"),
    path("cases/<str:number>/retest/", case_answers.case_retest, name="unit-case-retest"),
    path("cases/<str:number>/file/<str:sha256>/", case.case_file, name="unit-case-file"),
]
