"""Reads of self-reviews and of claims 不涉及."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from kaoping.accounts.logic import already
from kaoping.accounts.queries import last_act
from kaoping.campaigns.logic import self_review as self_review_logic
from kaoping.campaigns.logic.items import Item
from kaoping.campaigns.logic.self_review import Given
from kaoping.campaigns.models import Answer as Answer
from kaoping.campaigns.models import AnswerArtefact as AnswerArtefact
from kaoping.campaigns.models import Applicability, Campaign
from kaoping.campaigns.models import SelfReview as SelfReview  # what a view hands from a query to a verb
from kaoping.campaigns.queries.items import self_reviewed

STATES = self_review_logic.STATES


def of_unit(campaign: Campaign, organisation: str) -> SelfReview | None:
    """The unit's form, null before the stage opens or when it is not assessed."""
    return (
        SelfReview.objects.select_related("organisation", "campaign")
        .filter(campaign=campaign, organisation__code=organisation)
        .first()
    )


def by_id(self_review_id: int) -> SelfReview | None:
    """One form."""
    return SelfReview.objects.select_related("organisation", "campaign").filter(pk=self_review_id).first()


def forms(campaign: Campaign, *, units: set[str] | None = None) -> QuerySet[SelfReview]:
    """All forms in register order, each with ``answered`` (how many items lack nothing, as ``Line.done``)."""
    complete = Q(answers__not_applicable=False, answers__level__gt="") | Q(
        answers__not_applicable=True, answers__text__gt=""
    )
    rows = (
        SelfReview.objects.filter(campaign=campaign)
        .select_related("organisation")
        .annotate(answered=Count("answers", filter=complete))
        .order_by("organisation__order", "organisation__code")
    )
    return rows if units is None else rows.filter(organisation__code__in=units)


def returned_already(form: SelfReview) -> str | None:
    """Who sent the form back to its unit and when; null when it lies with the unit for another reason."""
    by, at = last_act("self_review", form.pk, "return_to_unit")
    return (
        already("这份自查", "退回", by.name, at) if form.state == self_review_logic.RETURNED and at else None
    )


def open_names(campaign: Campaign) -> tuple[str, ...]:
    """Short names of units that have neither submitted nor been named as missing."""
    rows = SelfReview.objects.filter(
        campaign=campaign, state__in=[self_review_logic.DRAFT, self_review_logic.RETURNED]
    )
    return tuple(
        rows.order_by("organisation__order", "organisation__code").values_list(
            "organisation__short_name", flat=True
        )
    )


def not_submitted(campaign: Campaign) -> set[str]:
    """Codes of units that the office named as not having handed in; they are judged all the same."""
    rows = SelfReview.objects.filter(campaign=campaign, state=self_review_logic.NOT_SUBMITTED)
    return set(rows.values_list("organisation__code", flat=True))


def handed_in(campaign: Campaign, organisation: str) -> dict[str, Answer] | None:
    """What a unit submitted, item by item; null when nothing was: a draft is the unit's own and says nothing to others."""
    form = of_unit(campaign, organisation)
    return answers(form) if form is not None and form.state == self_review_logic.SUBMITTED else None


@dataclass(frozen=True, slots=True)
class Said:
    """What a unit handed in about one item: its level, its words, its evidence."""

    not_applicable: bool
    level: str
    text: str
    artefacts: tuple[AnswerArtefact, ...]


def said(campaign: Campaign, organisation: str) -> dict[str, Said] | None:
    """The same as ``handed_in``, as screens of others show it."""
    answered = handed_in(campaign, organisation)
    if answered is None:
        return None
    return {
        item: Said(one.not_applicable, one.level, one.text, tuple(one.artefacts.all()))
        for item, one in answered.items()
    }


def answers(self_review: SelfReview) -> dict[str, Answer]:
    """Item code to answer, with artefacts and the decision on a claim; three queries."""
    rows = self_review.answers.select_related("decision", "decision__by").prefetch_related("artefacts")
    return {row.item: row for row in rows}


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the form with the unit's answer, null while it has none."""

    item: Item
    answer: Answer | None

    @property
    def done(self) -> bool:
        """A level was chosen, or a claim 不涉及 made with its reason."""
        return not self_review_logic.lack(self.answer)

    @property
    def claimed(self) -> bool:
        """The unit says that the item does not apply."""
        return self.answer is not None and self.answer.not_applicable

    @property
    def decided(self) -> bool:
        """The claim 不涉及 was decided, either way."""
        return self.claimed and hasattr(self.answer, "decision")

    @property
    def left_out(self) -> bool:
        """The item was decided not to apply: nobody scores it."""
        return self.answer is not None and self.decided and self.answer.decision.accepted

    @property
    def bare(self) -> bool:
        """Answered without evidence: whoever scores it sees the words alone."""
        return self.answer is not None and self.done and not self.left_out and not self.answer.artefacts.all()


def lines(self_review: SelfReview) -> list[Line]:
    """The form: every item the unit answers, in rulebook order."""
    given = answers(self_review)
    wanted = self_reviewed(self_review.campaign, self_review.organisation.kind)
    return [Line(item, given.get(item.code)) for item in wanted]


def given(rows: Sequence[Answer]) -> list[Given]:
    """Answers in the form that the logic reads."""
    return [
        Given(row.item, row.level, row.not_applicable, row.text, len(row.artefacts.all())) for row in rows
    ]


def gaps(self_review: SelfReview) -> list[str]:
    """What keeps the form from being submitted, in words."""
    wanted = self_reviewed(self_review.campaign, self_review.organisation.kind)
    return self_review_logic.gaps(
        [(item.code, item.title) for item in wanted], given(list(answers(self_review).values()))
    )


def claims(campaign: Campaign, *, undecided_only: bool = False) -> QuerySet[Answer]:
    """Claims 不涉及 of submitted forms, with unit, artefacts and decision."""
    rows = (
        Answer.objects.filter(
            self_review__campaign=campaign,
            self_review__state=self_review_logic.SUBMITTED,
            not_applicable=True,
        )
        .select_related("self_review__organisation", "decision", "decision__by")
        .prefetch_related("artefacts")
        .order_by("self_review__organisation__order", "item")
    )
    return rows.filter(decision=None) if undecided_only else rows


def undecided_count(campaign: Campaign) -> int:
    """How many claims wait for a decision."""
    return claims(campaign, undecided_only=True).count()


def accepted_claims(campaign: Campaign) -> set[tuple[str, str]]:
    """(unit, item) pairs that were decided not to apply."""
    rows = Applicability.objects.filter(answer__self_review__campaign=campaign, accepted=True)
    return set(rows.values_list("answer__self_review__organisation__code", "answer__item"))


def answer_by_id(answer_id: int) -> Answer | None:
    """One answer with its form, unit and decision."""
    return (
        Answer.objects.select_related("self_review__campaign", "self_review__organisation", "decision")
        .filter(pk=answer_id)
        .first()
    )
