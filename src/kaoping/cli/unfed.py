"""``kaoping doctor`` looks at the rulebooks of the years at work: which checks count for nothing there."""

from __future__ import annotations

from collections.abc import Iterator

from kaoping.cli.django import late
from kaoping.cli.verdict import Verdict


def examine() -> Iterator[Verdict]:
    """Checks that count for nothing in a year at work, so that nobody learns it from a sheet; silent before the first year."""
    query, remedy = late("kaoping.campaigns.queries.unfed"), late("kaoping.standards.unfed").REMEDY
    years = list(late("kaoping.campaigns.queries.campaign").campaigns())
    told = [(one.year, words) for one in years if (words := query.words(one))]
    for year, words in told:
        yield Verdict("规则集", "warn", f"{year} 年度：{words}", remedy)
    if years and not told:
        yield Verdict("规则集", "good", "办理中的年度，检查项都有指标收")
