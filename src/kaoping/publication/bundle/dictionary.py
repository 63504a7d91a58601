"""``dictionary.md``: what every file and field of a bundle means, for a reader without this program."""

from __future__ import annotations

from kaoping.publication.bundle.levels import PublicationLevel
from kaoping.scoring import provenance
from kaoping.scoring.provenance import Adoption
from kaoping.standards.loading import Rulebook
from kaoping.standards.numbers import numbers

_FILES = """\
| 文件 | 内容 |
| --- | --- |
| `manifest.json` | 清单：格式版本、年度、时段、截至时刻、公开级别、不能证明什么、每个文件的 SHA-256、签发人 |
| `rulebook/` | 规则集全文：指标、分值、等次、问卷、时间安排 |
| `units.csv` | 单位：代码、名称、种类、类别、起止日期、是否参评 |
| `observations.jsonl` | 观察记录，每行一条：谁的哪一项、来源、观察时间、登记时间、取值、理由、依据、更正哪一条 |
| `observations.sha256` | 每条观察记录的校验值 |
| `tallies.json` | 社会评议计票：每个单位每题每个选项的份数 |
| `results.json` | 结果：每个单位的总分、等次、名次和每一项的得分、理由、所依据的记录 |

取值的种类：verdict 结论（met 符合、not_met 不符合、undecided 无法判定、not_applicable 不涉及）· count 件数 · ratio 应办与办到 ·
level 档次 · points 得分 · tally 计票 · withdrawn 撤回。`exact` 是精确分数 a/b，`points`、`total` 按规则集四舍五入。

核对：`kaoping verify 本目录或 ZIP --digest 公布的校验值`。
"""


def dictionary(
    rulebook: Rulebook,
    year: int,
    level: PublicationLevel,
    *,
    example: bool,
    adoption: Adoption | None = None,
) -> str:
    """The text in Markdown. ``adoption`` is the approved plan by which the rulebook's proposals became the city's own."""
    lines = [f"# {rulebook.title} {year} 年度数据包说明", ""]
    if example:
        lines += ["**示例数据**：单位、分数和等次都是演示用的，不是真实考核结果。", ""]
    lines += [f"公开级别：{level.name}", "", _FILES, "## 能证明的", ""]
    lines += [f"- {text}" for text in level.provable]
    lines += ["", "## 不能证明的", ""]
    lines += [f"- {text}" for text in level.not_provable]
    lines += [
        "",
        "## 指标",
        "",
        "| 代码 | 名称 | 分值 | 依据 | 数字的来历 |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {node.code} | {node.name} | {node.max} | {node.basis} "
        f"| {provenance.words(provenance.of_number(node), adoption)} |"
        for node in rulebook.rubric.walk()
    ]
    lines += ["", "## 组成、档线和其他数字", "", "| 数字 | 取值 | 数字的来历 |", "| --- | --- | --- |"]
    lines += [
        f"| {one.name} | {one.value} | {provenance.words(one.confidence, adoption)} |"
        for one in numbers(rulebook)
    ]
    return "\n".join(lines) + "\n"
