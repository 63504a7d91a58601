"""``dictionary.md``: what every file and field of a bundle means, for a reader without this program.

It says the rules in words as well, item by item, and ``verify`` compares it with the rulebook from format 3 on: what people
read and what is computed are one. A change of its words is a change of ``WORDING``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from kaoping.beijing import BEIJING
from kaoping.foreign.days import strict_day, strict_instant
from kaoping.publication.bundle.levels import PublicationLevel
from kaoping.scoring import provenance
from kaoping.scoring.methods import scale_in_words
from kaoping.scoring.provenance import Adoption
from kaoping.scoring.rubric import Indicator, Rubric
from kaoping.scoring.succession import SOURCE_WORDS
from kaoping.standards.loading import Rulebook
from kaoping.standards.numbers import numbers

_YEARS: Final = {-1: "上年", 0: "当年", 1: "次年"}

_FILES = """\
| 文件 | 内容 |
| --- | --- |
| `manifest.json` | 清单：格式版本、年度、时段、截至时刻、公开级别、不能证明什么、每个文件的 SHA-256、签发人 |
| `rulebook/` | 规则集全文：指标、分值、等次、问卷、时间安排 |
| `units.csv` | 单位：代码、名称、种类、类别、起止日期、是否参评 |
| `observations.jsonl` | 观察记录，每行一条：谁的哪一项、来源、观察时间、登记时间、取值、理由、依据、经哪一件事办理、更正哪一条 |
| `observations.sha256` | 每条观察记录的校验值 |
| `acts.json` | 审定、复核、更正和整批撤回：编号、日期、办理人数；观察记录的 `act` 写的就是它的编号 |
| `tallies.json` | 社会评议计票：每个单位每题每个选项的份数；作出评价的份数不足的，只列份数 n，不列各选项 |
| `results.json` | 结果：每个单位的总分、等次、名次和每一项的得分、理由、所依据的记录 |

取值的种类：verdict 结论（met 符合、not_met 不符合、undecided 无法判定、not_applicable 不涉及）· count 件数 · ratio 应办与办到 ·
level 档次 · points 得分 · looks 查看次数（不计分） · tally 计票（options 为 null 的，份数不足，不列各选项，也不计分）· withdrawn 撤回。`exact` 是精确分数 a/b，`points`、`total` 按规则集四舍五入。

核对：`kaoping verify 本目录或 ZIP --digest 公布的校验值`。
"""


# Bundles published in wording 2 are cut and verified in the words they were published with.
_WORDING_2: Final = ("审定、复核、更正和整批撤回", "裁定、复核、更正和整批撤回")


def dictionary(
    rulebook: Rulebook,
    year: int,
    level: PublicationLevel,
    *,
    wording: int,
    example: bool,
    signatures: Sequence[Mapping[str, str]] = (),
    corrects: Mapping[str, str] | None = None,
    adopted: Mapping[str, str] | None = None,
) -> str:
    """The text in Markdown; ``signatures``, ``corrects`` and ``adopted`` are those of the manifest.

    ``wording``: the manifest's ``wording_version``, so that a frozen bundle keeps its words.
    """
    files = _FILES.replace(*_WORDING_2) if wording <= 2 else _FILES
    lines = [f"# {rulebook.title} {year} 年度数据包说明", ""]
    if example:
        lines += ["**示例数据**：单位、分数和等次都是演示用的，不是真实考核结果。", ""]
    lines += [f"签发：{one['role']}，{one['name']}，{_signed_at(one['at'], wording)}" for one in signatures]
    if adopted:
        lines.append(f"本级审定：{adopted['by']}，{adopted['on']}，{adopted['document_no'] or '未编文号'}")
    if corrects:
        lines.append(
            f"更正：{corrects['release']}，{corrects['reason']}；原校验值 {corrects['full_digest']}、{corrects['public_digest']}"
        )
    lines += [f"公开级别：{level.name}", "", files, "## 能证明的", ""]
    lines += [f"- {text}" for text in level.provable]
    lines += ["", "## 不能证明的", ""]
    lines += [f"- {text}" for text in level.not_provable]
    adoption = _adoption(adopted)
    lines += ["", *_grades(rulebook.rubric, adoption, wording), "", *_periods(rulebook)]
    lines += ["", *_items(rulebook.rubric, adoption)]
    lines += ["", *_others(rulebook, adoption)]
    return "\n".join(lines) + "\n"


def _signed_at(text: str, wording: int) -> str:
    """When somebody signed, in Beijing time; what is no instant stays as the manifest has it."""
    instant = strict_instant(text) if wording >= 5 else None
    if instant is None:
        return text
    try:
        here = instant.astimezone(BEIJING)
    except OverflowError:  # the last hours of the year 9999
        return text
    return f"{here.year}年{here.month}月{here.day}日 {here:%H:%M}（北京时间）"


def _adoption(adopted: Mapping[str, str] | None) -> Adoption | None:
    """The approved plan by which the rulebook's proposals became the city's own, from the manifest's words."""
    if not adopted:
        return None
    on = strict_day(adopted["on"])
    assert on is not None  # the manifest was found sound
    return Adoption(adopted["by"], on, adopted["document_no"])


