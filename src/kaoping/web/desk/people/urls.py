"""Addresses of this trade's screens: one line a screen."""

from __future__ import annotations

from django.urls import URLPattern, path

from kaoping.web.desk.people import (
    appeals,
    claims,
    places,
    reviews,
    self_reviews,
)

urlpatterns: list[URLPattern] = [
    path("visits/places/", places.places, name="desk-places"),
    path("visits/places/import/", places.import_file, name="desk-places-import"),
    path("visits/places/<str:code>/", places.of_unit, name="desk-places-unit"),
    path("self-reviews/", self_reviews.current, name="desk-self-reviews"),
    path("self-reviews/<whose:key>/", self_reviews.of_year, name="desk-self-reviews-year"),
    path("self-reviews/<whose:key>/claims/", claims.claims, name="desk-claims"),
    path("self-reviews/<whose:key>/claims/<int:answer_id>/", claims.claim, name="desk-claim"),
    path("self-reviews/<whose:key>/unit/<str:code>/", self_reviews.of_unit, name="desk-self-review"),
    path(
        "self-reviews/<whose:key>/unit/<str:code>/return/",
        self_reviews.send_back,
        name="desk-self-review-return",
    ),
    path(
        "self-reviews/<whose:key>/unit/<str:code>/missing/",
        self_reviews.missing,
        name="desk-self-review-missing",
    ),
    path("reviews/", reviews.current, name="desk-reviews"),
    path("reviews/<whose:key>/", reviews.of_year, name="desk-reviews-year"),
    path("reviews/<whose:key>/assign/", reviews.assign, name="desk-assign"),
    path("reviews/<whose:key>/assign/one/", reviews.assign_one, name="desk-assign-one"),
    path(
        "reviews/<whose:key>/assignment/<int:assignment_id>/back/",
        reviews.take_back,
        name="desk-assignment-back",
    ),
    path("reviews/<whose:key>/close/", reviews.close, name="desk-close-round"),
    path("appeals/", appeals.current, name="desk-appeals"),
    path("appeals/<whose:key>/", appeals.of_year, name="desk-appeals-year"),
    path("appeals/<whose:key>/<int:appeal_id>/", appeals.one, name="desk-appeal"),
]
