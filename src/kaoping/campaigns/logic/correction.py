"""更正 of a published result: when one may be opened, changed, dropped, and what is missing before it is signed.

冻结后不能改分，只能发更正: what was published stays as it was; a correction is computed from the ledger, signed by a second
person and published as a release of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kaoping.campaigns.logic.stages import FROZEN, HANDLER, LABELS, PUBLISHED, Missing
from kaoping.campaigns.logic.step_back import WAY
from kaoping.evidence.logic import LATE

ONLY_HANDLER = "更正由政务公开办经办办理。"
WHAT_WAS_WRONG: Final = "请写明错在哪里、怎样发现的，会公开显示。"
NO_REASON: Final = "请写明改分的理由，单位和公众会看到。"
ENDED_PUBLISHED, ENDED_DROPPED = "published", "dropped"
ENDS: Final[dict[str, str]] = {ENDED_PUBLISHED: "已公开", ENDED_DROPPED: "已作罢"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the signature on a correction waits for."""

    sheet: bool = False  # a correction sheet was computed since it was opened
    is_latest: bool = False
    changed: bool = False  # the sheet says something else than what was published
    open_cells: int = 0
    signed_off: bool = False


def refusal_to_open(stage: str, already: int | None) -> str | None:
    """Why no correction can be opened, or null; ``already`` is the number of the one under way."""
    if stage != PUBLISHED:
        now = f"结果公开以后才有更正，现在是“{LABELS[stage]}”。"
        return now + (f"公开前{WAY}" if stage == FROZEN else "公开前发现错误，改台账重算即可。")
    if already is not None:
        return f"第 {already} 次更正正在办理，办完或作罢以后才能再立。"
    return None


def refusal_to_change(under_way: bool, signed: bool) -> str | None:
    """Why a line of the ledger cannot be corrected under a correction now, or null."""
    if not under_way:
        return "没有在办的更正。请经办先在“更正”写明理由，点“立更正”。"
    if signed:
        return "更正计分表已经签发。要改的，先在“发布”点“更正退回重办”；不改的，公开以后再立下一次。"
    return None


def refusal_of_late(late: bool) -> str | None:
    """Why a line is neither withdrawn nor restored under a correction: the published result never used it. Null otherwise."""
    if not late:
        return None
    return f"这一条{LATE}，公开的结果没有用到它，撤回、恢复都不动得分，不用更正。应当计入的，请在“更正”按项改分。"


def refusal_to_approve(under_way: bool, signed: bool, grades_moved: int) -> str | None:
    """Why the leading group is not asked about a correction now, or null: only a signed one that changes a grade."""
    if not under_way:
        return "没有在办的更正，不用呈批。"
    if not signed:
        return "更正计分表还没有第二人签发，签发以后再呈批。"
    return None if grades_moved else "这次更正没有改变任何单位的等次，不用呈批，可以直接公开。"


def refusal_to_drop(under_way: bool, signed: bool) -> str | None:
    """Why a correction cannot be dropped, or null."""
    if not under_way:
        return "没有在办的更正。"
    if signed:
        return "更正计分表已经签发，不能作罢。要作罢的，先在“发布”点“更正退回重办”。"
    return None


def missing(facts: Facts) -> list[Missing]:
    """What keeps the corrected sheet from being frozen, in the order in which it is done; empty when it is signed."""
    button = "在“更正”点“计算更正计分表”"
    if not facts.sheet:
        return [Missing("还没有计算更正计分表", HANDLER, button)]
    if not facts.is_latest:
        return [Missing("更正计分表之后又有新记录，要按最新记录重算", HANDLER, button)]
    if not facts.changed:
        return [
            Missing("更正计分表与已公开的结果一样", HANDLER, "在台账改好后重算；不用更正的，在“更正”点“作罢”")
        ]
    if facts.open_cells:
        return [Missing(f"更正计分表还差 {facts.open_cells} 格没有依据", HANDLER, f"补录后{button}")]
    if not facts.signed_off:
        return [Missing("更正计分表没有第二人签发", "第二签发人", "在“签发”核对后输入年份，点“签发”")]
    return []
