"""Verbs of the self-review (部门自查, 考核办法 第八条): open, write, add evidence, submit, send back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from kaoping.accounts.actor import Actor, Who
from kaoping.accounts.audit import record_act
from kaoping.accounts.logic import NOT_SAID, Opened
from kaoping.accounts.services import keep_replaced, merged
from kaoping.campaigns import policy
from kaoping.campaigns.logic import self_review as logic
from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic.items import refusal_of_level, refusal_to_self_review
from kaoping.campaigns.models import Answer, AnswerArtefact, Campaign, SelfReview
from kaoping.campaigns.queries import items, period
from kaoping.campaigns.queries import self_review as reads
from kaoping.campaigns.queries.period import instant_of
from kaoping.campaigns.services import link_capture
from kaoping.campaigns.services.doors import hold, require, stop
from kaoping.evidence import queries as ledger
from kaoping.evidence.services import Entry, record, store_artefact
from kaoping.evidence.services import link_capture as pages
from kaoping.scoring.observations import ArtefactRef

_ONLY_LIAISON = "自查由本单位联络员填写。"


def open_forms(campaign: Campaign) -> int:
    """Make an empty form for each assessed unit; called by ``advance`` when the stage opens. Harmless twice."""
    have = set(SelfReview.objects.filter(campaign=campaign).values_list("organisation_id", flat=True))
    units = campaign.participations.filter(participates=True).values_list("organisation_id", flat=True)
    made = SelfReview.objects.bulk_create(
        SelfReview(campaign=campaign, organisation_id=one) for one in units if one not in have
    )
    return len(made)


def save_answer(
    *,
    actor: Actor,
    self_review: SelfReview,
    item: str,
    level: str = "",
    not_applicable: bool = False,
    text: str = "",
    opened: Opened = NOT_SAID,
    now: datetime,
) -> Answer:
    """Keep what the unit says of one item (the autosave). A level weighs 0; 不涉及 is a claim that the office decides.

    Only what was changed since the form was ``opened`` is stored; raises ``Stale`` where a colleague changed the same.
    """
    _may_write(actor, self_review, "save_answer", now)
    campaign = self_review.campaign
    found = items.item(campaign, item)
    words = refusal_of_level(found, self_review.organisation.kind, "" if not_applicable else level)
    words = words or refusal_to_self_review(found)
    old = Answer.objects.filter(self_review=self_review, item=item).select_related("decision").first()
    if words is None and old is not None and hasattr(old, "decision"):
        words = f"{item} 的“不涉及”已经审定，不能再改。"
    stop(words, actor=actor, verb="save_answer", campaign=campaign, now=now)
    with transaction.atomic():
        SelfReview.objects.select_for_update().get(pk=self_review.pk)  # colleagues save one after the other
        old = Answer.objects.filter(self_review=self_review, item=item).select_related("saved_by").first()
        stored = logic.said(old)
        values = merged(
            opened=opened,
            mine={"level": logic.CLAIM if not_applicable else level, "text": text},
            stored=stored,
            last=lambda: _last_saved(old),
        )
        if old is not None and values == stored:
            return old
        not_applicable = values["level"] == logic.CLAIM
        level = "" if not_applicable else values["level"]
        answer, _made = Answer.objects.update_or_create(
            self_review=self_review,
            item=item,
            defaults={
                "level": level,
                "not_applicable": not_applicable,
                "text": values["text"],
                "saved_at": now,
                "saved_by_id": int(actor.id),
            },
        )
        keep_replaced("answer", answer.pk, actor=actor, old=stored, new=values, now=now)
        if old is None or (old.level, old.not_applicable) != (level, not_applicable):
            said = "申请不涉及" if not_applicable else f"自查档次 {level or '未选'}"
            record_act(
                actor,
                "save_answer",
                "self_review",
                self_review.pk,
                f"{self_review.organisation.short_name} {item}：{said}。",
                now=now,
            )
    return answer


def add_artefact(
    *,
    actor: Actor,
    self_review: SelfReview,
    item: str,
    content: bytes | None = None,
    name: str = "",
    url: str = "",
    confirmed: bool = False,
    now: datetime,
) -> AnswerArtefact:
    """Offer a file or an address as evidence (佐证材料). A file that bears a 密级 mark is refused and not kept."""
    _may_write(actor, self_review, "add_artefact", now)
    campaign = self_review.campaign
    found = items.item(campaign, item)
    words = refusal_of_level(found, self_review.organisation.kind, "") or refusal_to_self_review(found)
    if words is None and content is None and urlsplit(url.strip()).scheme not in ("http", "https"):
        words = "请选一个文件，或填以 http:// 或 https:// 开头的网址。"
    if words is None and content is None:
        words = pages.refusal_to_take(url.strip())
    stop(words, actor=actor, verb="add_artefact", campaign=campaign, now=now)
    sha256 = ""
    if content is not None:
        sha256 = store_artefact(content, name=name, confirmed=confirmed, actor=actor, now=now)
    with transaction.atomic():
        answer, _made = Answer.objects.get_or_create(
            self_review=self_review, item=item, defaults={"saved_at": now}
        )
        # The same form sent twice offers its evidence once.
        artefact, made = AnswerArtefact.objects.get_or_create(
            answer=answer,
            sha256=sha256,
            url=url.strip()[:500],
            defaults={"name": name[:200], "added_at": now},
        )
        if not made:
            return artefact
        if artefact.url:
            link_capture.promise(artefact, now)
        record_act(
            actor,
            "add_artefact",
            "self_review",
            self_review.pk,
            f"{self_review.organisation.short_name} {item}：加佐证材料 {url.strip() or sha256[:8]}。",
            now=now,
        )
    return artefact


def remove_artefact(*, actor: Actor, artefact_id: int, self_review: SelfReview, now: datetime) -> None:
    """Take evidence out of a form that is still open; stored bytes stay under their digest."""
    _may_write(actor, self_review, "remove_artefact", now)
    row = AnswerArtefact.objects.filter(pk=artefact_id, answer__self_review=self_review).first()
    stop(
        None if row else "没有这份佐证材料。",
        actor=actor,
        verb="remove_artefact",
        campaign=self_review.campaign,
        now=now,
    )
    assert row is not None
    with transaction.atomic():
        row.delete()
        record_act(
            actor,
            "remove_artefact",
            "self_review",
            self_review.pk,
            f"{self_review.organisation.short_name} {row.answer.item}：撤去佐证材料 {row.url or row.sha256[:8]}。",
            now=now,
        )


def submit(*, actor: Actor, self_review: SelfReview, now: datetime) -> SelfReview:
    """Lock the form, give the receipt, and write what it says into the ledger as source ``self``.

    Submitting again after a return supersedes what was written before; items already said are answered anew.
    """
    _may_write(actor, self_review, "submit_self_review", now)
    campaign = self_review.campaign
    words = logic.refusal_to_submit(reads.gaps(self_review))
    stop(words, actor=actor, verb="submit_self_review", campaign=campaign, now=now)
    rows = list(reads.answers(self_review).values())
    asked = {one.code for one in items.self_reviewed(campaign, self_review.organisation.kind)}
    entries = _entries(self_review, [row for row in rows if row.item in asked], now)
    code = logic.receipt(campaign.year, self_review.organisation.code, reads.given(rows), now)
    state = self_review.state
    with transaction.atomic():
        hold(campaign, lambda: SelfReview.objects.filter(pk=self_review.pk, state=state).exists())
        record(entries, actor=actor, now=now)
        self_review.state, self_review.submitted_at, self_review.receipt = logic.SUBMITTED, now, code
        self_review.return_reason = ""
        self_review.save(update_fields=["state", "submitted_at", "receipt", "return_reason"])
        record_act(
            actor,
            "submit_self_review",
            "self_review",
            self_review.pk,
            f"{self_review.organisation.short_name}提交自查，{len(rows)} 项，回执码 {code}。",
            now=now,
        )
    return self_review


def return_to_unit(*, actor: Actor, self_review: SelfReview, reason: str, now: datetime) -> SelfReview:
    """The office opens a submitted form, or one named as missing, again, with the reason that the unit sees."""
    _office(actor, self_review, "return_to_unit", now)
    words = None
    if self_review.campaign.stage != stages.SELF_REVIEW:
        words = "自查阶段已过，不能再退回。"
    elif self_review.state not in (logic.SUBMITTED, logic.NOT_SUBMITTED):
        words = reads.returned_already(self_review) or "这份自查还没有提交，不用退回。"
    elif not reason.strip():
        words = "退回要写明理由，单位会看到。"
    stop(words, actor=actor, verb="return_to_unit", campaign=self_review.campaign, now=now)
    with transaction.atomic():
        self_review.state, self_review.return_reason = logic.RETURNED, reason.strip()
        self_review.save(update_fields=["state", "return_reason"])
        record_act(
            actor,
            "return_to_unit",
            "self_review",
            self_review.pk,
            f"退回{self_review.organisation.short_name}自查：{reason.strip()}",
            now=now,
        )
    return self_review


def name_as_missing(*, actor: Actor, self_review: SelfReview, reason: str, now: datetime) -> SelfReview:
    """The office names a unit as not having submitted, so that the others are not held up."""
    _office(actor, self_review, "name_as_missing", now)
    words = None
    early = stages.refusal_before(period.self_review_until(self_review.campaign), now)
    if self_review.campaign.stage != stages.SELF_REVIEW:
        words = "现在不是自查阶段。"
    elif early:
        words = f"{early}，届满后才能登记为逾期未报。"
    elif self_review.state not in (logic.DRAFT, logic.RETURNED):
        words = "这家单位已经提交，或已登记为逾期未报。"
    elif not reason.strip():
        words = "登记为逾期未报要写明情况，如“两次催报未交”。"
    stop(words, actor=actor, verb="name_as_missing", campaign=self_review.campaign, now=now)
    with transaction.atomic():
        self_review.state, self_review.return_reason = logic.NOT_SUBMITTED, reason.strip()
        self_review.save(update_fields=["state", "return_reason"])
        record_act(
            actor,
            "name_as_missing",
            "self_review",
            self_review.pk,
            f"{self_review.organisation.short_name}登记为逾期未报：{reason.strip()}",
            now=now,
        )
    return self_review


def _last_saved(answer: Answer | None) -> tuple[Who, datetime | None]:
    if answer is None or answer.saved_by is None:
        return Who(""), answer.saved_at if answer else None
    return Who(str(answer.saved_by.pk), answer.saved_by.name), answer.saved_at


def _entries(self_review: SelfReview, rows: Iterable[Answer], now: datetime) -> list[Entry]:
    unit = self_review.organisation.code
    earlier = ledger.of_unit(unit)
    superseded = {one.supersedes for one in earlier if one.supersedes}
    standing = {
        one.item: one
        for one in earlier
        if one.source == "self" and one.id not in superseded and one.kind != "withdrawn"
    }
    entries = []
    for row in rows:
        observed_at = instant_of(self_review.campaign, row.item, now)
        old = standing.get(row.item)
        same_year = old is not None and instant_of(self_review.campaign, row.item, old.observed_at) == (
            old.observed_at
        )
        entries.append(
            Entry(
                unit=unit,
                item=row.item,
                source="self",
                observed_at=observed_at,
                kind="verdict" if row.not_applicable else "level",
                value="not_applicable" if row.not_applicable else row.level,
                reason=row.text or None,
                artefacts=[
                    ArtefactRef(one.sha256 or one.capture_sha256 or None, one.url or None)
                    for one in row.artefacts.all()
                ],
                supersedes=old.id if old is not None and same_year else None,
            )
        )
    return entries


def _may_write(actor: Actor, self_review: SelfReview, verb: str, now: datetime) -> None:
    require(
        policy.can_fill_self_review(actor, self_review.organisation.code),
        _ONLY_LIAISON,
        actor=actor,
        verb=verb,
        campaign=self_review.campaign,
        now=now,
    )
    self_review.refresh_from_db(fields=["state"])
    self_review.campaign.refresh_from_db(fields=["stage"])
    words = logic.refusal_to_write(self_review.campaign.stage, self_review.state)
    stop(words, actor=actor, verb=verb, campaign=self_review.campaign, now=now)


def _office(actor: Actor, self_review: SelfReview, verb: str, now: datetime) -> None:
    require(
        policy.can_return_self_review(actor),
        "退回自查、登记为逾期未报由市政务公开办经办办理。",
        actor=actor,
        verb=verb,
        campaign=self_review.campaign,
        now=now,
    )
    self_review.refresh_from_db(fields=["state"])
    self_review.campaign.refresh_from_db(fields=["stage"])
