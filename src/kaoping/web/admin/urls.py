"""Addresses of the admin screens: one line a screen."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from kaoping.web.admin import appointments, audit, health, passwords, people

urlpatterns: list[URLPattern | URLResolver] = [
    path("people/", people.people_list, name="admin-people"),
    path("people/new/", people.new_person, name="admin-person-new"),
    path("people/<int:person_id>/", people.one_person, name="admin-person"),
    path("people/<int:person_id>/switch/", people.switch, name="admin-person-switch"),
    path("people/<int:person_id>/reset/", people.reset, name="admin-person-reset"),
    path("passwords/", passwords.passwords, name="admin-passwords"),
    path("passwords/<int:link_id>/confirm/", passwords.confirm, name="admin-reset-confirm"),
    path("passwords/<int:link_id>/drop/", passwords.drop, name="admin-reset-drop"),
    path("passwords/people/<int:person_id>/release/", passwords.release, name="admin-rest-release"),
    path("health/", health.health, name="admin-health"),
    path("health/jobs/<int:job_id>/retry/", health.retry, name="admin-job-retry"),
    path("appointments/", appointments.appointments, name="admin-appointments"),
    path("appointments/new/", appointments.new_appointment, name="admin-appointment-new"),
    path("appointments/<int:appointment_id>/relieve/", appointments.relieve_one, name="admin-relieve"),
    path("audit/", audit.audit, name="admin-audit"),
    path("audit/head.json", audit.heads, name="admin-audit-head"),
]
