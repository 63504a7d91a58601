"""The one address of the look, to be included by both faces: ``path("", include("kaoping.web.ui.urls"))``."""

from __future__ import annotations

from django.urls import path

from kaoping.web.ui.look import set_look

urlpatterns = [path("look/", set_look, name="look")]
