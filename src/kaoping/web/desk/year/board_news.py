"""What the year board tells of since yesterday: acts, new lines of the ledger, totals that moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.urls import reverse

from kaoping.accounts.actor import Actor
from kaoping.accounts.policy import can_read_audit
from kaoping.accounts.queries import Act
from kaoping.accounts.verbs import declared
from kaoping.beijing import BEIJING, day_of
from kaoping.campaigns.queries.sheet import Row, Sheet
from kaoping.evidence.policy import can_see_ledger
from kaoping.reporting import news as facts
from kaoping.scoring.organised import OrganisedYear
from kaoping.web.ui.observed import SOURCES
from kaoping.web.ui.wording import points

SHOWN: Final = 8
# A room of the desk: its address, whether the year belongs to it, and its name.
PLAN: Final = ("desk-plan-year", True, "年度方案")
BOARD: Final = ("desk-advance", True, "阶段")
EVALUATION: Final = ("desk-evaluation-year", True, "社会评议")
SELF_REVIEWS: Final = ("desk-self-reviews-year", True, "自查")
CLAIMS: Final = ("desk-claims", True, "不涉及")
REVIEWS: Final = ("desk-reviews-year", True, "评审")
SCORING: Final = ("desk-scoring-room-year", True, "评分室")
APPEALS: Final = ("desk-appeals-year", True, "复核")
PUBLICATION: Final = ("desk-publication-year", True, "发布")
SEVERE: Final = ("desk-severe-year", True, "单项否决、重大减分")
LEDGER: Final = ("desk-ledger", False, "台账")
MATERIALS: Final = ("desk-materials", False, "材料处置")
REGISTER: Final = ("desk-register", False, "单位名录")
RULEBOOKS: Final = ("desk-rulebooks", False, "指标体系")
MONITORING: Final = ("desk-monitoring", False, "监测台")
FINDINGS: Final = ("desk-monitoring-findings", False, "待确认")
VISITS: Final = ("desk-visits", False, "实地查看")
PLACES: Final = ("desk-places", False, "地点名单")
DRAWS: Final = ("desk-draws", False, "随机抽取")
CASES: Final = ("desk-cases", False, "整改台")
CALENDAR: Final = ("desk-calendar", False, "工作日历")
Room = tuple[str, bool, str]
Told = tuple[str, Room]
# What a declaration calls the rooms.
ROOMS: Final[Mapping[str, Room]] = {
    "cases": CASES,
    "draws": DRAWS,
    "evaluation": EVALUATION,
    "findings": FINDINGS,
    "monitoring": MONITORING,
    "publication": PUBLICATION,
    "visits": VISITS,
    "places": PLACES,
    "calendar": CALENDAR,
    "ledger": LEDGER,
    "materials": MATERIALS,
    "register": REGISTER,
    "rulebooks": RULEBOOKS,
    "plan": PLAN,
    "board": BOARD,
    "self_reviews": SELF_REVIEWS,
    "claims": CLAIMS,
    "reviews": REVIEWS,
    "scoring": SCORING,
    "appeals": APPEALS,
    "severe": SEVERE,
}
# What is news, the words for many of one kind, and where it is seen. Sign-ins, drafts and people are not the year's news.
NEWS: Final[Mapping[str, Told]] = {
    "open_case": ("立整改单 {n} 张", CASES),
}


def may_see(actor: Actor, key: OrganisedYear) -> bool:
    """Those who read the ledger or the log: what happened names units, persons and points."""
    return can_see_ledger(actor, key) or can_read_audit(actor)


def card(
    actor: Actor,
    key: OrganisedYear,
    *,
    now: datetime,
    sheet: Sheet | None,
    rows: Sequence[Row],
    before: Sequence[Row],
) -> dict[str, Any]:
    """The card: newest first, at most ``SHOWN`` acts, then what entered the ledger and which totals moved."""
    news = _news()
    found = facts.since_yesterday(
        organiser=key.organiser, now=now, verbs=sorted({verb for verb, _kind in news})
    )
    entries = [_entry(one, _told(one, news), key, now) for one in found.acts]
    tail = []
    if sheet is not None and before and sheet.computed_at >= found.since and (n := facts.moved(rows, before)):
        words = f"{n} 个单位的总分和上一份计分表不同。"
        tail.append({"when": _when(sheet.computed_at, now), "text": words} | _way(SCORING, key))
    if found.lines and can_see_ledger(actor, key):
        told = "、".join(f"{SOURCES.get(source, source)} {points(n)} 条" for source, n in found.lines.items())
        words = f"台账新增 {points(sum(found.lines.values()))} 条：{told}。"
        tail.append({"when": "合计", "text": words} | _way(LEDGER, key))
    return {
        "since": found.since,
        "entries": entries[:SHOWN] + tail,
        "more": max(len(entries) - SHOWN, 0),
        "log": reverse("admin-audit") if can_read_audit(actor) else "",
    }


def _news() -> Mapping[tuple[str, str], Told]:
    """Verb and kind of thing to words and room: as declared beside the verb, else as listed here for every kind."""
    listed = {(verb, ""): told for verb, told in NEWS.items()}
    return listed | {(one.id, one.kind): (one.news, ROOMS[one.room]) for one in declared() if one.news}


def _told(one: Act, news: Mapping[tuple[str, str], Told]) -> Told:
    """Its own words and room, or its namesake's where the line names another kind of thing than is declared."""
    own = news.get((one.verb, one.thing_kind))
    return own or next(told for (verb, _kind), told in news.items() if verb == one.verb)


def _entry(one: Act, news: Told, key: OrganisedYear, now: datetime) -> dict[str, Any]:
    words, room = news
    text = one.sentence if one.count == 1 else f"{words.format(n=points(one.count))}。"
    way = _way(room, key)
    if (
        one.thing_kind == "case"
        and one.count == 1
        and one.thing_id.startswith("ZG-")
        and "、" not in one.thing_id
    ):
        way = {"url": reverse("desk-case", args=[one.thing_id]), "room": "整改单"}
    return {"when": _when(one.at, now), "text": text} | way


def _way(room: Room, key: OrganisedYear) -> dict[str, str]:
    name, of_year, label = room
    return {"url": reverse(name, args=[key] if of_year else []), "room": label}


def _when(instant: datetime, now: datetime) -> str:
    """Today a time, before that 昨."""
    time = f"{instant.astimezone(BEIJING):%H:%M}"
    return time if day_of(instant) >= day_of(now) else f"昨 {time}"
