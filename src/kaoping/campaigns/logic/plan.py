"""The plan of a year: who is assessed and who is not, with the reason (考核办法 第二条、第九条)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kaoping.campaigns.logic.stages import LABELS, PLAN, PUBLICATION_LEVELS, ROUTINE, TIMETABLES
from kaoping.evidence.logic import MIN_REASON
from kaoping.foreign.glyphs import glyphs
from kaoping.foreign.visible import unseen_in
from kaoping.foreign.width import half_width

# The group a unit is compared in when the register names none.
GROUP_OF_KIND: Final[dict[str, str]] = {
    "district_government": "辖市、区",
    "department": "市级部门",
    "institution": "市级部门",
    "field_office": "派出机构",
    "authorised_body": "授权组织",
    "public_institution": "公共企事业单位",
    "public_enterprise": "公共企事业单位",
    "township": "乡镇、街道",
    "subdistrict": "乡镇、街道",
    "vertical": "垂直管理单位",
}
BY_THE_DISTRICT: Final = "由辖市、区主管部门考核"
NOT_WITHIN: Final = "这家单位的上级和主管部门都不是组织单位，不在这个方案的范围里。关系变了的，先改单位名录。"
REASON_OF_KIND: Final[dict[str, str]] = {
    "vertical": "垂直管理，由上级主管部门考核",
    "township": BY_THE_DISTRICT,
    "subdistrict": BY_THE_DISTRICT,
    "public_institution": "由行业主管部门考核",
    "public_enterprise": "由行业主管部门考核",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit of the register; ``elsewhere`` says who else assesses it, '' where nobody does."""

    code: str
    kind: str
    group: str
    participates: bool
    short_name: str
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Assessed in ``group``, or left out for ``reason``. Left out by kind has no group: that group is not compared."""

    code: str
    participates: bool
    group: str
    reason: str


def lines_text(lines: Sequence[tuple[str, str]]) -> str:
    """要点 as their form shows them: one a line, the item's code behind a bar."""
    return "\n".join(text + (f"｜{item}" if item else "") for text, item in lines)


def lines_of(text: str) -> list[tuple[str, str]]:
    """(text, item code or '') of every line that is not empty; the code stands behind the last bar."""
    made = []
    for line in text.splitlines():
        before, bar, code = line.replace("｜", "|").rpartition("|")
        words, item = (before.strip(), code.strip()) if bar else (line.strip(), "")
        if glyphs(words):
            made.append((words, item))
    return made


def units_text(choices: Sequence[Choice]) -> str:
    """Who is assessed in which group, and who is left out why: one unit a line, by code."""
    return "\n".join(
        f"{one.code} {'参评' if one.participates else '不参评'} {_why(one)}".rstrip()
        for one in sorted(choices, key=lambda one: one.code)
    )


def _why(choice: Choice) -> str:
    """Its group; of a unit left out the reason, and the group that it would have."""
    if choice.participates:
        return choice.group
    return f"{choice.reason}（分组：{choice.group}）" if choice.group else choice.reason


def participation(
    candidates: Sequence[Candidate],
    kinds: frozenset[str],
    excluded: Mapping[str, str],
    groups: Mapping[str, str],
) -> list[Choice]:
    """One choice for each unit of the register, in its order."""
    choices = []
    for one in candidates:
        group = groups.get(one.code) or one.group or GROUP_OF_KIND.get(one.kind, "其他")
        if one.code in excluded:
            choices.append(Choice(one.code, False, group, excluded[one.code].strip()))
        elif one.elsewhere:
            choices.append(Choice(one.code, False, "", one.elsewhere))
        elif one.kind not in kinds:
            choices.append(Choice(one.code, False, "", REASON_OF_KIND.get(one.kind, "本年度方案未列入")))
        elif not one.participates:
            choices.append(Choice(one.code, False, "", "名录注明不参评"))
        else:
            choices.append(Choice(one.code, True, group, ""))
    return choices


def refusal_of_participation(choices: Sequence[Choice], excluded: Mapping[str, str]) -> str | None:
    """Why these choices cannot be kept, or null."""
    if not any(choice.participates for choice in choices):
        return "这样选没有一家单位参评。请至少选一类单位。"
    unknown = sorted(set(excluded) - {choice.code for choice in choices})
    if unknown:
        return f"名录里没有代码 {unknown[0]}，请核对。"
    silent = [choice.code for choice in choices if not choice.participates and not glyphs(choice.reason)]
    return f"{silent[0]} 不参评，请写明理由（如垂直管理）。" if silent else None


def refusal_of_change(participates: bool, group: str, reason: str) -> str | None:
    """Why one unit cannot be changed like this, or null."""
    if participates and not glyphs(group):
        return "参评单位要有分组，同组内比较等次。"
    if words := unseen_in("分组", group.strip()):
        return words
    if not participates and not glyphs(reason):
        return "不参评要写明理由（如垂直管理）。"
    return None


def refusal_to_create(year: int, title: str, timetable: str, level: str) -> str | None:
    """Why a year cannot be opened like this, or null. The timetable may be chosen later."""
    if not 2008 <= year <= 2100:  # 政府信息公开条例 has been in force since 2008-05-01
        return "年份应为四位数字，如 2025。"
    if not glyphs(title):
        return "请写标题，如“2025 年度政务公开工作考核”。"
    if words := unseen_in("标题", title.strip()):
        return words
    return refusal_of_timetable(timetable or "A", level)


def refusal_of_far_year(year: int, this_year: int, typed: str) -> str | None:
    """Why a year far from today needs to be typed once more, or null: a wrong number would lead every screen astray."""
    if abs(year - this_year) <= 1 or half_width(typed) == str(year):
        return None
    return f"今年是 {this_year} 年，要建的是 {year} 年，相差一年以上。确实要建的，请在“再输入一次年份”填 {year}。"


def refusal_to_void(stage: str, poll: bool, orders: int) -> str | None:
    """Why a year cannot be voided, or null: only while nobody outside the office has acted on it."""
    if stage not in (PLAN, ROUTINE):
        return f"现在是“{LABELS[stage]}”阶段，单位、专家或公众已经参与，不能作废。结果公开以后有误的，在“更正”办理。"
    if poll:
        return "本年度社会评议已经布置，不能作废。"
    if orders:
        return f"本年度已经向单位下发 {orders} 张整改通知单，不能作废。方案有误的，在“年度方案”修改，或点“退回上一阶段”重新呈批。"
    return None


def refusal_of_void_reason(reason: str) -> str | None:
    """Why a reason is none for voiding a year, or null: the list of voided years shows it."""
    if glyphs(reason) < MIN_REASON:
        return f"请写明为什么作废，至少 {MIN_REASON} 个字，作废的年度列出这条理由。"
    return None


def refusal_of_timetable(timetable: str, level: str) -> str | None:
    """Why a timetable or a level of publication is none, or null."""
    if timetable not in TIMETABLES:
        return "时间安排请选“A 年底”或“B 次年初”。"
    if level not in PUBLICATION_LEVELS:
        return f"公开范围请选：{'；'.join(PUBLICATION_LEVELS.values())}。"
    return None
