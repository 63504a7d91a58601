"""What is shown once to be printed and handed over: a one-time link, or a 核对码."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from kaoping.registry.passwords import Handed
from kaoping.web.ui.requests import SignedIn, taken


@dataclass(frozen=True, slots=True)
class Slip:
    """The paper: for whom, the address or the code, and what is done with it."""

    name: str
    username: str
    link: str
    code: str
    needs_code: bool


def shown_once(request: SignedIn, made: Handed, done: str) -> HttpResponse:
    """The page with the slip; it cannot be opened again."""
    slip = Slip(
        name=made.person.name,
        username=made.person.username,
        link=request.build_absolute_uri(reverse("gate-link", args=[made.secret])) if made.secret else "",
        code=made.code,
        needs_code=made.needs_code,
    )
    what = "一次性链接" if slip.link else "核对码"
    title = f"{slip.name}{done}，|{what}只显示这一次"
    return taken(render(request, "admin/handed.html", {"title": title, "slip": slip}))
