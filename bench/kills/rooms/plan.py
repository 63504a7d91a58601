"""The plan of a year: opened, filled in, signed by three persons after having been sent back once, its scan attached."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any, Final

from bench.installation import late
from bench.kills.browsing import File
from bench.kills.city import LEFT_OUT, WALKERS
from bench.kills.comparing import Found, each_once, last_stands
from bench.kills.rooms.ledger import PLEDGE
from bench.kills.rooms.walk import Walk, walked
from bench.kills.told import Told

SIGNERS: Final = (("handler", "handler"), ("head", "head"), ("leader", "leader"))
SERVED: Final = "张整改通知单，不能作废"
REASON: Final = "不在本年度范围（示例）"


def plan(walk: Walk) -> None:
    """From nothing to the open gate."""
    year, handler = walk.year, walk.company["handler"]
    first, second = adopted_versions()
    form = {"year": str(year), "title": f"{year} 年度考核", "rulebook": f"version:{first}", "timetable": "A"}
    form |= {"level": "full", "example": "on"}
    handler.act("create_campaign", "/desk/plan/new/", form, key=(year, 1))
    wrong = {"confirm_year": str(year), "reason": "标题写错（示例）"}
    # Months pass before a form goes out that has to wait: by then an order may have been served in the year.
    if handler.act("void_campaign", f"/desk/plan/{year}/void/", wrong, key=year, unless=SERVED):
        handler.act("create_campaign", "/desk/plan/new/", form, key=(year, 2))
    base = f"/desk/plan/{year}"
    lines = [f"要点{year}甲", f"要点{year}乙"]
    handler.act(
        "set_priorities",
        f"{base}/priorities/",
        {"lines": f"{lines[0]}｜K1.1\n{lines[1]}"},
        key=year,
        value=lines,
    )
    handler.act(
        "set_rulebook", f"{base}/rulebook/", {"rulebook": f"version:{second}"}, key=year, value=second
    )
    day = walk.told.passing.today.isoformat()
    wanted = sorted((*WALKERS, LEFT_OUT))
    handler.act(
        "set_participation",
        f"{base}/units/",
        {"kinds": ["institution"], "on": day, "excluded": ""},
        key=year,
        value=wanted,
    )
    form = {"participates": "no", "group": "事业单位", "reason": REASON}
    handler.act("change_participation", f"{base}/units/{LEFT_OUT}/", form, key=(year, LEFT_OUT), value=REASON)
    handler.act(
        "set_timetable",
        f"{base}/timetable/",
        {"timetable": "A", "level": "full"},
        key=year,
        value=("A", "full"),
    )
    form = {"first": f"{year}-03-03", "last": f"{year}-03-31", "reason": "原定首日休息（示例）"}
    handler.act("move_stage", f"{base}/stage/self_review/", form, key=year)
    handler.act(
        "approve", f"/desk/approval/{year}/plan/sign/", {"opinion": "同意"}, key=(year, "plan", "handler", 0)
    )
    walk.company["head"].act(
        "return_approval",
        f"/desk/approval/{year}/plan/return/",
        {"reason": "要点要写具体（示例）"},
        key=(year, "plan", "returned", 0),
    )
    sign(walk, "plan", round_=1)
    walk.advance("routine")


def sign(walk: Walk, subject: str, *, round_: int) -> None:
    """Three persons sign one after another, then the scan of the paper is attached."""
    base = f"/desk/approval/{walk.year}/{subject}"
    for username, step in SIGNERS:
        number = round_ if step == "handler" else 0
        walk.company[username].act(
            "approve", f"{base}/sign/", {"opinion": "同意"}, key=(walk.year, subject, step, number)
        )
    content = f"%PDF-1.4 {walk.year} {subject}".encode()
    form = {"document_no": f"示例〔{walk.year}〕1号", **PLEDGE}
    file = File("file", "呈批表.pdf", content)
    walk.company["handler"].act("attach_scan", f"{base}/scan/", form, file=file, key=(walk.year, subject))


def adopted_versions() -> tuple[int, int]:
    """The two that the city adopted, whatever drafts were handed in beside them."""
    rows = late("kaoping.standards.models").RulebookVersion.objects.filter(rulebook="small", organiser=None)
    first, second = rows.order_by("pk").values_list("pk", flat=True)
    return first, second


def _create_campaign(told: Told) -> Found:
    made: Counter[int] = Counter()
    stored: Counter[tuple[int, int]] = Counter()
    rows = late("kaoping.campaigns.models").Campaign.every.filter(year__lt=2025).order_by("pk")
    for year in rows.values_list("year", flat=True):
        made[year] += 1
        stored[(year, made[year])] += 1
    return each_once(told.acknowledged["create_campaign"], stored)


def _void_campaign(told: Told) -> Found:
    rows = late("kaoping.campaigns.models").Campaign.every.filter(year__lt=2025, voided_at__isnull=False)
    return each_once(told.acknowledged["void_campaign"], Counter(rows.values_list("year", flat=True)))


def _entered() -> list[tuple[int, str, int]]:
    """Every stage that was entered, and for the how manieth time in its year."""
    seen: Counter[tuple[int, str]] = Counter()
    made = []
    for year, stage in walked("StageEntry").order_by("id").values_list("campaign__year", "stage"):
        seen[(year, stage)] += 1
        made.append((year, stage, seen[(year, stage)]))
    return made


def _advance(told: Told) -> Found:
    """The review and the appeals are entered a second time by the way back, which its own room compares."""
    keys = [
        (year, stage) if time == 1 else (year, stage, time)
        for year, stage, time in _entered()
        if stage != "plan" and (stage, time) not in (("review", 2), ("appeals", 2))
    ]
    return each_once(told.acknowledged["advance"], Counter(keys))


def _set_priorities(told: Told) -> Found:
    there: dict[int, list[str]] = defaultdict(list)
    for year, text in walked("Priority").order_by("number").values_list("campaign__year", "text"):
        there[year].append(text)
    return last_stands(told.acknowledged["set_priorities"], there)


def _set_participation(told: Told) -> Found:
    there: dict[int, list[str]] = defaultdict(list)
    rows = walked("Participation", organisation__kind="institution").order_by("organisation__code")
    for year, code in rows.values_list("campaign__year", "organisation__code"):
        there[year].append(code)
    return last_stands(told.acknowledged["set_participation"], there)


def _change_participation(told: Told) -> Found:
    rows = walked("Participation", organisation__code=LEFT_OUT, participates=False)
    there = {(year, LEFT_OUT): reason for year, reason in rows.values_list("campaign__year", "reason")}
    return last_stands(told.acknowledged["change_participation"], there)


def _campaigns(*fields: str) -> Any:
    return walked("Campaign", "year").values_list("year", *fields)


def _set_timetable(told: Told) -> Found:
    there = {year: (variant, level) for year, variant, level in _campaigns("timetable", "publication_level")}
    return last_stands(told.acknowledged["set_timetable"], there)


def _set_rulebook(told: Told) -> Found:
    return last_stands(told.acknowledged["set_rulebook"], dict(_campaigns("rulebook_id")))


def _move_stage(told: Told) -> Found:
    moved = walked("StageMove", stage="self_review").values_list("campaign__year", flat=True)
    return each_once(told.acknowledged["move_stage"], Counter(moved))


def _approvals() -> Counter[Any]:
    """Signatures and returns, each by the year, the paper, the step, and the how manieth of that step it is."""
    seen: Counter[Any] = Counter()
    made: Counter[Any] = Counter()
    rows = walked("Approval").order_by("id").values_list("campaign__year", "subject", "step")
    for row in rows:
        made[(*row, seen[row])] += 1
        seen[row] += 1
    return made


def _approve(told: Told) -> Found:
    signed = {key: n for key, n in _approvals().items() if key[2] != "returned"}
    return each_once(told.acknowledged["approve"], signed)


def _return_approval(told: Told) -> Found:
    returned = {key: n for key, n in _approvals().items() if key[2] == "returned"}
    return each_once(told.acknowledged["return_approval"], returned)


def _attach_scan(told: Told) -> Found:
    scans = walked("ApprovalScan").values_list("campaign__year", "subject")
    return each_once(told.acknowledged["attach_scan"], Counter(scans))


STORED = {
    "create_campaign": _create_campaign,
    "void_campaign": _void_campaign,
    "advance": _advance,
    "set_priorities": _set_priorities,
    "set_participation": _set_participation,
    "change_participation": _change_participation,
    "set_timetable": _set_timetable,
    "set_rulebook": _set_rulebook,
    "move_stage": _move_stage,
    "approve": _approve,
    "return_approval": _return_approval,
    "attach_scan": _attach_scan,
}
