"""Whether two cases about one place can be joined, and what a unit must not lose by it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kaoping.checks.model import date_words
from kaoping.rectification.logic import ANSWERED, CLOSED, DRAFT, PASSED, SERVED, STATES
from kaoping.scoring import targets


@dataclass(frozen=True, slots=True)
class Side:
    """One of two cases about one place, as the question whether they can be joined sees it.

    ``served`` and ``late``: the unit has the order, and is late with it; ``mended``: somebody saw that the fault was gone;
    ``answered``: the unit said something of it; ``asked``: a question of the unit waits for its answer.
    """

    number: str
    fault: tuple[str, str, str]  # unit, item, check
    target: str
    state: str
    due_on: date | None = None
    served: bool = False
    late: bool = False
    mended: bool = False
    answered: bool = False
    asked: bool = False


def refusal_to_merge(gone: Side, stays: Side) -> str | None:
    """Why ``gone`` cannot be joined with ``stays``, which is then the only case about the place, or null; with what to do.

    What the unit was told never becomes worse: no order that it has disappears behind one that it has not, no deadline
    becomes earlier, no word or question of it is lost. And nothing that counts against it disappears: a unit that is late
    stays late, a fault that was looked at again is closed as it is.
    """
    other_way = f"请反过来，把 {stays.number} 并入 {gone.number}。"
    if gone.number == stays.number:
        return "不能并入自己，请选另一张。"
    if gone.fault != stays.fault:
        return "只能合并同一单位、同一指标的整改单。"
    if not (targets.is_place(gone.target) and targets.is_place(stays.target)):
        return "只合并同一处地点写成两种写法的整改单；网页的问题各是各的。"
    if stays.state not in (DRAFT, SERVED, ANSWERED):
        return f"{stays.number} {STATES[stays.state]}，不能并入。"
    if gone.state not in (DRAFT, SERVED) or gone.answered:
        if gone.state in (CLOSED, PASSED) or gone.mended:
            return f"{gone.number} {STATES[gone.state]}，按原单办结，不能合并。"
        return f"单位已就 {gone.number} 回复，不能作没有回复。{other_way}两张都回复了的，各自核查结案。"
    if gone.mended:
        return f"{gone.number} 已有核查通过的记录，按原单办结，不能合并。"
    if gone.served and not stays.served:
        return f"{gone.number} 已经下发，{stays.number} 还没有。{other_way}"
    if gone.asked:
        return f"单位就 {gone.number} 的提问还没有答复，请先答复。"
    if gone.late:
        return f"{gone.number} 已经逾期，逾期情况不因合并消失，两张各自办结。"
    if gone.due_on is not None and stays.due_on is not None and gone.due_on > stays.due_on:
        return f"{gone.number} 的期限（{date_words(gone.due_on)}）较晚，单位被告知的期限不能提前。{other_way}"
    return None


def refusal_to_withdraw_for_merging(
    sources: Iterable[str], counted: Sequence[int | None], kept: Iterable[int | None]
) -> str | None:
    """Why the lines of the case that ends cannot be taken out of the ledger, or null.

    ``sources`` are those of the lines, ``counted`` the years for which they count, ``kept`` those of the lines that stay: a
    year in which none stays would lose its deduction altogether. Null is a year that nobody has set up yet.
    """
    if any(one not in ("visit", "draw") for one in sources):
        return "所依据的记录不都是实地查看，不能合并，请在“台账”逐条提请审定。"
    missing = [one for one in counted if one is None or one not in set(kept)]
    if None in missing:
        return "有记录不在任何已建立的年度里，还不知道两张是否计入同一年，建立年度以后再合并。"
    if missing:
        return f"{missing[0]} 年度只有这一张的记录，撤回就不扣分了，不能合并。"
    return None
