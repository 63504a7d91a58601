"""What the annual report text may say of a unit or of the whole city, gathered from sheet, poll, opinions and the office's note.

Totals and grades appear only from a signed sheet; before that the result is 未定 and the text says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from kaoping.arithmetic import half_up
from kaoping.balloting import public_result, questionnaire_from_dict
from kaoping.beijing import day_of
from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic.accountability import NONE, SOME, must_state
from kaoping.campaigns.models import Campaign, Sheet
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.accountability import Statement, statements
from kaoping.evaluation import queries as evaluation
from kaoping.registry import queries as registry
from kaoping.reporting.annual_report import (
    SETTLED,
    UNSETTLED,
    WITHDRAWN,
    AssessmentResult,
    Enterprise,
    EvaluationResult,
    Facts,
    GroupCount,
    Opinions,
    ResultCorrection,
    ResultWithdrawal,
)
from kaoping.standards.queries import rulebook_of


@dataclass(frozen=True, slots=True)
class CorrectedResult:
    """What a correction replaced: its sheet by digest, when that was published (null when it was withdrawn), and why."""

    reason: str
    sheet_digest: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class ResultOut:
    """A published result: its sheet by digest, when it was published, and what it corrected, null when nothing.

    ``undone`` is a later correction that was published and withdrawn, by which this result is valid again; its instant is
    that of the withdrawal, its reason why it was withdrawn.
    """

    sheet_digest: str
    published_at: datetime
    corrects: CorrectedResult | None = None
    undone: CorrectedResult | None = None


@dataclass(frozen=True, slots=True)
class ResultGone:
    """A year whose published result was withdrawn while none is valid: the first publication, the last withdrawal and why."""

    published_at: datetime
    withdrawn_at: datetime
    reason: str


ENTERPRISES: Final = ("public_enterprise", "public_institution")


@dataclass(frozen=True, slots=True)
class Year:
    """Everything of a year that the texts of all its units draw on; a fixed number of queries.

    ``out`` is the published assessment, null while there is none; ``before`` holds the lines that it corrected, ``undone``
    those of a later correction that was withdrawn. ``gone`` says that it was published and withdrawn, and none is valid.
    """

    campaign: Campaign
    assessed: Campaign | None
    out: ResultOut | None
    lines: Mapping[str, Mapping[str, Any]]
    before: Mapping[str, Mapping[str, Any]]
    grades: Mapping[str, str]
    ballots: Mapping[str, Mapping[str, Any]]
    min_n: int
    opinions: Mapping[str, Mapping[str, int]]
    accountability: Mapping[str, Statement]
    basis: str
    undone: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    gone: ResultGone | None = None

    @property
    def withdrawal(self) -> ResultWithdrawal | None:
        """The same of ``gone`` as people write it."""
        if self.gone is None:
            return None
        return ResultWithdrawal(_day(self.gone.published_at), _day(self.gone.withdrawn_at), self.gone.reason)

    @property
    def state(self) -> str:
        """已定, 未定 or 已撤回 for the whole year."""
        if self.gone:
            return WITHDRAWN
        return UNSETTLED if self.published_on is None else SETTLED

    @property
    def published_on(self) -> str | None:
        """The day on which the result was first published, as people write it; null while it is not."""
        if self.out is None:
            return None
        first = self.out.corrects.published_at if self.out.corrects else None
        return _day(first or self.out.published_at)


def _day(at: datetime) -> str:
    day = day_of(at)
    return f"{day.year}年{day.month}月{day.day}日"


def year_of(
    campaign: Campaign, *, published: Mapping[int, ResultOut], withdrawn: Mapping[int, ResultGone]
) -> Year:
    """``published`` maps a year to its published result, ``withdrawn`` one without a valid result to how it was lost.

    With timetable B the report of a year carries the assessment of the year before, unless the year's own is out.
    """
    assessed: Campaign | None = campaign
    if campaign.timetable == "B" and campaign.year not in published:
        assessed = campaigns.of(campaign.key.before)
    out = published.get(assessed.year) if assessed else None
    before: Mapping[str, Mapping[str, Any]] = {}
    undone: Mapping[str, Mapping[str, Any]] = {}
    if assessed and out:
        lines = _lines(sheets.by_digest(assessed.key, out.sheet_digest))
        if out.corrects:
            before = _lines(sheets.by_digest(assessed.key, out.corrects.sheet_digest))
        if out.undone:
            undone = _lines(sheets.by_digest(assessed.key, out.undone.sheet_digest))
    else:
        # A result that was published and withdrawn is no result until a correction is out.
        told = assessed is not None and assessed.stage != stages.PUBLISHED
        lines = _lines(sheets.signed(assessed) if assessed and told else None)
    poll = evaluation.poll_of(campaign.key)
    result = (
        public_result(poll.result, questionnaire_from_dict(poll.questionnaire))
        if poll and poll.result
        else {"units": []}
    )
    return Year(
        campaign,
        assessed,
        out,
        lines,
        before,
        sheets.grade_names(assessed) if assessed else {},
        {one["unit"]: one for one in result["units"]},
        int((poll.questionnaire.get("min_n") if poll else None) or 1),
        evaluation.opinion_counts(campaign.key),
        statements(campaign),
        basis_of(assessed or campaign),
        undone,
        withdrawn.get(assessed.year) if assessed and out is None else None,
    )


def _lines(sheet: Sheet | None) -> Mapping[str, Mapping[str, Any]]:
    return {row.unit: row.summary for row in sheets.all_rows(sheet)} if sheet else {}


def basis_of(campaign: Campaign) -> str:
    """The text that the rulebook names first as its legal basis, else its title."""
    rulebook = rulebook_of(campaign.rulebook_id)
    named = rulebook.about.get("legal_basis") or [f"《{rulebook.title}》"]
    return str(named[0])


def of_unit(year: Year, code: str) -> Facts:
    """A unit's text; a competent department's also names the enterprises of its field (考核办法 第九条)."""
    organisation = registry.organisation(code)
    name = organisation.name if organisation else code
    below = registry.children(code).filter(kind__in=ENTERPRISES) if organisation else []
    return Facts(
        unit=name,
        report_year=year.campaign.year,
        basis=year.basis,
        assessment=assessment(year, code),
        evaluation=_evaluation(year, code),
        opinions=_opinions(year.opinions.get(code)),
        accountability=_accountability(year, code, organisation.kind if organisation else ""),
        enterprises=[
            Enterprise(one.name, assessment(year, one.code), _evaluation(year, one.code)) for one in below
        ],
        example=year.campaign.example,
    )


def of_city(year: Year, *, city: str) -> Facts:
    """The government's own text: how its units are spread over the grades; nobody's points."""
    counts: dict[str, Counter[str]] = {}
    for summary in year.lines.values():
        grade = year.grades.get(summary["grade"] or "")
        if grade:
            counts.setdefault(summary["group"] or "未分组", Counter())[grade] += 1
    settled = year.published_on is not None
    assessed = year.assessed.year if year.assessed else year.campaign.year
    return Facts(
        unit=city,
        report_year=year.campaign.year,
        basis=year.basis,
        assessment=AssessmentResult(
            assessed, settled, None, None, year.published_on, _city_correction(year), year.withdrawal
        ),
        evaluation=None,
        opinions=_all_opinions(year),
        accountability=_city_accountability(year),
        groups=[
            GroupCount(group, [(name, found[name]) for name in year.grades.values()])
            for group, found in counts.items()
        ],
        example=year.campaign.example,
        assessment_overview=_city_assessment(year, counts, assessed),
        evaluation_overview=_city_evaluation(year),
    )


def assessment(year: Year, code: str) -> AssessmentResult | None:
    """What the assessment says of one unit; null when it was not assessed."""
    if year.assessed is None:
        return None
    summary = year.lines.get(code)
    if summary is None:
        taking_part = campaigns.participates(year.assessed, code) if not year.lines else False
        nothing = AssessmentResult(year.assessed.year, False, None, None, withdrawal=year.withdrawal)
        return nothing if taking_part else None
    return AssessmentResult(
        year.assessed.year,
        year.published_on is not None,
        summary["total"],
        year.grades.get(summary["grade"] or ""),
        year.published_on,
        _correction(year, code, summary),
    )


def _correction(year: Year, code: str, summary: Mapping[str, Any]) -> ResultCorrection | None:
    """What the last change after the publication, a withdrawn correction or a correction, did to one unit; null for nothing."""
    out = year.out
    if out is None:
        return None
    if out.undone and out.undone.published_at:
        found = _changed(year, year.undone.get(code), summary, out.undone.published_at, out.undone.reason)
        if found:
            return replace(found, withdrawn=True)
    if out.corrects is None:
        return None
    return _changed(year, year.before.get(code), summary, out.published_at, out.corrects.reason)


def _changed(
    year: Year, old: Mapping[str, Any] | None, summary: Mapping[str, Any], at: datetime, reason: str
) -> ResultCorrection | None:
    """Null when total and grade are what they were."""
    if old is None or (old["total"], old["grade"]) == (summary["total"], summary["grade"]):
        return None
    return ResultCorrection(_day(at), reason, old["total"], year.grades.get(old["grade"] or ""))


def _city_correction(year: Year) -> ResultCorrection | None:
    """The correction for the government's own text, which names no unit; null when nobody's result changed."""
    changed = (_correction(year, code, summary) for code, summary in year.lines.items())
    first = next((one for one in changed if one is not None), None)
    return replace(first, total_before=None, grade_before=None) if first else None


def _evaluation(year: Year, code: str) -> EvaluationResult | None:
    found = year.ballots.get(code)
    if found is None:
        return None
    satisfaction = found["satisfaction"] or {"value": None, "interval": None}
    interval = satisfaction["interval"]
    margin = None
    if interval:
        half = (Fraction(str(interval[1])) - Fraction(str(interval[0]))) / 2
        margin = half_up(half, 1)
    return EvaluationResult(
        year.campaign.year, found["n"], year.min_n, satisfaction["value"], margin, found["grade"]
    )


def _opinions(found: Mapping[str, int] | None) -> Opinions:
    return Opinions(found["received"], found["reasonable"], found["closed"]) if found else Opinions(0, 0, 0)


def _all_opinions(year: Year) -> Opinions:
    rows = list(year.opinions.values())
    return Opinions(
        sum(one["received"] for one in rows),
        sum(one["reasonable"] for one in rows),
        sum(one["closed"] for one in rows),
    )


def _accountability(year: Year, code: str, kind: str) -> str | None:
    said = year.accountability.get(code)
    if said is None:
        return None if must_state(kind) else ""
    return said.sentence(year.campaign.year)


def _city_accountability(year: Year) -> str | None:
    """The government's own paragraph: the sum of what its units confirmed, each case with its source; null while open.

    It is open while a government below, whose own report must say it, has confirmed nothing.
    """
    units = {
        row.organisation.code: row.organisation for row in campaigns.participations(year.campaign, only=True)
    }
    said = year.accountability
    if not said or any(must_state(unit.kind) and code not in said for code, unit in units.items()):
        return None
    none = sum(one.choice == NONE for one in said.values())
    some = {code: one for code, one in said.items() if one.choice == SOME}
    told = f"{year.campaign.year}年，{none}个单位确认没有发生因政府信息公开工作被追究责任的情况"
    if some:
        cases = sum(one.cases or 0 for one in some.values())
        each = "；".join(
            f"{units[code].name if code in units else code}{one.cases}件次，{one.ways.rstrip('。')}"
            f"（依据：{one.authority.rstrip('。')}）"
            for code, one in some.items()
        )
        told += f"；{len(some)}个单位共{cases}件次：{each}"
    silent = len(units) - none - len(some)
    return f"{told}。" + (f"另有{silent}个单位没有列明。" if silent > 0 else "")


def _city_assessment(year: Year, counts: Mapping[str, Counter[str]], assessed: int) -> str:
    if year.withdrawal:
        return f"依据{year.basis}，{year.withdrawal.sentence(assessed)}"
    if not year.lines:
        return f"依据{year.basis}，{assessed}年度政务公开工作考核正在进行，等次未定；结果公开后另发更正稿。"
    total = Counter[str]()
    for found in counts.values():
        total.update(found)
    status = f"已定，{year.published_on}公开" if year.published_on else "未定"
    changed = _city_correction(year)
    corrected = f"，{changed.on}{'撤回更正' if changed.withdrawn else '更正'}" if changed else ""
    said = (
        f"依据{year.basis}，{assessed}年度政务公开工作考核{len(year.lines)}个单位，"
        f"等次为{_spread(year, total)}（{status}{corrected}）。"
    )
    if changed is None:
        return said
    lines = year.undone if changed.withdrawn else year.before
    old = Counter(year.grades.get(one["grade"] or "", "") for one in lines.values())
    if changed.withdrawn:
        return f"{said}已撤回的更正等次为{_spread(year, old)}，不再有效。撤回理由：{changed.reason.rstrip('。')}。"
    return f"{said}更正前等次为{_spread(year, old)}。更正理由：{changed.reason.rstrip('。')}。"


def _spread(year: Year, total: Mapping[str, int]) -> str:
    return "、".join(f"{name}{total[name]}个" for name in year.grades.values())


def _city_evaluation(year: Year) -> str:
    if not year.ballots:
        return f"{year.campaign.year}年度社会评议还没有结果。"
    n = sum(one["n"] for one in year.ballots.values())
    grades = Counter(one["grade"] or "份数不足" for one in year.ballots.values())
    spread = "、".join(f"{name}{count}个" for name, count in grades.items())
    return (
        f"{year.campaign.year}年度社会评议收到有效问卷{n}份（自愿参与，非随机抽样），"
        f"评议{len(year.ballots)}个单位：{spread}。"
    )
