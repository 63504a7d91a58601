"""The front page inside: each role goes to its own desk."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from kaoping.web.gate.navigation import entries_for
from kaoping.web.ui.requests import SignedIn


def home(request: SignedIn) -> HttpResponse:
    """Go to the first screen of the roles held today; without a role, say who gives one."""
    entries = entries_for(request.actor)
    if entries:
        return redirect(entries[0].url_name)
    return render(request, "gate/no_role.html", {"title": "您今天还没有岗位"})
