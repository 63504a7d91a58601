"""The act behind a line of the ledger, as people call it, with the way to its page where it has one."""

from __future__ import annotations

from django.urls import reverse

from kaoping.campaigns.queries import appeal as appeal_reads
from kaoping.evidence import queries as ledger
from kaoping.registry.queries.organisers import named
from kaoping.scoring.organised import OrganisedYear
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
        key, number = _numbered(rest)
        return (
            (f"{key.year} 年第 {number} 次更正", reverse("desk-correction", args=[key]))
            if key
            else (rest, "")
        )
    if sort == "appeal":
        found = appeal_reads.by_number(rest)
        url = reverse("desk-appeal", args=[found.campaign.key, found.pk]) if found else ""
        return f"复核申请 {rest}", url
    return _ruling(rest) if sort == "ruling" else ("政务公开办办理", "")


def _ruling(rest: str) -> tuple[str, str]:
    sort, _, which = rest.partition("-")
    if sort in ("points", "severe"):
        key, number = _numbered(which)
        what = "审定改分" if sort == "points" else "单项否决、重大减分"
        page = "desk-rulings" if sort == "points" else "desk-severe-year"
        return (f"{key.year} 年第 {number} 件{what}", reverse(page, args=[key])) if key else (rest, "")
    if sort == "merge":
        number = which.rpartition("-")[0]
        return f"整改单 {number} 的合并办理", reverse("desk-case", args=[number]) if number else ""
    if sort == "finding":
        return "监测发现的人工认定", ""
    return "两人审定撤回记录", ""


def _numbered(rest: str) -> tuple[OrganisedYear | None, str]:
    """Whose year and which number of ``CZ0-2025-3``."""
    whose, _, number = rest.rpartition("-")
    return named(whose), number
