"""What a plan asks the leading group to decide: every number that no text gives, of the rulebook and of the program.

The regulations set no points, lines or terms (考核办法 第七条（三）); who signs the plan signs these. They are listed with the
plan's approval sheet, so that they are decided knowingly, and carry 待核 until then.
"""

from __future__ import annotations

from collections.abc import Iterator

from kaoping.arithmetic import plain
from kaoping.campaigns.logic.appeal import WORKING_DAYS as APPEAL_DAYS
from kaoping.evaluation.logic import OPINION_WORKING_DAYS
from kaoping.reporting.scoring_room import APART
from kaoping.scoring.provenance import PROPOSED, is_open
from kaoping.standards.limits import Limits
from kaoping.standards.loading import Rulebook
from kaoping.standards.numbers import Number, numbers


def open_numbers(rulebook: Rulebook) -> list[Number]:
    """The rulebook's open numbers - parts, lines, quota, points of items - then the program's own terms."""
    rules = [one for one in numbers(rulebook) if is_open(one.confidence)]
    items = [
        Number(f"{leaf.code} {leaf.name}", f"{plain(leaf.max)} 分", leaf.confidence)
        for leaf in rulebook.rubric.leaves()
        if leaf.role in ("item", "bonus", "penalty") and is_open(leaf.confidence)
    ]
    return [*rules, *items, *_terms(rulebook.limits)]


def _terms(limits: Limits) -> Iterator[Number]:
    if is_open(limits.confidence):
        yield Number("整改期限", f"{limits.order_days} 个工作日", limits.confidence)
    yield Number("意见建议整改期限", f"{OPINION_WORKING_DAYS} 个工作日", PROPOSED)
    yield Number("复核申请期限", f"{APPEAL_DAYS} 个工作日", PROPOSED)
    if is_open(limits.confidence):
        yield Number("监测间隔", f"{limits.look_days} 天一轮", limits.confidence)
        line = f"{limits.confirm_failures} 次不符合、跨 {limits.confirm_hours} 小时以上，经人确认"
        yield Number("监测发现的确认", line, limits.confidence)
        yield Number("网页已撤的认定", f"{limits.gone_answers} 次答复 404 或 410", limits.confidence)
        yield Number("每轮监测", f"最多 {limits.pages} 页、{limits.files} 个附件", limits.confidence)
    yield Number("评审分歧", f"相差满分的 {plain(APART * 100)}% 以上", PROPOSED)