def _others(rulebook: Rulebook, adoption: Adoption | None) -> list[str]:
    rows = [
        f"| {one.name} | {one.value} | {provenance.words(one.confidence, adoption)} |"
        for one in numbers(rulebook)
    ]
    return ["## 组成、档线和其他数字", "", "| 数字 | 取值 | 数字的来历 |", "| --- | --- | --- |", *rows]


def _items(rubric: Rubric, adoption: Adoption | None) -> list[str]:
    rows = [
        (
            node.code,
            node.name,
            str(node.max),
            scale_in_words(node),
            "；".join([*_sources(node), *_limits(node)]),
            node.basis,
            provenance.words(provenance.of_number(node), adoption),
        )
        for node in rubric.walk()
    ]
    return [
        "## 指标",
        "",
        "| 代码 | 名称 | 分值 | 怎么算 | 取自 | 依据 | 数字的来历 |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def _sources(node: Indicator) -> list[str]:
    return [f"{SOURCE_WORDS[source]} {'、'.join(kinds)}" for source, kinds in node.sources.items()]


def _limits(node: Indicator) -> list[str]:
    """What else decides which lines an item takes."""
    found = {
        "角色": node.role if node.role != "item" else "",
        "考核方式": node.component or "",
        "检查项": "、".join(node.checks),
        "适用": "、".join(node.applies_to),
        "时段": node.period or "",
        "告知": node.announced_on.isoformat() if node.announced_on else "",
        "设定": "、".join(f"{name}={node.settings[name]}" for name in sorted(node.settings)),
        "档次": "、".join(f"{level.code}={level.share}" for level in node.levels),
    }
    return [f"{name} {text}" for name, text in found.items() if text]


def _grades(rubric: Rubric, adoption: Adoption | None, wording: int) -> list[str]:
    """Bands, quota, gate and veto, and how totals are rounded and ranked."""

    def mark(confidence: str) -> str:
        return provenance.mark(confidence, adoption) if wording >= 4 else ""

    lines = ["## 总分、等次和名次", ""]
    lines.append(
        f"- 总分 {rubric.total}，保留 {rubric.places} 位；封顶 {rubric.ceiling or '无'}；"
        f"不涉及的分值 {rubric.redistribution}；没有得分的项 {rubric.unscored}；"
        f"名次 {rubric.ranking}，按 {rubric.rank_on}"
    )
    lines += [
        f"- 考核方式 {one.code} {one.name} {one.points} 分{mark(one.confidence)}" for one in rubric.components
    ]
    rule = rubric.grades
    if rule is None:
        return lines
    lines += [
        f"- 等次 {band.code} {band.name}：{band.least} 分起{mark(rule.confidence) if band.least else ''}"
        for band in rule.bands
    ]
    if rule.quota:
        quota = rule.quota
        lines.append(
            f"- {quota.grade} 名额：每类 {quota.share}，至少 {quota.least} 个，同分 {quota.ties}{mark(quota.confidence)}"
        )
    lines.append(f"- 前提管 {rule.gated or '无'}；触发单项否决的定为 {rule.veto_grade}")
    return lines


def _periods(rulebook: Rulebook) -> list[str]:
    """Which days each timetable looks at."""
    lines = ["## 考核期", ""]
    for code, variant in rulebook.timetable.variants.items():
        first, last = (
            f"{_YEARS[day.years]} {day.month} 月 {day.day} 日" for day in (variant.start, variant.end)
        )
        default = "（默认）" if code == rulebook.timetable.default else ""
        lines.append(f"- {code} {variant.name}{default}：{first}至{last}")
    return lines
