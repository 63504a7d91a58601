"""Self-review (部门自查, 考核办法 第八条): when a form is open, what it lacks, its receipt."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from kaoping.accounts.logic import plain
from kaoping.campaigns.logic.stages import LABELS, SELF_REVIEW
from kaoping.foreign.glyphs import glyphs
from kaoping.scoring.organised import OrganisedYear

# What a form sends in place of a level when the unit says that the item does not apply (不涉及).
CLAIM: Final = "not_applicable"
DRAFT, SUBMITTED, RETURNED, NOT_SUBMITTED = "draft", "submitted", "returned", "missing"
STATES: Final[dict[str, str]] = {
    DRAFT: "填写中",
    SUBMITTED: "已提交",
    RETURNED: "已退回",
    NOT_SUBMITTED: "未交",
}


# Not handing in is no way round the assessment: 考核办法 第七条 joins 部门自查 with 综合评定 and makes neither wait for the
# other. What the regulations do not say is how items are judged then; the levels of the rulebook that look at what can be
# found decide, not a penalty of their own (待核).
NOT_SUBMITTED_RULE: Final = (
    "没有自查不免评（考核办法第七条，自查与综合评定相结合）：各项照常由专家评，依公开可以查到的情况，按各档的说明定档，"
    "查不到做了的按最低一档（待核）。“不涉及”没有申请，不作认定。"
)
# What the ledger says with the levels of such a unit.
NOT_SUBMITTED_MARK: Final = "单位未交自查"


@dataclass(frozen=True, slots=True)
class Given:
    """What a unit has written of one item."""

    item: str
    level: str
    not_applicable: bool
    text: str
    artefacts: int


class Said(Protocol):
    """An answer as it is stored."""

    level: str
    not_applicable: bool
    text: str


def said(answer: Said | None) -> dict[str, str]:
    """What an answer says, field by field as its form sends it; nothing for an item without an answer."""
    if answer is None:
        return {"level": "", "text": ""}
    return {"level": CLAIM if answer.not_applicable else answer.level, "text": plain(answer.text)}


def refusal_to_write(stage: str, state: str) -> str | None:
    """Why the form is locked, or null."""
    if stage != SELF_REVIEW:
        return f"自查在“{LABELS[SELF_REVIEW]}”阶段填写，现在是“{LABELS[stage]}”。"
    if state == SUBMITTED:
        return "自查已经提交，内容已锁定。要改，请政务公开办经办点“退回”。"
    if state == NOT_SUBMITTED:
        return "本单位已登记为逾期未报。要补交，请政务公开办经办在自查阶段点“退回”。"
    return None


def lack(answer: Said | Given | None) -> str:
    """What one item lacks before the form can be submitted, in words; '' when it is answered.

    Every count of answered items asks this, so that none says all while the submission is refused.
    """
    if answer is None or not (answer.level or answer.not_applicable):
        return "没有选档次"
    return "" if not answer.not_applicable or glyphs(answer.text) else "申请不涉及，要写明理由"


def gaps(items: Sequence[tuple[str, str]], given: Iterable[Given]) -> list[str]:
    """What keeps the form from being submitted, in words; ``items`` are codes with titles."""
    answers = {one.item: one for one in given}
    found = ((code, title, lack(answers.get(code))) for code, title in items)
    return [f"{code} {title}：{words}" for code, title, words in found if words]


def refusal_to_submit(lacks: Sequence[str]) -> str | None:
    """The refusal that names the first gaps, or null."""
    if not lacks:
        return None
    more = f"；另有 {len(lacks) - 5} 项" if len(lacks) > 5 else ""
    return f"还有 {len(lacks)} 项没有填完，不能提交：{'；'.join(lacks[:5])}{more}。请填完后再点“提交”。"


def receipt(key: OrganisedYear, unit: str, given: Iterable[Given], at: datetime) -> str:
    """The receipt (回执码) of what was submitted and when: the same content at the same instant gives the same code."""
    lines = sorted(
        f"{one.item}|{one.level}|{int(one.not_applicable)}|{one.text}|{one.artefacts}" for one in given
    )
    digest = hashlib.sha256("\n".join([str(key), unit, at.isoformat(), *lines]).encode()).hexdigest()
    code = digest[:12].upper()
    return f"ZC{key.year}-{code[:4]}-{code[4:8]}-{code[8:]}"


def observed_instant(now: datetime, start: datetime, end: datetime) -> datetime:
    """When a judgement made at ``now`` looked at: its period. ``end`` is 24:00 of the last day, which lies outside."""
    if start <= now < end:
        return now
    return max(start, _last_second(end)) if now >= end else start


def _last_second(end: datetime) -> datetime:
    return datetime.fromtimestamp(end.timestamp() - 1, tz=end.tzinfo)
