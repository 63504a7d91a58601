"""Passwords: what waits for the security administrator, links that are out, who may not sign yet, names being guessed at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kaoping.accounts import browsers, queries
from kaoping.accounts import policy as accounts
from kaoping.registry.passwords import confirm_reset, drop_reset, release_rest, waits
from kaoping.registry.policy import can_release
from kaoping.support import clock
from kaoping.web.admin.handing import shown_once
from kaoping.web.ui.requests import SignedIn, there
from kaoping.web.ui.wording import cn_datetime

DOOR: Final = "口令办理由系统管理员、安全管理员和办公室负责人查看。"


@dataclass(frozen=True, slots=True)
class Row:
    """One matter: whose, what is said of it, and the one or two buttons (address, label)."""

    name: str
    words: str
    buttons: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Part:
    """Matters of one kind under their heading."""

    key: str
    title: str
    rows: Sequence[Row]
    empty: str


def _door(request: SignedIn) -> None:
    actor = request.actor
    if not (accounts.can_manage_people(actor) or can_release(actor)):
        raise PermissionDenied(DOOR)


@require_safe
def passwords(request: SignedIn) -> HttpResponse:
    """The page."""
    _door(request)
    actor, machine_now = request.actor, clock.machine_now()
    administrator = accounts.can_manage_people(actor) or accounts.can_confirm_reset(actor)
    open_links = list(queries.open_links(machine_now=machine_now)) if administrator else []
    waiting = [one for one in open_links if waits(one)]
    parts = []
    if administrator:
        parts = [
            Part(
                "waiting",
                "待安全管理员确认",
                [
                    _waiting(queries.link_state(one), confirm_reset.check(actor=actor, link=one))
                    for one in waiting
                ],
                "没有待确认的重置。",
            ),
            Part(
                "out",
                "已发出、还没有用的链接",
                [_out(queries.link_state(one)) for one in open_links if one not in waiting],
                "没有发出的链接。",
            ),
        ]
    resting = [
        _resting(queries.link_state(one), release_rest.check(actor=actor, person=one.person))
        for one in queries.resting_links(machine_now=machine_now)
    ]
    parts.append(Part("resting", "重设口令后 24 小时内，暂不能签发", resting, "没有人暂停签发。"))
    if administrator:
        parts.append(Part("attempts", "最近 15 分钟口令不对的尝试", _attempts(), "没有。"))
    title = f"口令：|{len(waiting)} 件待确认，{len(resting)} 人暂不能签发"
    return render(request, "admin/passwords.html", {"title": title, "parts": parts})


def _who(link: queries.LinkState) -> str:
    """Several people may bear one name; nobody shares a sign-in name."""
    return f"{link.name}（{link.username}）"


def _waiting(link: queries.LinkState, locked: str | None) -> Row:
    buttons = [(reverse("admin-reset-drop", args=[link.id]), "作废")]
    if locked is None:
        buttons.insert(0, (reverse("admin-reset-confirm", args=[link.id]), "核实本人，确认"))
    return Row(_who(link), f"{link.asked_by} 于 {cn_datetime(link.asked_at)} 提出。", buttons)


def _out(link: queries.LinkState) -> Row:
    by = f"{link.asked_by} 发出" + (f"、{link.confirmed_by} 确认" if link.confirmed_by else "")
    words = f"{by}，服务器时间 {cn_datetime(link.ends_at)} 失效。" if link.ends_at else f"{by}。"
    return Row(_who(link), words, [(reverse("admin-reset-drop", args=[link.id]), "作废")])


def _resting(link: queries.LinkState, locked: str | None) -> Row:
    words = f"{cn_datetime(link.used_at)} 用链接设定（{link.asked_by} 提出），服务器时间 {cn_datetime(link.rests_until)} 恢复。"
    url = reverse("admin-rest-release", args=[link.person_id])
    return Row(_who(link), words, [(url, "已当面核实，恢复签发")] if locked is None else [])


def _attempts() -> list[Row]:
    return [
        Row(one.username, f"{one.count} 次，来自 {'、'.join(one.addresses[:10])}。", [])
        for one in browsers.attempts(now=clock.machine_now())
    ]


@never_cache
@require_POST
def confirm(request: SignedIn, link_id: int) -> HttpResponse:
    """The security administrator confirms, and is shown the link once."""
    _door(request)
    made = confirm_reset(actor=request.actor, link=there(queries.password_link(link_id)), now=clock.now())
    if made.secret:
        return shown_once(request, made, "的重置已确认")
    messages.success(request, f"{made.person.name}手里的链接已确认，可以用了。")
    return redirect("admin-passwords")


@require_POST
def drop(request: SignedIn, link_id: int) -> HttpResponse:
    """Make a link void."""
    _door(request)
    drop_reset(actor=request.actor, link=there(queries.password_link(link_id)), now=clock.now())
    messages.success(request, "已作废。")
    return redirect("admin-passwords")


@require_POST
def release(request: SignedIn, person_id: int) -> HttpResponse:
    """A second named person has made sure who it is."""
    _door(request)
    found = there(queries.person(person_id))
    release_rest(actor=request.actor, person=found, now=clock.now())
    messages.success(request, f"{found.name} 恢复签发。")
    return redirect("admin-passwords")
