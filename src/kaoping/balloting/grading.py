"""From answers to a score, an interval and one of the three grades (社会评议制度 article 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import Final

from kaoping.arithmetic import exact, half_up, plain
from kaoping.balloting.questionnaire import BASIC, COUNTS_AS, DISSATISFIED, SATISFIED, SatisfactionRule

GRADE_NAMES: Final = {SATISFIED: "满意", BASIC: "基本满意", DISSATISFIED: "不满意"}
METHOD: Final = "Wilson 95%，以作出评价的份数为 n"
Z: Final = Decimal("1.959963984540054")  # two-sided 95 % of the normal distribution
HUNDRED: Final = 100
_FORTY_DIGITS: Final = Context(prec=40)
_KEPT: Final = Decimal("1e-20")


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """``value`` and the ends of the interval in 0..100, exact; null when nobody gave a counting answer."""

    n: int
    value: Fraction | None
    interval: tuple[Fraction, Fraction] | None


def satisfaction(rule: SatisfactionRule, counts: Mapping[str, int], n: int) -> Satisfaction:
    """The pooled score of ``counts`` (answers per class) given by ``n`` people.

    ``n`` is the number of ballots and not of answers, because one person's answers resemble each other:
    counting each answer as a person would make the interval too narrow.
    """
    base = sum(counts.get(kind, 0) for kind in COUNTS_AS)
    if not base or not n:
        return Satisfaction(n, None, None)
    share = sum((rule.weights[kind] * counts.get(kind, 0) for kind in COUNTS_AS), Fraction(0)) / base
    low, high = wilson(share, n)
    return Satisfaction(n, share * HUNDRED, (low * HUNDRED, high * HUNDRED))


def wilson(share: Fraction, n: int) -> tuple[Fraction, Fraction]:
    """The Wilson score interval (95 %) of a share in 0..1 seen in ``n`` answers.

    For a weighted share it is on the safe side, since a variable in 0..1 varies most when it takes only 0 and
    1. Worked with forty decimal digits, so that every machine prints the same figures.
    """
    with localcontext(_FORTY_DIGITS):
        p = Decimal(share.numerator) / share.denominator
        z2 = Z * Z
        centre = p + z2 / (2 * n)
        half = Z * (p * (1 - p) / n + z2 / (4 * n * n)).sqrt()
        ends = [(centre - half) / (1 + z2 / n), (centre + half) / (1 + z2 / n)]
        low, high = (end.quantize(_KEPT) for end in ends)
    return _inside(low), _inside(high)


def rule_text(rule: SatisfactionRule) -> str:
    """The formula in words, with this questionnaire's weights."""
    parts = [
        GRADE_NAMES[kind] if rule.weights[kind] == 1 else f"{plain(rule.weights[kind])}×{GRADE_NAMES[kind]}"
        for kind in COUNTS_AS
        if rule.weights[kind]
    ]
    return f"({' + '.join(parts)}) ÷ (满意 + 基本满意 + 不满意) × 100"


def grade(
    rule: SatisfactionRule | None, min_n: int | None, found: Satisfaction, places: int
) -> tuple[str | None, str]:
    """The grade in Chinese (null when none is given) and its reason. Compared unrounded."""
    if rule is None:
        return None, "问卷没有满意度规则，不给出等次。"
    if found.value is None or found.interval is None:
        return None, "没有作出评价的问卷，不给出等次。"
    if min_n is not None and found.n < min_n:
        return None, f"有效问卷 {found.n} 份，不足 {min_n} 份，不给出等次。"
    kind = next((kind for kind in (SATISFIED, BASIC) if found.value >= rule.lines[kind]), DISSATISFIED)
    reason = _reason(rule, kind, half_up(found.value, places))
    half_width = (found.interval[1] - found.interval[0]) / 2
    if half_width > rule.wide:
        reason += f"区间半宽 {half_up(half_width, 1)} 分，超过 {plain(rule.wide)} 分，仅供参考。"
    return GRADE_NAMES[kind], reason


def _reason(rule: SatisfactionRule, kind: str, value: str) -> str:
    satisfied, basic = plain(rule.lines[SATISFIED]), plain(rule.lines[BASIC])
    match kind:
        case "satisfied":
            return f"满意度得分 {value}，不低于 {satisfied}，为满意。"
        case "basic":
            return f"满意度得分 {value}，不低于 {basic}、低于 {satisfied}，为基本满意。"
        case _:
            return f"满意度得分 {value}，低于 {basic}，为不满意。"


def _inside(value: Decimal) -> Fraction:
    return min(Fraction(1), max(Fraction(0), exact(value)))
