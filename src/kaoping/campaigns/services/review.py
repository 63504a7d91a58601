"""Verbs of the blind review (综合评定, 考核办法 第八条): score, recuse, finish, close the round."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Final

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.logic import NOT_SAID, Opened, already
from kaoping.accounts.queries import last_act
from kaoping.accounts.services import keep_replaced, merged
from kaoping.accounts.verbs import Act, verb
from kaoping.campaigns import policy
from kaoping.campaigns.logic import review as logic
from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic.items import refusal_of_level
from kaoping.campaigns.logic.self_review import NOT_SUBMITTED_MARK
from kaoping.campaigns.models import Campaign, Participation, ReviewAssignment, ReviewScore
from kaoping.campaigns.queries import items
from kaoping.campaigns.queries import review as reviews
from kaoping.campaigns.queries import self_review as self_reviews
from kaoping.campaigns.queries.period import days_of_items, instant_of
from kaoping.evidence.services import Entry, record
from kaoping.evidence.services.withdrawal import close_days
from kaoping.foreign.glyphs import glyphs

TAKEN_BACK: Final = "这份评审的分派已由政务公开办撤回，不用再评。"
_ONLY_REVIEWER: Final = "评分由专家办理。"


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
    whose="assignment.campaign",
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
    if words is None and not reviews.asks_for(assignment, item):
        words = f"{item} 不用评：不由专家评，或已认定不涉及。"
    if words is None and not level:
        words = "请选一档。"
    if words:
        raise Refused(words)
    with act.writing():
        old = ReviewScore.objects.filter(assignment=assignment, item=item).first()
        stored = reviews.said(old)
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
    own = actor.id == str(assignment.reviewer_id) and policy.can_review(actor, assignment.campaign)
    return own or policy.can_assign_reviewers(actor, assignment.campaign)


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
    return reviews.taken_back_already(assignment) or logic.refusal_to_take_back(
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
    whose="assignment.campaign",
    denied="分派由政务公开办经办撤回。",
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
    return _not_to_score(actor, assignment) or logic.refusal_to_finish(reviews.unscored_of(assignment))


@verb(
    "finish_review",
    "评完一个单位",
    kind="review_assignment",
    thing="assignment",
    door=policy.can_review,
    whose="assignment.campaign",
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
        self_reviews.undecided_count(campaign),
        reviews.unscored_names(campaign) if campaign.stage == stages.REVIEW else (),
    )


@verb(
    "close_round",
    "结束评审",
    kind="campaign",
    thing="campaign",
    signs=True,
    door=policy.can_close_round,
    denied="结束评审由政务公开办经办办理。",
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
        close_days(key=campaign.key, spans=days_of_items(campaign), closed=True, now=now)
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
    out = self_reviews.accepted_claims(campaign)
    silent = self_reviews.not_submitted(campaign)
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
                uid=logic.score_uid(campaign.key, row.assignment_id, row.item),
            )
        )
    for (person, alias), entries in by_alias.items():
        # What the ledger shows, and so the public bundle, knows a reviewer by alias only.
        reviewer = Actor(id=str(person), username=alias, name=alias)
        record(entries, actor=reviewer, whose=campaign, now=now)
    return sum(len(entries) for entries in by_alias.values())
