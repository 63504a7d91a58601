"""The verb by which a unit states 责任追究 for its own annual report (政府信息公开条例 第五十条)."""

from __future__ import annotations

from datetime import datetime

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.logic import NOT_SAID, Opened
from kaoping.accounts.models import Person
from kaoping.accounts.queries import written_by
from kaoping.accounts.services import merged
from kaoping.accounts.verbs import Act, verb
from kaoping.campaigns import policy
from kaoping.campaigns.logic import accountability as logic
from kaoping.campaigns.models import AccountabilityStatement, Campaign
from kaoping.campaigns.queries import accountability as statements
from kaoping.campaigns.queries.campaign import organisation_of, refusal_of_voided


def _own_unit(actor: Actor, unit: str) -> bool:
    return policy.can_state_accountability(actor, unit)


def _not_to_state(campaign: Campaign, unit: str) -> str | None:
    if organisation_of(campaign, unit) is None:
        return "本单位不参加这一年的考核。"
    return refusal_of_voided(campaign)


@verb(
    "state_accountability",
    "填写本单位责任追究情况",
    kind="organisation",
    thing="unit",
    door=_own_unit,
    denied="责任追究情况由本单位联络员填写、确认。",
    refusal=_not_to_state,
    lock="campaign",
    said="填写 {year} 年责任追究情况：{choice}。",
    final="填错了的，再填一次，最新的算数，以前的还看得到。",
)
def state_accountability(
    act: Act,
    *,
    actor: Actor,
    campaign: Campaign,
    unit: str,
    choice: str,
    cases: int | None = None,
    ways: str = "",
    authority: str = "",
    opened: Opened = NOT_SAID,
    now: datetime,
) -> AccountabilityStatement:
    """Keep what the unit confirms of itself; a later statement replaces an earlier one, which stays readable.

    Raises ``Refused`` in words, and ``Stale`` when a colleague or another tab stated something else meanwhile.
    """
    organisation = organisation_of(campaign, unit)
    assert organisation is not None  # what the refusal has just asked
    words = logic.refusal_to_state(
        choice, kind=organisation.kind, cases=cases, ways=ways, authority=authority
    )
    if words:
        raise Refused(words)
    some = choice == logic.SOME
    with act.writing():
        told = {
            "choice": choice,
            "cases": cases if some else None,
            "ways": ways.strip() if some else "",
            "authority": authority.strip() if some else "",
        }
        newest = statements.history(campaign, unit).first()
        stored = statements.said(campaign, unit)
        values = merged(
            opened=opened,
            mine=logic.said(told),
            stored=stored,
            last=lambda: written_by(newest),
        )
        if newest is not None and values == stored:  # who sends the form again states it once
            return newest
        statement = AccountabilityStatement.objects.create(
            campaign=campaign, organisation=organisation, by=Person.objects.get(pk=actor.id), at=now, **told
        )
        act.done(year=campaign.year, choice=logic.CHOICES[choice])
    return statement
