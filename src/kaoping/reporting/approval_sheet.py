"""The 呈批表 that officials sign on paper: the program prints it, the signed scan comes back. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kaoping.reporting.render.docx import Block, Grid, Text, Title


@dataclass(frozen=True, slots=True)
class Step:
    """One signature: its name, who gave it on the system and when ('' while open)."""

    name: str
    person: str = ""
    on: str = ""
    opinion: str = ""


def blocks(
    *,
    office: str,
    subject: str,
    facts: Sequence[tuple[str, str]],
    steps: Sequence[Step],
    numbers: Sequence[tuple[str, str]] = (),
    numbers_mark: str = "",
    grades: Sequence[tuple[str, str, str]] = (),
    example: bool,
) -> list[Block]:
    """The sheet: what is asked, the facts it rests on, one row a signature with room to sign.

    ``numbers`` are listed at its end: what no text gives and this signature decides, name and value; ``numbers_mark`` says how
    they stand now (``provenance.standing_mark``). ``grades``: units whose
    grade a correction changes, with the grade before and after.
    """
    made: list[Block] = [Title(f"{subject}呈批表")]
    if example:
        made.append(Text("示例数据", indent=False, align="center"))
    made += [
        Grid(
            "呈批事项",
            ["项目", "内容"],
            [["呈批单位", office], *([name, value] for name, value in facts)],
            (36, 120),
        ),
        Grid(
            "审批意见",
            ["环节", "意见", "签名", "日期"],
            [[one.name, one.opinion or "\n\n", "", ""] for one in steps],
            (30, 70, 30, 26),
        ),
        Text(
            "本表打印后由各环节签名，扫描件附回系统后，下一环节方可办理。文号由办公系统编定后填写。",
            indent=False,
        ),
    ]
    if grades:
        made.append(
            Grid(
                "附：等次改变的单位",
                ["单位", "原等次", "现等次"],
                [list(one) for one in grades],
                (76, 40, 40),
            )
        )
    if numbers:
        made.append(
            Grid(
                "附：条文没有规定、随方案审定的数字",
                ["数字", f"取值{numbers_mark}"],
                [[name, value] for name, value in numbers],
                (90, 66),
            )
        )
    return made
