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
from kaoping.calendars import SHANGHAI, day_of
from kaoping.campaigns.queries.sheet import Row
from kaoping.evidence.policy import can_see_ledger
from kaoping.reporting import news as facts
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
DRAWS: Final = ("desk-draws", False, "随机抽取")
CASES: Final = ("desk-cases", False, "整改台")
CALENDAR: Final = ("desk-calendar", False, "工作日历")
# What a declaration calls the rooms.
ROOMS: Final[Mapping[str, tuple[str, bool, str]]] = {
    "calendar": CALENDAR,
    "cases": CASES,
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
    "publication": PUBLICATION,
    "severe": SEVERE,
}
# What is news, the words for many of one kind, and where it is seen. Sign-ins, drafts and people are not the year's news.
NEWS: Final[Mapping[str, tuple[str, tuple[str, bool, str]]]] = {
    "prepare_poll": ("布置社会评议 {n} 次", EVALUATION),
    "change_poll": ("改评议的标题和时间 {n} 次", EVALUATION),
    "cancel_poll": ("取消社会评议 {n} 次", EVALUATION),
    "seal_poll": ("封存问卷 {n} 次", EVALUATION),
    "open_poll": ("开箱 {n} 次", EVALUATION),
    "answer_opinion": ("答复意见建议 {n} 条", EVALUATION),
    "record_opinion_ratios": ("登记意见整改情况 {n} 次", EVALUATION),
    "freeze": ("冻结结果 {n} 次", PUBLICATION),
    "publish": ("公开结果 {n} 次", PUBLICATION),
    "start_run": ("发起网站监测 {n} 次", MONITORING),
    "perform_run": ("网站监测做完 {n} 次", MONITORING),
    "confirm_findings": ("确认监测发现 {n} 批", FINDINGS),
    "clear_finding": ("{n} 条监测发现判为误报", FINDINGS),
    "retest": ("复测 {n} 次", MONITORING),
    "record_visit": ("登记实地查看 {n} 处", VISITS),
    "name_place": ("登记地点的另一种写法 {n} 次", VISITS),
    "commit_draw": ("布置随机抽取 {n} 次", DRAWS),
    "run_draw": ("已抽取 {n} 次", DRAWS),
    "open_case": ("立整改单 {n} 张", CASES),
}


def may_see(actor: Actor) -> bool:
    """Those who read the ledger or the log: what happened names units, persons and points."""
    return can_see_ledger(actor) or can_read_audit(actor)


def card(
    actor: Actor, year: int, *, now: datetime, sheet: Any, rows: Sequence[Row], before: Sequence[Row]
) -> dict[str, Any]:
    """The card: newest first, at most ``SHOWN`` acts, then what entered the ledger and which totals moved."""
    news = _news()
    found = facts.since_yesterday(now=now, verbs=list(news))
    entries = [_entry(one, news[one.verb], year, now) for one in found.acts]
    tail = []
    if sheet is not None and before and sheet.computed_at >= found.since and (n := facts.moved(rows, before)):
        words = f"{n} 个单位的总分和上一份计分表不同。"
        tail.append({"when": _when(sheet.computed_at, now), "text": words} | _way(SCORING, year))
    if found.lines and can_see_ledger(actor):
        told = "、".join(f"{SOURCES.get(source, source)} {points(n)} 条" for source, n in found.lines.items())
        words = f"台账新增 {points(sum(found.lines.values()))} 条：{told}。"
        tail.append({"when": "合计", "text": words} | _way(LEDGER, year))
    return {
        "since": found.since,
        "entries": entries[:SHOWN] + tail,
        "more": max(len(entries) - SHOWN, 0),
        "log": reverse("admin-audit") if can_read_audit(actor) else "",
    }


def _news() -> Mapping[str, tuple[str, tuple[str, bool, str]]]:
    """Verb to its words and its room: as declared beside the verb, else as listed here."""
    return {**NEWS, **{one.id: (one.news, ROOMS[one.room]) for one in declared() if one.news}}


def _rooms_of_things() -> Mapping[tuple[str, str], tuple[str, bool, str]]:
    """Verb and kind of thing to the room: one verb may stand for things of several rooms."""
    return {(one.id, one.kind): ROOMS[one.room] for one in declared() if one.news}


def _entry(one: Act, news: tuple[str, tuple[str, bool, str]], year: int, now: datetime) -> dict[str, Any]:
    words, room = news
    room = _rooms_of_things().get((one.verb, one.thing_kind), room)
    text = one.sentence if one.count == 1 else f"{words.format(n=points(one.count))}。"
    if one.thing_kind == "release":
        room = PUBLICATION
    way = _way(room, year)
    if (
        one.thing_kind == "case"
        and one.count == 1
        and one.thing_id.startswith("ZG-")
        and "、" not in one.thing_id
    ):
        way = {"url": reverse("desk-case", args=[one.thing_id]), "room": "整改单"}
    return {"when": _when(one.at, now), "text": text} | way


def _way(room: tuple[str, bool, str], year: int) -> dict[str, str]:
    name, of_year, label = room
    return {"url": reverse(name, args=[year] if of_year else []), "room": label}


def _when(instant: datetime, now: datetime) -> str:
    """Today a time, before that 昨."""
    time = f"{instant.astimezone(SHANGHAI):%H:%M}"
    return time if day_of(instant) >= day_of(now) else f"昨 {time}"
