"""Verbs of the blind review (综合评定, 考核办法 第八条): assign, score, recuse, finish, close the round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Concatenate, Final, ParamSpec, TypeVar

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.logic import NOT_SAID, Opened, already
from kaoping.accounts.models import Person
from kaoping.accounts.queries import last_act
from kaoping.accounts.services import keep_replaced, merged
from kaoping.accounts.verbs import Act, Verb, verb
from kaoping.beijing import day_of
from kaoping.campaigns import policy
from kaoping.campaigns.logic import review as logic
from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic.items import refusal_of_level
from kaoping.campaigns.logic.self_review import NOT_SUBMITTED_MARK
from kaoping.campaigns.models import Campaign, Participation, ReviewAssignment, ReviewScore
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import items, self_review
from kaoping.campaigns.queries import review as reads
from kaoping.campaigns.queries.period import days_of_items, instant_of
from kaoping.evidence.services import Entry, record
from kaoping.evidence.services.withdrawal import close_days
from kaoping.foreign.glyphs import glyphs
from kaoping.registry.models import Appointment, Organisation
from kaoping.registry.queries import people_with_role

P = ParamSpec("P")
R = TypeVar("R")
TAKEN_BACK: Final = "这份评审的分派已由市政务公开办撤回，不用再评。"
_ONLY_REVIEWER: Final = "评分由专家办理。"


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
        denied="专家由市政务公开办经办分派。",
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


def _not_to_score(actor: Actor, assignment: ReviewAssignment) -> str | None:
    campaign = assignment.campaign
    if assignment.taken_back_at is not None:
        return TAKEN_BACK
    state = logic.State(str(assignment.reviewer_id), assignment.recused, assignment.finished_at is not None)
    words = logic.refusal_to_score(campaign.stage, state, actor.id)
    if words is None and campaign.round_closed_at is not None:
        words = "评审已经结束，评分已计入台账。"
    return words


@verb(
    "save_score",
    "评分",
    kind="review_assignment",
    thing="assignment",
    door=policy.can_review,
    denied=_ONLY_REVIEWER,
    refusal=_not_to_score,
    lock="assignment",
    said="{reviewer}对{unit} {item} {word}。",
    final="评完以前可以再改。",
)
def save_score(
    act: Act,
    *,
    actor: Actor,
    assignment: ReviewAssignment,
    item: str,
    level: str,
    comment: str = "",
    opened: Opened = NOT_SAID,
    now: datetime,
) -> ReviewScore:
    """Keep one's own level for one item. Nobody else sees it before the round closes; the ledger neither.

    Raises ``Stale`` where another tab of the reviewer stored something else since the form was ``opened``.
    """
    words = refusal_of_level(items.item(assignment.campaign, item), assignment.organisation.kind, level)
    if words is None and not reads.asks_for(assignment, item):
        words = f"{item} 不用评：不由专家评，或已认定不涉及。"
    if words is None and not level:
        words = "请选一档。"
    if words:
        raise Refused(words)
    with act.writing():
        old = ReviewScore.objects.filter(assignment=assignment, item=item).first()
        stored = reads.said(old)
        values = merged(
            opened=opened,
            mine={"level": level, "comment": comment},
            stored=stored,
            last=lambda: (actor.who, old.saved_at if old else None),
        )
        if old is not None and values == stored:
            return old
        score, made = ReviewScore.objects.update_or_create(
            assignment=assignment, item=item, defaults={**values, "saved_at": now}
        )
        keep_replaced("review_score", score.pk, actor=actor, old=stored, new=values, now=now)
        act.done(
            reviewer=assignment.reviewer_alias,
            unit=assignment.unit_alias,
            item=item,
            word="评分" if made else "改评分",
        )
    return score


def _oneself_or_office(actor: Actor, assignment: ReviewAssignment) -> bool:
    own = actor.id == str(assignment.reviewer_id) and policy.can_review(actor)
    return own or policy.can_assign_reviewers(actor)


def _not_to_recuse(assignment: ReviewAssignment) -> str | None:
    if assignment.campaign.round_closed_at is not None:
        return "评审已经结束，不能再回避。"
    if assignment.recused:
        by, at = last_act("review_assignment", assignment.pk, "recuse")
        return already("这家单位", "回避", by.name, at) if at else "已经回避。"
    return None


@verb(
    "recuse",
    "回避",
    kind="review_assignment",
    thing="assignment",
    door=_oneself_or_office,
    denied="回避由专家本人提出，或由经办改派。",
    refusal=_not_to_recuse,
    lock=("assignment", "assignment.campaign"),
    said="{reviewer}回避{unit}：{reason}",
    news="专家回避 {n} 次",
    room="reviews",
    final="回避了的不恢复，由经办另行分派。",
)
def recuse(
    act: Act, *, actor: Actor, assignment: ReviewAssignment, reason: str, now: datetime
) -> ReviewAssignment:
    """A reviewer steps back from a unit (or the office takes the reviewer off it); the scores so far do not count."""
    if not glyphs(reason):
        raise Refused("回避要写明理由。")
    with act.writing():
        assignment.recused, assignment.recusal_reason = True, reason.strip()[:200]
        assignment.save(update_fields=["recused", "recusal_reason"])
        act.done(reviewer=assignment.reviewer_alias, unit=assignment.unit_alias, reason=reason.strip())
    return assignment


def _not_to_take_back(assignment: ReviewAssignment) -> str | None:
    return reads.taken_back_already(assignment) or logic.refusal_to_take_back(
        assignment.campaign.round_closed_at is not None,
        taken_back=assignment.taken_back_at is not None,
        recused=assignment.recused,
        scores=assignment.scores.count(),
    )


@verb(
    "take_back_assignment",
    "撤回专家分派",
    kind="review_assignment",
    thing="assignment",
    door=policy.can_assign_reviewers,
    denied="分派由市政务公开办经办撤回。",
    refusal=_not_to_take_back,
    lock=("assignment", "assignment.campaign"),
    said="撤回{reviewer}对{unit}的分派：{reason}",
    news="撤回专家分派 {n} 份",
    room="reviews",
    back="assign_reviewers",
)
def take_back_assignment(
    act: Act, *, actor: Actor, assignment: ReviewAssignment, reason: str, now: datetime
) -> ReviewAssignment:
    """The office takes an assignment back that was made by mistake, before anything of it was scored; the row stays.

    A reviewer who saves a score at this instant holds the same row.
    """
    if not glyphs(reason):
        raise Refused("请写明为什么撤回。")
    with act.writing():
        assignment.taken_back_at, assignment.taken_back_by_id = now, int(actor.id)
        assignment.taken_back_reason = reason.strip()[:200]
        assignment.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_reason"])
        act.done(reviewer=assignment.reviewer_alias, unit=assignment.unit_alias, reason=reason.strip())
    return assignment


def _not_to_finish(actor: Actor, assignment: ReviewAssignment) -> str | None:
    return _not_to_score(actor, assignment) or logic.refusal_to_finish(reads.unscored_of(assignment))


@verb(
    "finish_review",
    "评完一个单位",
    kind="review_assignment",
    thing="assignment",
    door=policy.can_review,
    denied=_ONLY_REVIEWER,
    refusal=_not_to_finish,
    lock="assignment",
    said="{reviewer}评完{unit}。",
    news="专家评完 {n} 份",
    room="reviews",
    final="评完了的不再改；不能评的，提出回避。",
)
def finish(act: Act, *, actor: Actor, assignment: ReviewAssignment, now: datetime) -> ReviewAssignment:
    """Lock one's scores of a unit when none is missing."""
    with act.writing():
        assignment.finished_at = now
        assignment.save(update_fields=["finished_at"])
        act.done(reviewer=assignment.reviewer_alias, unit=assignment.unit_alias)
    return assignment


