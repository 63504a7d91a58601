"""Verbs of the assignment of reviewers: who scores which unit, who steps aside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.models import Person
from kaoping.accounts.verbs import Act, Verb, verb
from kaoping.beijing import day_of
from kaoping.campaigns import policy
from kaoping.campaigns.logic import review as logic
from kaoping.campaigns.models import Campaign, ReviewAssignment
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.registry.models import Appointment, Organisation
from kaoping.registry.queries import people_with_role

P = ParamSpec("P")
R = TypeVar("R")


def _not_to_assign(campaign: Campaign, now: datetime) -> str | None:
    words = logic.refusal_to_assign(
        campaign.stage,
        campaign.round_closed_at is not None,
        anybody=people_with_role("reviewer", on=day_of(now)).exists(),
    )
    return words or campaigns.refusal_of_voided(campaign)


def _assigns(body: Callable[Concatenate[Act, P], R]) -> Verb[P, R]:
    """One declaration for both ways to assign: one reviewer some units, or every unit in turn."""
    return verb(
        "assign_reviewers",
        "分派专家",
        kind="campaign",
        thing="campaign",
        door=policy.can_assign_reviewers,
        denied="专家由政务公开办经办分派。",
        refusal=_not_to_assign,
        lock="campaign",
        said="分派专家 {people} 人，{count} 份评审。",
        news="分派专家 {n} 次",
        room="reviews",
        back="take_back_assignment",
    )(body)


@_assigns
def assign_reviewers(
    act: Act,
    *,
    actor: Actor,
    campaign: Campaign,
    reviewer: Person,
    organisations: Iterable[str],
    now: datetime,
) -> list[ReviewAssignment]:
    """Give one reviewer some units, all by alias. A reviewer's own organisation is refused."""
    wanted = list(organisations)
    units = _units(campaign)
    conflicts = _conflicts([reviewer], now)[str(reviewer.pk)]
    unknown = [code for code in wanted if code not in units]
    own = [units[code].short_name for code in wanted if code in units and _conflict(units[code], conflicts)]
    if not people_with_role("reviewer", on=day_of(now)).filter(pk=reviewer.pk).exists():
        raise Refused(f"{reviewer.name}没有专家任职，请安全管理员先任命。")
    if unknown:
        raise Refused(f"{unknown[0]} 不是本年度参评单位，不能分派。")
    if own:
        raise Refused(f"{reviewer.name}与{'、'.join(own)}有任职关系，须回避，不能评本单位。")
    return _assign(act, campaign, [(reviewer, code) for code in wanted], units)


@_assigns
def assign_evenly(
    act: Act,
    *,
    actor: Actor,
    campaign: Campaign,
    reviewers: Sequence[Person],
    per_unit: int,
    now: datetime,
) -> list[ReviewAssignment]:
    """Give every assessed unit ``per_unit`` reviewers in turn, passing over conflicts of interest."""
    units = _units(campaign)
    conflicts = _conflicts(reviewers, now)
    people = {str(one.pk): one for one in reviewers}
    plan = logic.spread_evenly(
        sorted(units),
        list(people),
        per_unit,
        {
            person: {code for code, unit in units.items() if _conflict(unit, codes)}
            for person, codes in conflicts.items()
        },
    )
    entitled = set(people_with_role("reviewer", on=day_of(now)).values_list("pk", flat=True))
    strangers = [one.name for one in reviewers if one.pk not in entitled]
    short = [units[code].short_name for code, given in plan.items() if len(given) < per_unit]
    if not reviewers or per_unit < 1:
        raise Refused("请选专家，并写明每家单位几位专家。")
    if strangers:
        raise Refused(f"{strangers[0]}没有专家任职，请安全管理员先任命。")
    if short:
        raise Refused(f"{short[0]}排不满 {per_unit} 位专家（须回避的不算），请增加专家。")
    pairs = [(people[person], code) for code, given in plan.items() for person in given]
    return _assign(act, campaign, pairs, units)


def _conflicts(reviewers: Sequence[Person], now: datetime) -> dict[str, set[str]]:
    """Person id -> codes of organisations at which the person holds or held a post; one query."""
    found: dict[str, set[str]] = {str(one.pk): set() for one in reviewers}
    rows = Appointment.objects.filter(
        person__in=list(reviewers), organisation__isnull=False, valid_from__lte=day_of(now)
    ).values_list("person_id", "organisation__code")
    for person, code in rows:
        found[str(person)].add(code)
    return found


def _conflict(unit: Organisation, posts: set[str]) -> bool:
    """The unit itself, or the competent department above it."""
    return unit.code in posts or (unit.leading_department in posts and bool(unit.leading_department))


def _assign(
    act: Act, campaign: Campaign, pairs: Sequence[tuple[Person, str]], units: dict[str, Organisation]
) -> list[ReviewAssignment]:
    """The campaign is held: two who assign at once would give one alias to two persons."""
    with act.writing():
        reviewers: dict[int, str] = {}
        known: dict[int, dict[str, str]] = defaultdict(dict)
        have = set()
        # An alias once given out stays that reviewer's own, also when every assignment was taken back.
        for row in (
            ReviewAssignment.every.filter(campaign=campaign).select_related("organisation").order_by("id")
        ):
            reviewers.setdefault(row.reviewer_id, row.reviewer_alias)
            known[row.reviewer_id].setdefault(row.organisation.code, row.unit_alias)
            if row.taken_back_at is None:
                have.add((row.reviewer_id, row.organisation_id))
        people = {person.pk for person, _code in pairs}
        reviewers = logic.reviewer_aliases(dict.fromkeys(person.pk for person, _code in pairs), reviewers)
        aliases = {
            person: logic.unit_aliases(campaign.alias_salt, person, units, known[person]) for person in people
        }
        made = ReviewAssignment.objects.bulk_create(
            ReviewAssignment(
                campaign=campaign,
                reviewer=person,
                organisation=units[code],
                unit_alias=aliases[person.pk][code],
                reviewer_alias=reviewers[person.pk],
            )
            # In the order of aliases: numbers given out in register order would tell a reviewer which unit is which.
            for person, code in sorted(dict.fromkeys(pairs), key=lambda pair: aliases[pair[0].pk][pair[1]])
            if (person.pk, units[code].pk) not in have
        )
        act.done(people=len(people), count=len(made))
    return made


def _units(campaign: Campaign) -> dict[str, Organisation]:
    rows = campaign.participations.filter(participates=True).select_related("organisation")
    return {row.organisation.code: row.organisation for row in rows}
