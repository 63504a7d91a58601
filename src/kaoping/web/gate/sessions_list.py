"""Where one is signed in, and the end of each of these sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kaoping.accounts.queries import sessions_of
from kaoping.accounts.services import end_session
from kaoping.accounts.sessions import digest_of
from kaoping.support import clock
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_datetime

BROWSERS = (
    ("Edg", "Edge"),
    ("QIHU", "360 浏览器"),
    ("360SE", "360 浏览器"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("Trident", "IE"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("Mac OS", "macOS"),
    ("Kylin", "麒麟"),
    ("UOS", "统信 UOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One session: what is said of it, the handle by which it is ended, and whether it is this one."""

    digest: str
    since: str
    address: str
    browser: str
    here: bool


@dataclass(frozen=True, slots=True)
class Page:
    """All of one's own sessions."""

    title: str
    rows: Sequence[Row]
    idle_minutes: int
    hours: int


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: SignedIn) -> HttpResponse:
    """The list; a POST ends the one it names."""
    if request.method == "POST":
        digest = request.POST.get("session", "")
        end_session(actor=request.actor, digest=digest, now=clock.now())
        if digest == digest_of(request.session.session_key or ""):
            request.session.flush()
            return redirect("gate-sign-in")
        messages.success(request, "这一处登录已退出。")
        return redirect("gate-sessions")
    here = digest_of(request.session.session_key or "")
    rows = [
        Row(
            one.session_key,
            _since(one.since),
            one.address or "没有记下",
            browser_words(one.browser),
            one.session_key == here,
        )
        for one in sessions_of(request.actor.id, machine_now=clock.machine_now())
    ]
    page = Page(
        f"您现在有 {len(rows)} 处登录",
        rows,
        settings.SESSION_COOKIE_AGE // 60,
        settings.KAOPING_SESSION_HOURS,
    )
    return render(request, "gate/sessions.html", {"title": page.title, "page": page})


def browser_words(agent: str) -> str:
    """Browser and system as people call them; what is not known is said so."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "其他浏览器")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return f"{browser}，{system}" if system else browser


def _since(at: datetime | None) -> str:
    return cn_datetime(at) if at else "没有记下"
