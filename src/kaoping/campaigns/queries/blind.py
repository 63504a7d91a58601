"""What the register knows that names a unit, and what a reviewer reads of its evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kaoping.campaigns.logic.blind import Mask, mask_of
from kaoping.campaigns.logic.self_review import SUBMITTED
from kaoping.campaigns.models import AnswerArtefact, Campaign, SelfReview
from kaoping.crawling.plain import plain_text
from kaoping.evidence import queries as ledger
from kaoping.registry.models import Organisation
from kaoping.registry.queries import people_of
from kaoping.support.reading import NotRead, read


@dataclass(frozen=True, slots=True)
class Capture:
    """The words of an archived page, masked; empty where it holds none that could be read."""

    text: str
    hits: int


def mask_of_unit(organisation: Organisation, people: Iterable[str] | None = None) -> Mask:
    """The unit's names, hosts and codes, and the ``people`` registered for it, where they were read already."""
    if people is None:
        people = people_of([organisation.code])[organisation.code]
    columns = [one.url for one in organisation.columns.all()]
    return mask_of(
        (organisation.name, organisation.short_name),
        (organisation.site_url, *columns),
        (organisation.site_id_code, organisation.code),
        people,
    )


def capture_of(link: AnswerArtefact, mask: Mask) -> Capture:
    """The archived page as plain words, read in a limited child; never as a page."""
    kept = ledger.artefact(link.capture_sha256) if link.capture_sha256 else None
    content = ledger.artefact_bytes(link.capture_sha256) if kept else None
    if kept is None or content is None:
        return Capture("", 0)
    try:
        text = read(plain_text, content, kept.media_type)
    except NotRead:
        return Capture("", 0)
    found = mask.over(text)
    return Capture(found.text, found.hits)


def masked_in_texts(campaign: Campaign) -> int:
    """How often units name themselves in what they typed: what the office sees before reviewers read it."""
    forms: list[SelfReview] = list(
        SelfReview.objects.filter(campaign=campaign, state=SUBMITTED)  # a draft is not before the reviewers
        .select_related("organisation")
        .prefetch_related("answers", "organisation__columns")
    )
    hits, people = 0, people_of([form.organisation.code for form in forms])
    for form in forms:
        mask = mask_of_unit(form.organisation, people[form.organisation.code])
        hits += sum(mask.over(answer.text).hits for answer in form.answers.all())
    return hits
