"""The main navigation: which screens a role is led to. What a person may do is decided by policies, not here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse

from kaoping.accounts.actor import Actor

OFFICE: Final = ("office_handler", "office_head")
SIGNERS: Final = ("second_signer", "leading_group")
BRANCH: Final = ("district_office", "competent_department")


@dataclass(frozen=True, slots=True)
class Entry:
    """One word of the navigation: label, name of its address, roles that see it, and a count when it is cheap."""

    label: str
    url_name: str
    roles: tuple[str, ...]
    count: Callable[[], int] | None = None
    tone: str = ""


ENTRIES: Final = (
    Entry("年度看板", "desk-board", (*OFFICE, *SIGNERS, *BRANCH, "appeal_decider")),
    Entry("年度方案", "desk-plan", (*OFFICE, *SIGNERS)),
    Entry("指标体系", "desk-rulebooks", (*OFFICE, *SIGNERS, *BRANCH)),
    Entry("单位名录", "desk-register", (*OFFICE, *SIGNERS, *BRANCH)),
    Entry("工作日历", "desk-calendar", (*OFFICE, *SIGNERS)),
    Entry("社会评议", "desk-evaluation", (*OFFICE, *SIGNERS, "ballot_opener")),
    Entry("监测台", "desk-monitoring", (*OFFICE, *SIGNERS, *BRANCH)),
    Entry("实地查看", "desk-visits", (*OFFICE, *SIGNERS, *BRANCH)),
    Entry("整改台", "desk-cases", (*OFFICE, *SIGNERS, *BRANCH)),
    Entry("自查", "desk-self-reviews", (*OFFICE, *BRANCH)),
    Entry("评分", "desk-scoring-room", (*OFFICE, *SIGNERS, "appeal_decider")),
    Entry("复核", "desk-appeals", (*OFFICE, *SIGNERS)),
    Entry("发布", "desk-publication", (*OFFICE, *SIGNERS)),
    Entry("年报文本", "desk-report", BRANCH),
    Entry("台账", "desk-ledger", (*OFFICE, *SIGNERS)),
    Entry("材料处置", "desk-materials", (*OFFICE, *SIGNERS)),
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


def entries_for(actor: Actor, path: str) -> list[dict[str, Any]]:
    """The navigation of an actor; the entry whose address begins ``path`` longest is the current one."""
    found = [(entry, reverse(entry.url_name)) for entry in ENTRIES if actor.has_any(*entry.roles)]
    current = max((url for _entry, url in found if path.startswith(url)), key=len, default=None)
    return [
        {
            "label": entry.label,
            "url": url,
            "current": url == current,
            "count": entry.count() if entry.count else 0,
            "tone": entry.tone,
        }
        for entry, url in found
    ]
