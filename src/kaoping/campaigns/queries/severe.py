"""Reads of 单项否决、重大减分: what the year's rulebook knows of them, what is proposed, what waits for its second person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from fractions import Fraction

from django.db.models import QuerySet

from kaoping.accounts.actor import Actor, Who
from kaoping.beijing import day_of
from kaoping.campaigns.logic import severe as logic
from kaoping.campaigns.logic.severe import Line, Matter, Rules, Unit
from kaoping.campaigns.logic.severe_table import SEVERE_TABLE, Reading, read_rows
from kaoping.campaigns.models import Campaign, Correction, SevereRulingEnd
from kaoping.campaigns.models import SevereRuling as SevereRuling  # what a view hands from a query to a verb
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries.period import period_of_item
from kaoping.evidence import queries as ledger
from kaoping.evidence.standing import announcements
from kaoping.scoring.announced import binding_day
from kaoping.scoring.rubric import SEVERE, Indicator
from kaoping.standards.queries import rulebook_of
from kaoping.support import tables


def matters(campaign: Campaign) -> dict[str, Matter]:
    """The year's vetoes and major deductions, in the order of the rulebook."""
    leaves = rulebook_of(campaign.rulebook_id).rubric.leaves()
    return {leaf.code: _matter(campaign, leaf) for leaf in leaves if leaf.role in SEVERE}


def _matter(campaign: Campaign, leaf: Indicator) -> Matter:
    window = period_of_item(campaign, leaf.code)
    taken = [kind for kind in logic.KINDS if kind != "points" or leaf.role == "penalty"]
    return Matter(
        code=leaf.code,
        title=leaf.name,
        role=leaf.role,
        kinds={
            kind: source
            for kind in taken
            for source in (
                "register",
                "office",
            )  # the office's own word last, so that it is the one that is kept
            if kind in leaf.sources.get(source, ())
        },
        each=Fraction(str(leaf.settings.get("each", "1"))),
        most=leaf.max,
        first=window.start,
        last=window.end,
        unit_kinds=frozenset(leaf.applies_to),
    )


def rules(campaign: Campaign, now: datetime, *, without: SevereRuling | None = None) -> Rules:
    """What a proposal of the year is read against; ``without`` leaves out one that waits itself."""
    known = matters(campaign)
    waits = waiting(campaign)
    if without is not None:
        waits = waits.exclude(pk=without.pk)
    units = {
        one.organisation.code: Unit(one.organisation.code, one.organisation.short_name, one.unit_kind)
        for one in campaigns.participations(campaign, only=True)
    }
    return Rules(
        units=units,
        matters=known,
        standing=ledger.standing_targets(campaign.organiser, known)
        | set(waits.values_list("organisation__code", "item", "target")),
        today=day_of(now),
        told=_told(campaign, units, now),
    )


def _told(campaign: Campaign, units: Iterable[str], now: datetime) -> dict[tuple[str, str], date]:
    """From which day each matter binds each unit, of those that bind only once announced; by the rule of the scorer."""
    leaves = rulebook_of(campaign.rulebook_id).rubric.leaves()
    dated = [leaf for leaf in leaves if leaf.role in SEVERE and leaf.announced_on is not None]
    lines = announcements(campaign.organiser, now) if dated else {}
    days = {(unit, leaf.code): binding_day(leaf, lines.get(unit, ())) for unit in units for leaf in dated}
    return {key: day for key, day in days.items() if day is not None}


def table(campaign: Campaign, filename: str, content: bytes, files: Sequence[str], now: datetime) -> Reading:
    """The reading of an offered table; what cannot be read is a fault of the whole file."""
    return read_rows(tables.read(content, filename, SEVERE_TABLE), rules(campaign, now), files=files)


def rulings(campaign: Campaign) -> QuerySet[SevereRuling]:
    """All of the year, newest first, with every person."""
    rows = SevereRuling.objects.filter(campaign=campaign).order_by("-id")
    return rows.select_related("campaign", "organisation", "by", "end", "end__by")


def by_id(campaign: Campaign, ruling_id: int) -> SevereRuling | None:
    """One of the year's."""
    return rulings(campaign).filter(pk=ruling_id).first()


def waiting(campaign: Campaign) -> QuerySet[SevereRuling]:
    """Those that wait for their second person."""
    return rulings(campaign).filter(end=None)


def line_of(ruling: SevereRuling) -> Line:
    """A proposal in the form in which the logic reads it."""
    return Line(
        ruling.organisation.code,
        ruling.item,
        ruling.kind,
        ruling.value,
        ruling.observed_on,
        ruling.document,
        ruling.target,
        ruling.reason,
        ruling.name,
    )


def correcting(campaign: Campaign) -> Correction | None:
    """The correction under which lines still enter the ledger, or null."""
    found = corrections.under_way(campaign)
    return None if found is None or corrections.is_signed(found) else found


def refusal_to_propose(campaign: Campaign) -> str | None:
    """Why nothing can be proposed in this year now, or null."""
    return logic.refusal_of_stage(
        campaign.stage, correcting(campaign) is not None
    ) or campaigns.refusal_of_voided(campaign)


def refusal_to_second(actor: Actor, ruling: SevereRuling, agreed: bool, now: datetime) -> str | None:
    """Why ``actor`` cannot give this answer to a proposal, or null."""
    words = logic.refusal_to_second(
        ruling.campaign.stage,
        correcting(ruling.campaign) is not None,
        proposed_by=Who(str(ruling.by_id)),
        actor=actor.who,
        decided=is_decided(ruling),
        agreed=agreed,
    )
    if words is None and agreed:
        words = refusal_of_facts(ruling, now)
    return words or campaigns.refusal_of_voided(ruling.campaign)


def refusal_of_facts(ruling: SevereRuling, now: datetime) -> str | None:
    """What has changed since the proposal so that it can no longer be confirmed, or null."""
    now_known = rules(ruling.campaign, now, without=ruling)
    matter = now_known.matters.get(ruling.item)
    if matter is None:
        return f"{ruling.item} 不在本年度的规则集里了。请不同意，由经办按现在的规则集重新提出。"
    found = [one.message for one in logic.refusals(line_of(ruling), now_known)]
    _kind, _value, no_value = logic.read_value(matter, logic.typed(ruling.kind, ruling.value))
    if no_value:
        found.append(no_value)
    if found:
        return f"{found[0]}。情况在提出以后有变，请不同意，由经办核对后重新提出。"
    if not ledger.intact(ruling.sha256):
        return "所附文件已封存、已销毁或与校验值不符，不能据以确认。请不同意，由经办重新提出。"
    return None


def refusal_to_take_back(actor: Actor, ruling: SevereRuling) -> str | None:
    """Why ``actor`` cannot take a proposal back, or null."""
    words = logic.refusal_to_take_back(
        proposed_by=Who(str(ruling.by_id)), actor=actor.who, decided=is_decided(ruling)
    )
    return words or campaigns.refusal_of_voided(ruling.campaign)


def is_decided(ruling: SevereRuling) -> bool:
    """Whether it was confirmed, refused or taken back."""
    return SevereRulingEnd.objects.filter(ruling=ruling).exists()
