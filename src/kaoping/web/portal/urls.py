"""Addresses of the portal: one line a screen."""

from __future__ import annotations

from django.urls import include, path

from kaoping.web.portal import about, city, data, draws, evaluate, health, log, paper, receipt, unit

urlpatterns = [
    path("", city.latest, name="portal-city"),
    path("health/", health.health, name="portal-health"),
    path("evaluate/", evaluate.choose, name="portal-choose"),
    path("evaluate/<str:code>/", evaluate.evaluate, name="portal-evaluate"),
    path("receipt/", receipt.receipt, name="portal-receipt"),
    path("data/", data.latest, name="portal-data"),
    path("releases.json", data.catalogue_json, name="portal-catalogue"),
    path("draws/", draws.draws, name="portal-draws"),
    path("draws/<int:number>.json", draws.draw_json, name="portal-draw"),
    path("paper.css", paper.foot, name="portal-paper"),
    path("log/", log.log, name="portal-log"),
    path("log/heads.json", log.heads_json, name="portal-log-heads"),
    path("log/feed.xml", log.feed, name="portal-log-feed"),
    path("about/privacy/", about.privacy, name="portal-privacy"),
    path("about/accessibility/", about.accessibility, name="portal-accessibility"),
    path("<whose:key>/", city.of_year, name="portal-year"),
    path("<whose:key>/results.csv", data.results_csv, name="portal-csv"),
    path("<whose:key>/evaluation.csv", data.evaluation_csv, name="portal-evaluation-csv"),
    path("<whose:key>/bundle.zip", data.bundle, name="portal-bundle"),
    path("<whose:key>/data/", data.of_year, name="portal-data-year"),
    path("<whose:key>-<int:number>/", city.of_release, name="portal-release"),
    path("<whose:key>-<int:number>/results.csv", data.release_csv, name="portal-release-csv"),
    path(
        "<whose:key>-<int:number>/evaluation.csv",
        data.release_evaluation_csv,
        name="portal-release-evaluation-csv",
    ),
    path("<whose:key>-<int:number>/bundle.zip", data.release_bundle, name="portal-release-bundle"),
    path("<whose:key>-<int:number>/data/", data.of_release, name="portal-release-data"),
    path("<whose:key>-<int:number>/<str:code>/", unit.of_release, name="portal-release-unit"),
    path("<whose:key>/<str:code>/", unit.of_year, name="portal-unit"),
    path("", include("kaoping.web.ui.urls")),
]
