"""Addresses of the review screens: one line a screen."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from kaoping.web.review import appeals, item, queue

urlpatterns: list[URLPattern | URLResolver] = [
    path("", queue.queue, name="review-queue"),
    path("<int:assignment_id>/", queue.assignment, name="review-assignment"),
    path("<int:assignment_id>/recuse/", queue.recuse, name="review-recuse"),
    path("<int:assignment_id>/finish/", queue.finish, name="review-finish"),
    path("<int:assignment_id>/item/<str:code>/", item.item, name="review-item"),
    path("<int:assignment_id>/files/<str:sha256>/", item.file, name="review-file"),
    path("<int:assignment_id>/captures/<int:artefact_id>/", item.capture, name="review-capture"),
    path("appeals/", appeals.appeals, name="review-appeals"),
    path("appeals/<int:appeal_id>/", appeals.appeal, name="review-appeal"),
    path("appeals/<int:appeal_id>/files/<str:sha256>/", appeals.file, name="review-appeal-file"),
]
