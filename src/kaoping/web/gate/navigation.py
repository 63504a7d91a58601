"""The main navigation: which screens a role is led to. What a person may do is decided by policies, not here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from kaoping.accounts.actor import Actor
from kaoping.web.ui.parts.navigation import Navigation, NavLink

OFFICE: Final = ("office_handler", "office_head")
SIGNERS: Final = ("second_signer", "leading_group")
BRANCH: Final = ("district_office", "competent_department")
# Who sees more screens than these is led by trade; a handful stands in one row.
ONE_ROW: Final = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """One screen: its word, name of its address, roles that see it, and addresses elsewhere that belong to it."""

    label: str
    url_name: str
    roles: tuple[str, ...]
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trade:
    """Screens that serve one piece of work."""

    label: str
    entries: tuple[Entry, ...]


# In the order of the year.
TRADES: Final = (
    Trade(
        "年度",
        (
            Entry(
                "年度看板", "desk-board", (*OFFICE, *SIGNERS, *BRANCH, "appeal_decider"), ("/desk/clock/",)
            ),
            Entry("年度方案", "desk-plan", (*OFFICE, *SIGNERS), ("/desk/approval/",)),
            Entry("工作日历", "desk-calendar", (*OFFICE, *SIGNERS)),
        ),
    ),
    Trade(
        "平时考核",
        (
            Entry("监测台", "desk-monitoring", (*OFFICE, *SIGNERS, *BRANCH)),
            Entry("实地查看", "desk-visits", (*OFFICE, *SIGNERS, *BRANCH)),
            Entry("整改台", "desk-cases", (*OFFICE, *SIGNERS, *BRANCH)),
        ),
    ),
    Trade("社会评议", (Entry("社会评议", "desk-evaluation", (*OFFICE, *SIGNERS, "ballot_opener")),)),
    Trade(
        "自查评审",
        (
            Entry("自查", "desk-self-reviews", (*OFFICE, *BRANCH)),
            Entry("专家评审", "desk-reviews", OFFICE),
            Entry("复核", "desk-appeals", (*OFFICE, *SIGNERS)),
        ),
    ),
    Trade(
        "评分发布",
        (
            Entry("评分", "desk-scoring-room", (*OFFICE, *SIGNERS, "appeal_decider")),
            Entry("单项否决、重大减分", "desk-severe", (*OFFICE, "second_signer")),
            Entry("发布", "desk-publication", (*OFFICE, *SIGNERS)),
            Entry("年报文本", "desk-report", (*OFFICE, *BRANCH)),
        ),
    ),
    Trade(
        "台账名录",
        (
            Entry("台账", "desk-ledger", (*OFFICE, *SIGNERS), ("/desk/artefact/",)),
            Entry("材料处置", "desk-materials", (*OFFICE, *SIGNERS)),
            Entry("单位名录", "desk-register", (*OFFICE, *SIGNERS, *BRANCH)),
            Entry("指标体系", "desk-rulebooks", (*OFFICE, *SIGNERS, *BRANCH)),
        ),
    ),
)
# Screens of people who have few of them.
OTHERS: Final = (
    Entry("我的单位", "unit-home", ("liaison",)),
    Entry("部门自查", "unit-self-review", ("liaison",)),
    Entry("整改", "unit-cases", ("liaison",)),
    Entry("结果预览", "unit-preview", ("liaison",)),
    Entry("本单位评议", "unit-evaluation", ("liaison",)),
    Entry("我的评审", "review-queue", ("reviewer",)),
    Entry("我的复核", "review-appeals", ("appeal_decider",)),
    Entry("今天", "field-today", ("inspector",)),
    Entry("人员", "admin-people", ("system_admin",)),
    Entry("运行", "admin-health", ("system_admin",)),
    Entry("岗位", "admin-appointments", ("security_admin",)),
    Entry("口令", "admin-passwords", ("system_admin", "security_admin", "office_head")),
    Entry("审计日志", "admin-audit", ("auditor",)),
)
ENTRIES: Final = (*(entry for trade in TRADES for entry in trade.entries), *OTHERS)


def entries_for(actor: Actor) -> list[Entry]:
    """The screens that an actor is led to, in the order of the year."""
    return [entry for entry in ENTRIES if actor.has_any(*entry.roles)]


def navigation_for(actor: Actor, path: str) -> Navigation:
    """The navigation of an actor: one row, or the trades with the screens of the current one below."""
    seen = entries_for(actor)
    current = _current(seen, path)
    if len(seen) <= ONE_ROW:
        return Navigation(tuple(_link(entry, current) for entry in seen))
    trades = [
        (trade.label, entries)
        for trade in TRADES
        if (entries := [entry for entry in trade.entries if entry in seen])
    ]
    here = next(((label, entries) for label, entries in trades if current in entries), ("", []))
    below = tuple(_link(entry, current) for entry in here[1]) if len(here[1]) > 1 else ()
    return Navigation(
        (
            *(_to_first(label, entries, current) for label, entries in trades),
            *(_link(entry, current) for entry in OTHERS if entry in seen),
        ),
        below,
        here[0],
    )


def _to_first(label: str, entries: Sequence[Entry], current: Entry | None) -> NavLink:
    """A trade leads to its first screen; one with a single screen bears that one's word."""
    word = entries[0].label if len(entries) == 1 else label
    return NavLink(word, reverse(entries[0].url_name), current in entries)


def _link(entry: Entry, current: Entry | None) -> NavLink:
    return NavLink(entry.label, reverse(entry.url_name), entry is current)


def _current(seen: Sequence[Entry], path: str) -> Entry | None:
    """The screen under which ``path`` stands: the one whose address begins it longest."""
    begins = [
        (len(address), entry)
        for entry in seen
        for address in (reverse(entry.url_name), *entry.also)
        if path.startswith(address)
    ]
    return max(begins, key=lambda one: one[0], default=(0, None))[1]