def _not_to_close(campaign: Campaign) -> str | None:
    return logic.refusal_to_close(
        campaign.stage,
        campaign.round_closed_at is not None,
        self_review.undecided_count(campaign),
        reads.unscored_names(campaign) if campaign.stage == stages.REVIEW else (),
    )


@verb(
    "close_round",
    "结束评审",
    kind="campaign",
    thing="campaign",
    signs=True,
    door=policy.can_close_round,
    denied="结束评审由市政务公开办经办办理。",
    refusal=_not_to_close,
    lock="campaign",
    said="{year} 年度评审结束，{count} 个评分计入台账。",
    news="结束评审 {n} 次",
    room="reviews",
    final="评审结束了不重开；改分经复核、审定或更正。",
)
def close_round(act: Act, *, actor: Actor, campaign: Campaign, now: datetime) -> Campaign:
    """Close the round once: every score that counts enters the ledger under the reviewer's alias, all or none."""
    with act.writing():
        count = _record_scores(campaign, now)
        _keep_units(campaign)
        campaign.round_closed_at = now
        campaign.save(update_fields=["round_closed_at"])
        close_days(key=str(campaign.year), spans=days_of_items(campaign), closed=True, now=now)
        act.done(year=campaign.year, count=count)
    return campaign


def _keep_units(campaign: Campaign) -> None:
    """What the scorer reads of the units, as the register has it now: later it changes for later years only."""
    rows = list(campaign.participations.select_related("organisation"))
    for row in rows:
        held = row.organisation
        row.kind, row.valid_from, row.valid_to = held.kind, held.valid_from, held.valid_to
    Participation.objects.bulk_update(rows, ["kind", "valid_from", "valid_to"], batch_size=200)


def _record_scores(campaign: Campaign, now: datetime) -> int:
    out = self_review.accepted_claims(campaign)
    silent = self_review.not_submitted(campaign)
    by_alias: dict[tuple[int, str], list[Entry]] = defaultdict(list)
    instants: dict[str, datetime] = {}
    rows = ReviewScore.objects.filter(
        assignment__campaign=campaign, assignment__recused=False
    ).select_related("assignment__organisation")
    for row in rows.order_by("assignment__organisation__order", "assignment_id", "item"):
        unit = row.assignment.organisation.code
        if (unit, row.item) in out:
            continue
        if row.item not in instants:
            instants[row.item] = instant_of(campaign, row.item, now)
        by_alias[row.assignment.reviewer_id, row.assignment.reviewer_alias].append(
            Entry(
                unit=unit,
                item=row.item,
                source="reviewer",
                observed_at=instants[row.item],
                kind="level",
                value=row.level,
                reason="；".join(
                    part for part in (NOT_SUBMITTED_MARK if unit in silent else "", row.comment) if part
                )
                or None,
                uid=logic.score_uid(campaign.year, row.assignment_id, row.item),
            )
        )
    for (person, alias), entries in by_alias.items():
        # What the ledger shows, and so the public bundle, knows a reviewer by alias only.
        record(entries, actor=Actor(id=str(person), username=alias, name=alias), now=now)
    return sum(len(entries) for entries in by_alias.values())


def _units(campaign: Campaign) -> dict[str, Organisation]:
    rows = campaign.participations.filter(participates=True).select_related("organisation")
    return {row.organisation.code: row.organisation for row in rows}


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
