"""Not applicable (不涉及): only the office decides it, a claim never moves a point; the points are redistributed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from kaoping.scoring.methods.outcome import latest
from kaoping.scoring.observations import Observation
from kaoping.scoring.rubric import Indicator, Rubric
from kaoping.scoring.sheet import WrittenLine


def decided_not_applicable(
    item: Indicator, kind: str, observations: Sequence[Observation]
) -> tuple[str, tuple[str, ...]] | None:
    """Why the item does not apply to a unit of ``kind``, with the deciding observation; null when it applies.

    The office's latest word counts: a later verdict or a later decision on points takes an earlier 不涉及 back.
    """
    if item.applies_to and kind and kind not in item.applies_to:
        return "本项不适用于这类单位", ()
    decisions = [one for one in observations if one.source == "office" and one.kind in ("verdict", "points")]
    if decisions:
        last = latest(decisions)
        if last.kind == "verdict" and last.value == "not_applicable":
            return last.reason or "经市政务公开办认定不涉及", (last.id,)
    return None


def effective_max(
    tops: Sequence[Indicator], total: Fraction, applies: Mapping[str, bool], rule: str
) -> dict[str, Fraction]:
    """The maximum of each node after redistribution by ``rule`` (see ``Rubric.redistribution``).

    The sum over applicable leaves stays ``total`` as long as one leaf with points applies.
    """
    found: dict[str, Fraction] = {}
    nodes = [node for node in tops if node.role == "item"]
    if rule == "whole":
        base = sum((leaf.max for node in nodes for leaf in node.leaves() if applies[leaf.code]), Fraction(0))
        scale = total / base if base else Fraction(0)
        for node in nodes:
            _scale(node, scale, applies, found)
    else:
        _spread(nodes, total, applies, found)
    return found


def exact_maxima(rules: Rubric, indicators: Mapping[str, WrittenLine]) -> Mapping[str, Fraction]:
    """The exact maximum of every indicator of one unit's ``indicators`` in ``results.json``, which writes it rounded.

    Found again from the rules and from what does not apply; empty where not every item is there. A rounded maximum is for
    showing: beside exact points it makes who stands on a line fall below it, or full marks fall short.
    """
    leaves = [leaf.code for leaf in rules.leaves()]
    if not all(leaf in indicators for leaf in leaves):
        return {}
    applies = {leaf: indicators[leaf]["status"] != "not_applicable" for leaf in leaves}
    return effective_max(rules.indicators, rules.total, applies, rules.redistribution)


def _scale(
    node: Indicator, scale: Fraction, applies: Mapping[str, bool], found: dict[str, Fraction]
) -> Fraction:
    if node.children:
        own = sum(
            (_scale(child, scale, applies, found) for child in node.children if child.role == "item"),
            Fraction(0),
        )
    else:
        own = node.max * scale if applies[node.code] else Fraction(0)
    found[node.code] = own
    return own


def _spread(
    nodes: Sequence[Indicator], total: Fraction, applies: Mapping[str, bool], found: dict[str, Fraction]
) -> None:
    living = [node for node in nodes if any(applies[leaf.code] and leaf.max for leaf in node.leaves())]
    base = sum((node.max for node in living), Fraction(0))
    for node in nodes:
        share = total * node.max / base if node in living else Fraction(0)
        found[node.code] = share
        if node.children:
            _spread(node.children, share, applies, found)
