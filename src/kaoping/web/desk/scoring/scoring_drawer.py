"""One cell of the scoring room opened: how the points of one item of one unit came about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from django.urls import reverse

from kaoping.campaigns.logic.appeal import OUTCOMES
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import changes
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.campaigns.queries.review import judged_at
from kaoping.reporting import scoring_room as facts
from kaoping.scoring import provenance
from kaoping.web.desk.observed import card_of, seen_words
from kaoping.web.desk.years import unit_name
from kaoping.web.ui.observed import source_words
from kaoping.web.ui.parts.score import ChainStep, Change, RaterScore, RaterSpread, ScoreChain
from kaoping.web.ui.wording import points

STATUS_WORDS: Final = {
    "scored": "",
    "not_scored": "待评",
    "undecided": "无法判定",
    "not_applicable": "不涉及",
    "vetoed": "单项否决",
}


def drawer(campaign: Campaign, why: facts.Reason, *, files: bool) -> dict[str, Any]:
    """The reason of one cell: chain, reviewers, observations, rule text."""
    line, column = why.line, why.line.column
    judged = judged_at(one.id for one in (*line.observations, *why.undecided))
    here = reverse("desk-scoring-room-year", args=[campaign.key])
    changed = changes.steps(campaign, why.view.unit, why.view.sheet).get(column.code, [])
    return {
        "unit": why.view.unit,
        "chain": ScoreChain(
            title=f"{column.code} {column.title}",
            points=line.points if line.status == "scored" else STATUS_WORDS.get(line.status, "—"),
            max=line.max,
            steps=tuple(_steps(campaign, why, here, judged)),
            crumbs=campaign_unit(why),
            old=changed[0].before if changed else None,
            changed=tuple(Change(one.what, one.before, one.after) for one in changed),
        ),
        "spread": _spread(why),
        "cards": [
            card_of(one, why.rule, files=files, judged=judged.get(one.id)) for one in line.observations
        ],
        "unclear": [card_of(one, why.rule, files=files, judged=judged.get(one.id)) for one in why.undecided],
        "rule": why.rule,
        "source": provenance.words(why.rule.confidence, campaigns.adoption_of(campaign)) if why.rule else "",
        "rule_url": reverse("desk-rulebook", args=[campaign.rulebook_id]) + f"#{column.code}",
        "close": here,
    }


def _steps(
    campaign: Campaign, why: facts.Reason, here: str, judged: Mapping[str, datetime]
) -> Iterator[ChainStep]:
    """Parts below, records seen, how they count, appeals, and what it comes to."""
    line = why.line
    for part in why.parts:
        yield ChainStep(
            part.column.code,
            f"{part.column.title}，满分 {points(part.max)}。{part.reason}",
            value=part.points if part.status == "scored" else STATUS_WORDS.get(part.status),
            url=f"{here}?unit={why.view.unit}&item={part.column.code}#reason",
        )
    if line.column.leaf:
        for one in line.observations[:12]:
            yield ChainStep(source_words(one), seen_words(one, why.rule, judged.get(one.id)))
        if len(line.observations) > 12:
            yield ChainStep("另有", f"{len(line.observations) - 12} 条记录，都在下面")
    yield ChainStep("怎么算", line.reason or "没有可以计分的记录")
    for appeal in why.appeals:
        yield ChainStep(
            "复核",
            f"{appeal.number} {OUTCOMES.get(appeal.outcome, '还没有决定')}",
            url=reverse("desk-appeal", args=[campaign.key, appeal.pk]),
        )
    yield ChainStep("得分", f"满分 {points(line.max)}", line.points if line.status == "scored" else None)


def campaign_unit(why: facts.Reason) -> str:
    """The unit's short name and its group."""
    name = unit_name(why.view.unit)
    return f"{name}　{why.view.group}" if why.view.group else name


def _spread(why: facts.Reason) -> RaterSpread | None:
    if why.spread is None:
        return None
    levels = "，".join(f"{dot.alias}“{dot.label}”" for dot in why.spread.dots)
    return RaterSpread(
        scores=tuple(RaterScore(dot.alias, dot.share * 100) for dot in why.spread.dots),
        low=0,
        high=100,
        apart=facts.APART * 100,
        note=f"{levels}。按各档占满分的百分比，最大相差 {points(why.spread.range * 100, 0)} 个百分点。",
    )
