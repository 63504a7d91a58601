"""Verbs of the self-review (部门自查, 考核办法 第八条): open, write, add evidence, submit, send back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from kaoping.accounts.actor import Actor, Refused, Who
from kaoping.accounts.logic import NOT_SAID, Opened
from kaoping.accounts.services import keep_replaced, merged
from kaoping.accounts.verbs import Act, verb
from kaoping.campaigns import policy
from kaoping.campaigns.logic import self_review as self_review_logic
from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic.items import refusal_of_level, refusal_to_self_review
from kaoping.campaigns.models import Answer, AnswerArtefact, Campaign, SelfReview
from kaoping.campaigns.queries import items, period
from kaoping.campaigns.queries import self_review as self_reviews
from kaoping.campaigns.queries.period import instant_of
from kaoping.campaigns.services import link_capture
from kaoping.evidence import queries as ledger
from kaoping.evidence.services import Entry, record, store_artefact
from kaoping.evidence.services import link_capture as pages
from kaoping.foreign.glyphs import glyphs
from kaoping.scoring.observations import ArtefactRef

_ONLY_LIAISON: Final = "自查由本单位联络员填写，其他人可以看。"
_ONLY_OFFICE: Final = "退回自查、登记为逾期未报由政务公开办经办办理。"


def open_forms(campaign: Campaign) -> int:
    """Make an empty form for each assessed unit; called by ``advance`` when the stage opens. Harmless twice."""
    have = set(SelfReview.objects.filter(campaign=campaign).values_list("organisation_id", flat=True))
    units = campaign.participations.filter(participates=True).values_list("organisation_id", flat=True)
    made = SelfReview.objects.bulk_create(
        SelfReview(campaign=campaign, organisation_id=one) for one in units if one not in have
    )
    return len(made)


def _locked(self_review: SelfReview) -> str | None:
    return self_review_logic.refusal_to_write(self_review.campaign.stage, self_review.state)


@verb(
    "save_answer",
    "填写自查",
    kind="self_review",
    thing="self_review",
    door=policy.fills,
    denied=_ONLY_LIAISON,
    refusal=_locked,
    lock="self_review",
    said="{unit} {item}：{what}。",
    final="提交以前可以再改。",
)
def save_answer(
    act: Act,
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
    found = items.item(self_review.campaign, item)
    words = refusal_of_level(found, self_review.organisation.kind, "" if not_applicable else level)
    if words := words or refusal_to_self_review(found) or _refusal_of_decided(self_review, item):
        raise Refused(words)
    with act.writing():
        if words := _refusal_of_decided(self_review, item):
            raise Refused(words)
        old = Answer.objects.filter(self_review=self_review, item=item).select_related("saved_by").first()
        stored = self_review_logic.said(old)
        values = merged(
            opened=opened,
            mine={"level": self_review_logic.CLAIM if not_applicable else level, "text": text},
            stored=stored,
            last=lambda: _last_saved(old),
        )
        if old is not None and values == stored:
            return old
        not_applicable = values["level"] == self_review_logic.CLAIM
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
            what = "申请不涉及" if not_applicable else "填写自查档次" if level else "改为未选自查档次"
            act.done(unit=self_review.organisation.short_name, item=item, what=what)
    return answer


def _refusal_of_decided(self_review: SelfReview, item: str) -> str | None:
    decided = Answer.objects.filter(self_review=self_review, item=item, decision__isnull=False).exists()
    return f"{item} 的“不涉及”已经审定，不能再改。" if decided else None


@verb(
    "add_artefact",
    "加佐证材料",
    kind="self_review",
    thing="self_review",
    door=policy.fills,
    denied=_ONLY_LIAISON,
    refusal=_locked,
    lock="self_review",
    said="{unit} {item}：加佐证材料 {what}。",
    back="remove_artefact",
)
def add_artefact(
    act: Act,
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
    found = items.item(self_review.campaign, item)
    words = refusal_of_level(found, self_review.organisation.kind, "") or refusal_to_self_review(found)
    if words is None and content is None and urlsplit(url.strip()).scheme not in ("http", "https"):
        words = "请选一个文件，或填以 http:// 或 https:// 开头的网址。"
    if words is None and content is None:
        words = pages.refusal_to_take(url.strip())
    if words:
        raise Refused(words)
    sha256 = ""
    if content is not None:
        sha256 = store_artefact(content, name=name, confirmed=confirmed, actor=actor, now=now)
    with act.writing():
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
        act.done(unit=self_review.organisation.short_name, item=item, what=url.strip() or sha256[:8])
    return artefact


def _artefact(self_review: SelfReview, artefact_id: int) -> AnswerArtefact | None:
    return AnswerArtefact.objects.filter(pk=artefact_id, answer__self_review=self_review).first()


def _not_to_remove(self_review: SelfReview, artefact_id: int) -> str | None:
    gone = None if _artefact(self_review, artefact_id) else "没有这份佐证材料。"
    return _locked(self_review) or gone


@verb(
    "remove_artefact",
    "撤去佐证材料",
    kind="self_review",
    thing="self_review",
    door=policy.fills,
    denied=_ONLY_LIAISON,
    refusal=_not_to_remove,
    lock="self_review",
    said="{unit} {item}：撤去佐证材料 {what}。",
    back="add_artefact",
)
def remove_artefact(
    act: Act, *, actor: Actor, artefact_id: int, self_review: SelfReview, now: datetime
) -> None:
    """Take evidence out of a form that is still open; stored bytes stay under their digest."""
    with act.writing():
        row = _artefact(self_review, artefact_id)
        assert row is not None  # what the refusal has just asked
        item = row.answer.item
        row.delete()
        act.done(unit=self_review.organisation.short_name, item=item, what=row.url or row.sha256[:8])


def _not_to_submit(self_review: SelfReview) -> str | None:
    return _locked(self_review) or self_review_logic.refusal_to_submit(self_reviews.gaps(self_review))


@verb(
    "submit_self_review",
    "提交自查",
    kind="self_review",
    thing="self_review",
    door=policy.fills,
    denied=_ONLY_LIAISON,
    refusal=_not_to_submit,
    lock=("self_review", "self_review.campaign"),
    said="{unit}提交自查，{count} 项，回执码 {code}。",
    news="{n} 个单位提交自查",
    room="self_reviews",
    back="return_to_unit",
)
def submit(act: Act, *, actor: Actor, self_review: SelfReview, now: datetime) -> SelfReview:
    """Lock the form, give the receipt, and write what it says into the ledger as source ``self``.

    Submitting again after a return supersedes what was written before; items already said are answered anew.
    """
    with act.writing():
        campaign = self_review.campaign
        rows = list(self_reviews.answers(self_review).values())
        asked = {one.code for one in items.self_reviewed(campaign, self_review.organisation.kind)}
        entries = _entries(self_review, [row for row in rows if row.item in asked], now)
        code = self_review_logic.receipt(
            campaign.key, self_review.organisation.code, self_reviews.given(rows), now
        )
        record(entries, actor=actor, whose=self_review.campaign, now=now)
        self_review.state, self_review.submitted_at, self_review.receipt = (
            self_review_logic.SUBMITTED,
            now,
            code,
        )
        self_review.return_reason = ""
        self_review.save(update_fields=["state", "submitted_at", "receipt", "return_reason"])
        act.done(unit=self_review.organisation.short_name, count=len(rows), code=code)
    return self_review


def _not_to_return(self_review: SelfReview) -> str | None:
    if self_review.campaign.stage != stages.SELF_REVIEW:
        return "自查阶段已过，不能再退回。"
    if self_review.state not in (self_review_logic.SUBMITTED, self_review_logic.NOT_SUBMITTED):
        return self_reviews.returned_already(self_review) or "这份自查还没有提交，不用退回。"
    return None


@verb(
    "return_to_unit",
    "退回自查",
    kind="self_review",
    thing="self_review",
    door=policy.can_return_self_review,
    whose="self_review.campaign",
    denied=_ONLY_OFFICE,
    refusal=_not_to_return,
    lock="self_review",
    said="退回{unit}自查：{reason}",
    news="退回自查 {n} 份",
    room="self_reviews",
    final="退回以后由单位重新提交。",
)
def return_to_unit(
    act: Act, *, actor: Actor, self_review: SelfReview, reason: str, now: datetime
) -> SelfReview:
    """The office opens a submitted form, or one named as missing, again, with the reason that the unit sees."""
    if not glyphs(reason):
        raise Refused("退回要写明理由，单位会看到。")
    with act.writing():
        self_review.state, self_review.return_reason = self_review_logic.RETURNED, reason.strip()
        self_review.save(update_fields=["state", "return_reason"])
        act.done(unit=self_review.organisation.short_name, reason=reason.strip())
    return self_review


def _not_to_name(self_review: SelfReview, now: datetime) -> str | None:
    if self_review.campaign.stage != stages.SELF_REVIEW:
        return "现在不是自查阶段。"
    if early := stages.refusal_before(period.self_review_until(self_review.campaign), now):
        return f"{early}，届满后才能登记为逾期未报。"
    if self_review.state not in (self_review_logic.DRAFT, self_review_logic.RETURNED):
        return "这家单位已经提交，或已登记为逾期未报。"
    return None


@verb(
    "name_as_missing",
    "登记为逾期未报",
    kind="self_review",
    thing="self_review",
    door=policy.can_return_self_review,
    whose="self_review.campaign",
    denied=_ONLY_OFFICE,
    refusal=_not_to_name,
    lock="self_review",
    said="{unit}登记为逾期未报：{reason}",
    news="{n} 个单位登记为逾期未报",
    room="self_reviews",
    back="return_to_unit",
)
def name_as_missing(
    act: Act, *, actor: Actor, self_review: SelfReview, reason: str, now: datetime
) -> SelfReview:
    """The office names a unit as not having submitted, so that the others are not held up."""
    if not glyphs(reason):
        raise Refused("登记为逾期未报要写明情况，如“两次催报未交”。")
    with act.writing():
        self_review.state, self_review.return_reason = self_review_logic.NOT_SUBMITTED, reason.strip()
        self_review.save(update_fields=["state", "return_reason"])
        act.done(unit=self_review.organisation.short_name, reason=reason.strip())
    return self_review


def _last_saved(answer: Answer | None) -> tuple[Who, datetime | None]:
    if answer is None or answer.saved_by is None:
        return Who(""), answer.saved_at if answer else None
    return Who(str(answer.saved_by.pk), answer.saved_by.name), answer.saved_at


def _entries(self_review: SelfReview, rows: Iterable[Answer], now: datetime) -> list[Entry]:
    unit = self_review.organisation.code
    earlier = ledger.of_unit(unit, organiser=self_review.campaign.organiser)
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
