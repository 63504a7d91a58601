"""Blind review (综合评定): aliases, conflicts of interest, what a reviewer may still write."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, cycle, islice
from typing import Final

from kaoping.campaigns.logic.stages import LABELS, REVIEW, SELF_REVIEW, reached
from kaoping.patterns import linear
from kaoping.scoring.organised import OrganisedYear

_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"


@dataclass(frozen=True, slots=True)
class State:
    """Where one assignment stands."""

    reviewer: str
    recused: bool
    finished: bool


# Lines of earlier releases name the year alone.
_SCORE: Final = linear(r"review-(?:[0-9A-Za-z.\-]+-)?20[0-9]{2}-([0-9]+)-([^-].*)")


def score_uid(key: OrganisedYear, assignment: int, item: str) -> str:
    """Under which number a reviewer's score of an item stands in the ledger."""
    return f"review-{key}-{assignment}-{item}"


def scored_in(uid: str) -> tuple[int, str] | None:
    """Assignment and item of a ledger line's number, or null for what is no reviewer's score."""
    found = _SCORE.fullmatch(uid)
    return (int(found[1]), found[2]) if found else None


def reviewer_alias(position: int) -> str:
    """专家甲, 专家乙 …; from the eleventh on by number."""
    return f"专家{_STEMS[position]}" if position < len(_STEMS) else f"专家{position + 1}"


def reviewer_aliases(people: Iterable[int], given: Mapping[int, str]) -> dict[int, str]:
    """Every person's own alias: those ``given`` stay, a new person gets the first that nobody has had."""
    made = dict(given)
    taken = set(given.values())
    for person in people:
        if person not in made:
            made[person] = next(free for at in count() if (free := reviewer_alias(at)) not in taken)
            taken.add(made[person])
    return made


def unit_aliases(
    salt: str, reviewer: int, codes: Iterable[str], given: Mapping[str, str] | None = None
) -> dict[str, str]:
    """An alias for each unit as one reviewer sees it, in an order that nobody without the campaign's salt can work out.

    Another reviewer sees the same unit under another alias, so that two who compare notes do not know that they speak of
    one unit. ``given``: aliases that this reviewer already knows; they stay, and no other unit gets one of them.
    """
    known = dict(given or {})
    shuffled = sorted(
        codes, key=lambda code: hashlib.sha256(f"{salt}|{reviewer}|{code}".encode()).hexdigest()
    )
    width = max(2, len(str(len(shuffled))))
    free = (alias for number in count(1) if (alias := f"单位{number:0{width}d}") not in known.values())
    return {code: known.get(code) or next(free) for code in shuffled}


def spread_evenly(
    units: Sequence[str], reviewers: Sequence[str], per_unit: int, conflicts: Mapping[str, Collection[str]]
) -> dict[str, list[str]]:
    """Unit -> reviewers, in turn, passing over those with a conflict; fewer when not enough are free."""
    plan: dict[str, list[str]] = {}
    start = 0
    for unit in units:
        turn = list(islice(cycle(reviewers), start, start + len(reviewers)))
        free = [one for one in turn if unit not in conflicts.get(one, ())]
        plan[unit] = free[:per_unit]
        start = (start + per_unit) % max(1, len(reviewers))
    return plan


def refusal_to_assign(stage: str, round_closed: bool, *, anybody: bool = True) -> str | None:
    """Why reviewers cannot be assigned now, or null; ``anybody`` whether somebody holds that post."""
    if round_closed or reached(stage, REVIEW) and stage != REVIEW:
        return "评审已经结束，不能再分派专家。"
    return None if anybody else "还没有专家。请安全管理员先任命专家。"


def refusal_to_take_back(round_closed: bool, *, taken_back: bool, recused: bool, scores: int) -> str | None:
    """Why an assignment cannot be taken back, or null: only before anything of it was scored."""
    if round_closed:
        return "评审已经结束，不能再撤回分派。"
    if taken_back:
        return "这份分派已经撤回。"
    if recused:
        return "专家已经回避这家单位，不用撤回。"
    if scores:
        return f"专家已经评了 {scores} 项，不能撤回分派。不宜再评的，由专家回避，已评的不计。"
    return None


def refusal_to_score(stage: str, state: State, actor: str) -> str | None:
    """Why this person cannot write a score of this assignment, or null."""
    if state.reviewer != actor:
        return "这份评审分派给了别的专家，您只能看和评自己的。"
    if stage != REVIEW:
        return f"评分在“{LABELS[REVIEW]}”阶段进行，现在是“{LABELS[stage]}”。"
    if state.recused:
        return "您已回避这家单位，不能评分。"
    if state.finished:
        return "这份评审已经完成，评分已锁定。"
    return None


def refusal_to_finish(unscored: Sequence[str]) -> str | None:
    """Why an assignment cannot be finished, or null; ``unscored`` are codes with titles."""
    if not unscored:
        return None
    more = " 等" if len(unscored) > 5 else ""
    return f"还有 {len(unscored)} 项没有评分：{'、'.join(unscored[:5])}{more}。评完后再点“完成”。"


def refusal_to_close(stage: str, round_closed: bool, undecided: int, unscored: Sequence[str]) -> str | None:
    """Why the round cannot be closed, or null."""
    if round_closed:
        return "评审已经结束，评分已计入台账。"
    if stage != REVIEW:
        return f"评审在“{LABELS[REVIEW]}”阶段进行，现在是“{LABELS[stage]}”。"
    if undecided:
        return f"还有 {undecided} 项“不涉及”没有审定，请经办先在“不涉及”审定。"
    if unscored:
        more = f" 等 {len(unscored)} 家" if len(unscored) > 5 else ""
        return f"{'、'.join(unscored[:5])}{more}还没有评完，请催专家评完，或由经办改派。"
    return None


def refusal_to_decide_claim(stage: str, submitted: bool, claimed: bool, decided: bool) -> str | None:
    """Why a claim of 不涉及 cannot be decided now, or null."""
    if decided:
        return "这一项“不涉及”已经审定。"
    if stage not in (SELF_REVIEW, REVIEW):
        return f"“不涉及”在自查和综合评定阶段审定，现在是“{LABELS[stage]}”。"
    if not claimed:
        return "单位没有申请这一项不涉及。"
    if not submitted:
        return "单位还没有提交自查，提交后再审定。"
    return None
