"""Review: experts are assigned, one steps back, the others score and finish; claims are decided, the round is closed."""

from __future__ import annotations

from collections import Counter
from typing import Any

from bench.installation import late
from bench.kills.city import WALKERS
from bench.kills.comparing import Found, each_once, last_stands, none_missing
from bench.kills.rooms.self_review import CLAIMED
from bench.kills.rooms.walk import Walk, walked
from bench.kills.told import Told


def review(walk: Walk) -> None:
    """From the assignment to the closed round."""
    year, told, handler = walk.year, walk.told, walk.company["handler"]
    person = late("kaoping.accounts.queries").person_by_username
    numbers = {name: str(person(name).pk) for name in ("reviewer1", "reviewer2", "reviewer3")}
    form = {"reviewers": [numbers["reviewer1"], numbers["reviewer2"]], "per_unit": "2"}
    handler.act("assign_reviewers", f"/desk/reviews/{year}/assign/", form, key=(year, "reviewer1", "W1"))
    for name in ("reviewer1", "reviewer2"):
        for unit in WALKERS:
            told.also("assign_reviewers", (year, name, unit))
    form = {"reviewer": numbers["reviewer3"], "units": ["W1"]}
    handler.act("assign_reviewers", f"/desk/reviews/{year}/assign/one/", form, key=(year, "reviewer3", "W1"))
    form = {"reviewer": numbers["reviewer3"], "units": ["W2"]}
    handler.act("assign_reviewers", f"/desk/reviews/{year}/assign/one/", form, key=(year, "reviewer3", "W2"))
    [wrong] = [one for one in _assignments(walk, "reviewer3") if one.organisation.code == "W2"]
    form, path = {"reason": "分错了（示例）"}, f"/desk/reviews/{year}/assignment/{wrong.pk}/back/"
    handler.act("take_back_assignment", path, form, key=(year, "reviewer3", "W2"))
    walk.advance("review")
    [back] = _assignments(walk, "reviewer3")
    form = {"reason": "与该单位有利害关系（示例）"}
    walk.company["reviewer3"].act("recuse", f"/review/{back.pk}/recuse/", form, key=(year, "reviewer3", "W1"))
    _decide_claim(walk)
    for name in ("reviewer1", "reviewer2"):
        for row in _assignments(walk, name):
            _score(walk, name, row)
    form = {"confirm_year": str(year)}
    handler.act("close_round", f"/desk/reviews/{year}/close/", form, key=year)


def _decide_claim(walk: Walk) -> None:
    unit, item = CLAIMED
    answers = late("kaoping.campaigns.models").Answer.objects
    pk = answers.get(
        self_review__campaign__year=walk.year, self_review__organisation__code=unit, item=item
    ).pk
    accepted = walk.year % 2 == 0
    form = {"accepted": "yes" if accepted else "no", "reason": "属实（示例）"}
    path = f"/desk/self-reviews/{walk.year}/claims/{pk}/"
    walk.company["handler"].act("decide_claim", path, form, key=(walk.year, unit, item), value=accepted)


def _score(walk: Walk, name: str, row: Any) -> None:
    for one in late("kaoping.campaigns.queries.review").items_to_score(row):
        item = one.item.code
        form = {"level": "fair", "comment": f"{walk.year} {name}（示例）"}
        key = (walk.year, name, row.organisation.code, item)
        walk.company[name].act(
            "save_score", f"/review/{row.pk}/item/{item}/", form, key=key, value=("fair", form["comment"])
        )
    walk.company[name].act(
        "finish_review", f"/review/{row.pk}/finish/", key=(walk.year, name, row.organisation.code)
    )


def _assignments(walk: Walk, name: str) -> list[Any]:
    rows = walked("ReviewAssignment", campaign__year=walk.year, reviewer__username=name)
    return list(rows.select_related("organisation", "campaign").order_by("pk"))


def _rows(**conditions: Any) -> Counter[Any]:
    assignments = late("kaoping.campaigns.models").ReviewAssignment.every
    rows = assignments.filter(campaign__year__lt=2025, **conditions)
    return Counter(rows.values_list("campaign__year", "reviewer__username", "organisation__code"))


def _assign_reviewers(told: Told) -> Found:
    return each_once(told.acknowledged["assign_reviewers"], _rows())


def _take_back(told: Told) -> Found:
    return each_once(told.acknowledged["take_back_assignment"], _rows(taken_back_at__isnull=False))


def _recuse(told: Told) -> Found:
    return each_once(told.acknowledged["recuse"], _rows(recused=True))


def _finish_review(told: Told) -> Found:
    return each_once(told.acknowledged["finish_review"], _rows(finished_at__isnull=False))


def _save_score(told: Told) -> Found:
    prefix = "assignment__"
    rows = walked("ReviewScore", f"{prefix}campaign__year").values_list(
        f"{prefix}campaign__year",
        f"{prefix}reviewer__username",
        f"{prefix}organisation__code",
        "item",
        "level",
        "comment",
    )
    there = {tuple(row[:4]): tuple(row[4:]) for row in rows}
    return last_stands(told.acknowledged["save_score"], there)


def _close_round(told: Told) -> Found:
    """Every score that counts is in the ledger once; while the round is open, none is."""
    closed = Counter(walked("Campaign", "year", round_closed_at__isnull=False).values_list("year", flat=True))
    scores = walked("ReviewScore", "assignment__campaign__year", assignment__recused=False)
    wanted = Counter(scores.values_list("assignment__campaign__year", flat=True))
    lines = late("kaoping.evidence.models").Observation.objects.filter(uid__startswith="review-")
    there = Counter(int(uid.split("-")[2]) for uid in lines.values_list("uid", flat=True))
    wrong = sum(1 for year in wanted if there[year] != (wanted[year] if year in closed else 0))
    return each_once(told.acknowledged["close_round"], closed).and_also(none_missing(wrong))


def _decided(told: Told) -> Found:
    """Decided once; accepted, it is one line of the ledger, refused none."""
    rows = walked("Applicability", "answer__self_review__campaign__year").values_list(
        "answer__self_review__campaign__year", "answer__self_review__organisation__code", "answer__item"
    )
    lines = late("kaoping.evidence.models").Observation.objects.filter(
        source="office", value="not_applicable", item=CLAIMED[1]
    )
    there = Counter(
        (at.year, unit, item) for at, unit, item in lines.values_list("observed_at", "unit", "item")
    )
    accepted = [key for key, yes in told.acknowledged["decide_claim"].items() if yes]
    beside = each_once(accepted, there)
    return each_once(told.acknowledged["decide_claim"], Counter(rows)).and_also(beside)


STORED = {
    "assign_reviewers": _assign_reviewers,
    "recuse": _recuse,
    "take_back_assignment": _take_back,
    "save_score": _save_score,
    "finish_review": _finish_review,
    "close_round": _close_round,
    "decide_claim": _decided,
}
