"""The act behind a line of the ledger, as people call it, with the way to its page where it has one."""

from __future__ import annotations

from django.urls import reverse

from kaoping.campaigns.queries import appeal as appeal_reads
from kaoping.evidence import queries as ledger
from kaoping.web.ui.parts.lists import Pair


def act_fact(ref: str) -> Pair:
    """The fact that names the act. ``ref`` is how the ledger names the act: its sort, then what tells it from others."""
    sort, _, rest = ref.partition(":")
    text, url = _act(sort, rest)
    return Pair("经办理", text, url)


def _act(sort: str, rest: str) -> tuple[str, str]:
    if sort == "batch":
        # The first release named a batch of one by its line; that has no page.
        known = ledger.batch_rows(rest).exists()
        return "整批导入的撤回", reverse("desk-ledger-batch", args=[rest]) if known else ""
    if sort == "correction":
        year, number = _numbered(rest)
        return f"{year} 年第 {number} 次更正", reverse("desk-correction", args=[int(year)]) if year else ""
    if sort == "appeal":
        found = appeal_reads.by_number(rest)
        url = reverse("desk-appeal", args=[found.campaign.year, found.pk]) if found else ""
        return f"复核申请 {rest}", url
    return _ruling(rest) if sort == "ruling" else ("市政务公开办办理", "")


def _ruling(rest: str) -> tuple[str, str]:
    sort, _, named = rest.partition("-")
    if sort in ("points", "severe"):
        year, number = _numbered(named)
        what = "审定改分" if sort == "points" else "单项否决、重大减分"
        page = "desk-rulings" if sort == "points" else "desk-severe-year"
        return f"{year} 年第 {number} 件{what}", reverse(page, args=[int(year)]) if year else ""
    if sort == "merge":
        number = named.rpartition("-")[0]
        return f"整改单 {number} 的合并办理", reverse("desk-case", args=[number]) if number else ""
    if sort == "finding":
        return "监测发现的人工认定", ""
    return "两人审定撤回记录", ""


def _numbered(rest: str) -> tuple[str, str]:
    """Year and number of ``2025-3``; a year that is none is empty."""
    year, _, number = rest.partition("-")
    return (year, number) if year.isascii() and year.isdigit() else ("", rest)
