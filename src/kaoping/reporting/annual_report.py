"""The paragraph and table on assessment and evaluation for the statutory annual report. Pure.

政府信息公开条例 第五十条: a government's report gives the results of assessment, evaluation and accountability (other
organs' reports carry 责任追究 only where the organ itself states it);
考核办法 第八条、第九条 and 评议制度 第八条、第九条 put a unit's own results, and those of the public enterprises under a
competent department, into its report. Every figure names its year and whether it is settled (已定) or not (未定).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kaoping.reporting.render.docx import Block, Grid, Heading, Text, Title

SETTLED, UNSETTLED, WITHDRAWN = "已定", "未定", "已撤回"
UNFINISHED: Final = "（待填写：责任追究情况由本机关如实填写并确认，填写后才能下载。）"
# A report already out with the old result is replaced; one not yet out simply carries the corrected one.
CORRECTION_NOTE: Final = "本文为更正稿：文中的考核结果公开后有更正。原年度报告已经公布的，请以本文更正并重新公布，写明更正的内容和日期。"


@dataclass(frozen=True, slots=True)
class ResultCorrection:
    """The published result of a unit was corrected: on which day and why, and what it was before.

    ``withdrawn``: a correction that had been published was withdrawn, and the result before it is valid again.
    """

    on: str
    reason: str
    total_before: str | None
    grade_before: str | None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class ResultWithdrawal:
    """The published result of a year was withdrawn and none is valid: published when, withdrawn when and why."""

    published_on: str
    on: str
    reason: str

    def sentence(self, year: int) -> str:
        """What a text says of the year while no result is valid."""
        return (
            f"{year}年度政务公开工作考核结果{self.published_on}公开，{self.on}撤回，"
            f"现在没有有效的结果；更正公开后另发更正稿。撤回理由：{self.reason.rstrip('。')}。"
        )


@dataclass(frozen=True, slots=True)
class AssessmentResult:
    """What the assessment of ``year`` said of a unit. ``total`` and ``grade`` are null while not known.

    ``published_on`` is the day of the first publication; ``correction`` says what a later one changed for this unit;
    ``withdrawal`` that the result was taken back and none is valid.
    """

    year: int
    settled: bool
    total: str | None
    grade: str | None
    published_on: str | None = None
    correction: ResultCorrection | None = None
    withdrawal: ResultWithdrawal | None = None


@dataclass(frozen=True, slots=True)
class EvaluationResult:
    """What the public said in ``year``: ballots in 份, satisfaction as printed, grade null below the minimum."""

    year: int
    n: int
    min_n: int
    satisfaction: str | None
    margin: str | None
    grade: str | None


@dataclass(frozen=True, slots=True)
class Opinions:
    """Opinions received in the year: how many, found reasonable, put right in time."""

    received: int
    reasonable: int
    closed: int


@dataclass(frozen=True, slots=True)
class Enterprise:
    """A public enterprise or institution under the competent department."""

    name: str
    assessment: AssessmentResult | None
    evaluation: EvaluationResult | None


@dataclass(frozen=True, slots=True)
class GroupCount:
    """How the units of one group are spread over the grades (for the government's own report)."""

    group: str
    counts: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the text may say.

    ``accountability`` is the sentence that the unit itself confirmed, '' when its report does not carry it, null when it
    must and nobody has confirmed one yet: then the text is unfinished.
    """

    unit: str
    report_year: int
    basis: str
    assessment: AssessmentResult | None
    evaluation: EvaluationResult | None
    opinions: Opinions
    accountability: str | None
    enterprises: Sequence[Enterprise] = ()
    groups: Sequence[GroupCount] = ()
    example: bool = False
    # For the government's own report, which speaks of all its units, not of one.
    assessment_overview: str = ""
    evaluation_overview: str = ""

    @property
    def is_unfinished(self) -> bool:
        """Whether something that the report must say still waits for the unit: it is no final text then."""
        return self.accountability is None

    @property
    def is_withdrawn(self) -> bool:
        """Whether the result that the text would name was published and withdrawn, and none is valid."""
        return self.assessment is not None and self.assessment.withdrawal is not None

    @property
    def is_correction(self) -> bool:
        """Whether the text is a 更正稿: a result that it names was corrected after its publication."""
        named = [self.assessment, *(one.assessment for one in self.enterprises)]
        return any(one is not None and one.correction is not None for one in named)


def blocks(facts: Facts) -> list[Block]:
    """The document: one paragraph a subject, then the table, then what is still open."""
    made: list[Block] = [
        Title(
            f"{facts.unit}{facts.report_year}年政府信息公开工作年度报告（考核与评议部分）"
            f"{'更正稿' if facts.is_correction else ''}"
        )
    ]
    if facts.is_correction:
        made.append(Text(CORRECTION_NOTE))
    if facts.example:
        made.append(
            Text("示例数据：本文由演示数据生成，不代表任何单位的真实结果。", indent=False, align="center")
        )
    for heading, text in parts(facts):
        made += [Heading(heading, 2), Text(text)]
    if facts.enterprises:
        number = "四" if len(parts(facts)) > 2 else "三"
        made += [Heading(f"（{number}）公共企事业单位考核与评议结果", 2), _enterprises(facts.enterprises)]
    if facts.groups:
        made.append(_groups(facts))
    return made


def parts(facts: Facts) -> list[tuple[str, str]]:
    """The paragraphs with their headings; 责任追究 only where the report carries it."""
    found = [
        ("（一）工作考核结果", assessment_sentence(facts)),
        ("（二）社会评议结果", evaluation_sentence(facts)),
    ]
    said = accountability_sentence(facts)
    return [*found, ("（三）责任追究结果", said)] if said else found


def assessment_sentence(facts: Facts) -> str:
    """依据、得分、等次、年度与状态."""
    if facts.assessment_overview:
        return facts.assessment_overview
    result = facts.assessment
    if result is None:
        return f"{facts.report_year}年度政务公开工作考核没有{facts.unit}的结果，请向政务公开办核对。"
    if result.withdrawal:
        return f"依据{facts.basis}，{result.withdrawal.sentence(result.year)}"
    if result.total is None:
        return f"依据{facts.basis}，{result.year}年度政务公开工作考核正在进行，得分和等次{UNSETTLED}；结果公开后另发更正稿。"
    status = SETTLED if result.settled else UNSETTLED
    published = f"，{result.published_on}公开" if result.published_on else ""
    grade = f"等次为“{result.grade}”" if result.grade else "等次待定"
    changed = result.correction
    corrected = f"，{changed.on}{'撤回更正' if changed.withdrawn else '更正'}" if changed else ""
    said = (
        f"依据{facts.basis}，{facts.unit}{result.year}年度政务公开工作考核得{result.total}分，"
        f"{grade}（{status}{published}{corrected}）。"
    )
    if changed is None:
        return said
    before = f"得{changed.total_before}分" if changed.total_before else "得分未定"
    old_grade = f"等次为“{changed.grade_before}”" if changed.grade_before else "等次待定"
    if changed.withdrawn:
        return f"{said}已撤回的更正{before}，{old_grade}，不再有效。撤回理由：{changed.reason.rstrip('。')}。"
    return f"{said}更正前{before}，{old_grade}。更正理由：{changed.reason.rstrip('。')}。"


def evaluation_sentence(facts: Facts) -> str:
    """份数、满意度、误差与等次，意见建议的办理."""
    result, opinions = facts.evaluation, facts.opinions
    if facts.evaluation_overview:
        first = facts.evaluation_overview
    elif result is None:
        first = f"{facts.report_year}年度社会评议没有{facts.unit}的结果。"
    elif result.grade is None:
        first = f"{result.year}年度社会评议收到有效问卷{result.n}份，不足{result.min_n}份，不给出等次。"
    else:
        margin = f"（±{result.margin}）" if result.margin else ""
        first = (
            f"{result.year}年度社会评议收到有效问卷{result.n}份（自愿参与，非随机抽样），"
            f"{f'满意度得分{result.satisfaction}{margin}，' if result.satisfaction else ''}等次为“{result.grade}”。"
        )
    if opinions.received == 0:
        return first + "没有收到意见建议。"
    return (
        first
        + f"收到意见建议{opinions.received}条，其中合理的{opinions.reasonable}条，已按期整改{opinions.closed}条。"
    )


def accountability_sentence(facts: Facts) -> str:
    """责任追究: only what the unit confirmed; the program invents no fact."""
    return UNFINISHED if facts.accountability is None else facts.accountability


def state_of(result: AssessmentResult) -> str:
    """已定, 未定 or 已撤回, and whether it was corrected, for a table."""
    if result.withdrawal:
        return WITHDRAWN
    if not result.settled:
        return UNSETTLED
    return f"{SETTLED}，更正" if result.correction else SETTLED


def _enterprises(enterprises: Sequence[Enterprise]) -> Grid:
    rows = []
    for one in enterprises:
        assessed, evaluated = one.assessment, one.evaluation
        rows.append(
            [
                one.name,
                f"{assessed.year}年度" if assessed else "—",
                (assessed.total or "—") if assessed else "—",
                (assessed.grade or ("—" if assessed.withdrawal else "待定")) if assessed else "—",
                state_of(assessed) if assessed else "—",
                f"{evaluated.n}份" if evaluated else "—",
                (evaluated.grade or "份数不足") if evaluated else "—",
            ]
        )
    header = ["单位", "考核年度", "得分", "等次", "状态", "有效问卷", "评议等次"]
    return Grid("公共企事业单位信息公开考核与评议结果", header, rows, (46, 20, 18, 18, 16, 18, 20))


def _groups(facts: Facts) -> Grid:
    grades = [grade for grade, _count in facts.groups[0].counts]
    year = facts.assessment.year if facts.assessment else facts.report_year
    rows = [[one.group, *(str(count) for _grade, count in one.counts)] for one in facts.groups]
    return Grid(f"{year}年度考核各类单位等次分布（个）", ["类别", *grades], rows)
