"""Reads of releases."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.db.models import QuerySet

from kaoping.accounts.logic import already
from kaoping.campaigns.models import Campaign, Correction, Sheet, StepBack
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries import step_back as step_backs
from kaoping.evidence.queries import artefact_bytes
from kaoping.foreign.container import read
from kaoping.publication import logic
from kaoping.publication.bundle.build import Files, public_part
from kaoping.publication.bundle.canonical import loads
from kaoping.publication.models import Release as Release  # what a view hands from a query to a verb
from kaoping.publication.models import ReleaseAct
from kaoping.reporting.report_facts import CorrectedResult, ResultGone, ResultOut, year_of
from kaoping.reporting.report_facts import Year as ReportYear
from kaoping.scoring.organised import OrganisedYear
from kaoping.standards.loading import rulebook_from_files


def releases(key: OrganisedYear | None = None) -> QuerySet[Release]:
    """All releases, or those of an organiser's year, newest first, with their acts."""
    rows = Release.objects.prefetch_related("acts")
    return rows if key is None else rows.filter(organiser=key.organiser, year=key.year)


def by_id(release_id: int) -> Release | None:
    """One release."""
    return releases().filter(pk=release_id).first()


def latest(key: OrganisedYear) -> Release | None:
    """The newest release of an organiser's year."""
    return releases(key).first()


def release_of_signed(campaign: Campaign) -> Release | None:
    """The release of the newest signed sheet, null while it is not frozen."""
    signed = sheets.signed(campaign)
    return releases(campaign.key).filter(sheet_digest=signed.digest).first() if signed else None


def of_sheet(sheet: Sheet) -> Release | None:
    """The release of one sheet, null while it is not frozen."""
    return releases(sheet.campaign.key).filter(sheet_digest=sheet.digest).first()


def returned_by(release: Release) -> StepBack | None:
    """By what the result went back after it was frozen; the release then stays 未公开，已退回. Null for every other."""
    return step_backs.of_sheet(sheets.by_digest(release.key, release.sheet_digest))


def publish_lacks(campaign: Campaign, now: datetime) -> str:
    """The words of what is missing before the newest release may be published; '' when nothing is."""
    if campaign.stage == "published":
        missing = campaigns.correction_missing(campaign)
    else:
        missing = campaigns.missing(campaign, now=now, release=is_frozen(campaign))
    words = "".join(one.words() for one in missing)
    return words and f"还不能公开：{words}"


def check_freeze(campaign: Campaign) -> str | None:
    """Why the signed sheet cannot be frozen now, or null."""
    return logic.refusal_to_freeze(
        stage=campaign.stage, signed=sheets.signed(campaign) is not None, already=is_frozen(campaign)
    )


def check_publish(campaign: Campaign, release: Release, now: datetime) -> str | None:
    """Why the release cannot be published now, or null."""
    newest = release_of_signed(campaign)
    return logic.refusal_to_publish(
        [act.kind for act in release.acts.all()],
        newest=newest is not None and newest.pk == release.pk,
        lacks=publish_lacks(campaign, now),
        returned=returned_by(release) is not None,
    )


def corrected_by(release: Release) -> tuple[Correction, Release] | None:
    """For a release that corrects another: the correction and the release that it corrects; null for every other."""
    sheet = sheets.by_digest(release.key, release.sheet_digest)
    correction = corrections.of_sheet(sheet) if sheet else None
    corrected = of_sheet(correction.sheet) if correction else None
    return (correction, corrected) if correction and corrected else None


def is_frozen(campaign: Campaign) -> bool:
    """What ``advance`` must be told: whether the release of the signed sheet exists."""
    return release_of_signed(campaign) is not None


def published_act(release: Release) -> ReleaseAct | None:
    """The act that published it, null while it is not published or after it was withdrawn."""
    acts = {act.kind: act for act in release.acts.all()}
    return None if logic.WITHDRAWN_ACT in acts else acts.get(logic.PUBLISHED_ACT)


def results_out(organiser: str) -> dict[int, ResultOut]:
    """Year -> an organiser's newest publication that stands, with what it corrected; for the annual report texts."""
    found: dict[int, ResultOut] = {}
    for release in releases().filter(organiser=organiser):
        act = published_act(release)
        if act is None or release.year in found:
            continue
        pair = corrected_by(release)
        first = published_act(pair[1]) if pair else None
        found[release.year] = ResultOut(
            release.sheet_digest,
            act.at,
            CorrectedResult(pair[0].reason, pair[1].sheet_digest, first.at if first else None)
            if pair
            else None,
            _undone(release),
        )
    return found


def results_gone(organiser: str, out: Mapping[int, ResultOut]) -> dict[int, ResultGone]:
    """Year -> how its result was lost, for every year that was published and has no release that stands in ``out``."""
    published: dict[int, list[ReleaseAct]] = {}
    withdrawn: dict[int, list[ReleaseAct]] = {}
    for release in releases().filter(organiser=organiser):
        for act in release.acts.all():
            found = published if act.kind == logic.PUBLISHED_ACT else withdrawn
            found.setdefault(release.year, []).append(act)
    made = {}
    for year, acts in withdrawn.items():
        if year not in out and year in published:
            first = min(act.at for act in published[year])
            last = max(acts, key=lambda act: act.at)
            made[year] = ResultGone(first, last.at, last.reason)
    return made


def report_year(campaign: Campaign) -> ReportYear:
    """What the annual report texts of a year draw on, by the results that are valid or were withdrawn."""
    out = results_out(campaign.organiser)
    return year_of(campaign, published=out, withdrawn=results_gone(campaign.organiser, out))


def _undone(release: Release) -> CorrectedResult | None:
    """The newest later release of the year that was published and withdrawn, by which this one is valid again."""
    for later in releases(release.key).filter(pk__gt=release.pk):
        gone = next((act for act in later.acts.all() if act.kind == logic.WITHDRAWN_ACT), None)
        if gone is not None:
            return CorrectedResult(gone.reason, later.sheet_digest, gone.at)
    return None


def check_withdraw(release: Release) -> str | None:
    """Why a release cannot be withdrawn now, or null."""
    acts = list(release.acts.all())
    done = next((act for act in acts if act.kind == logic.WITHDRAWN_ACT), None)
    if done is not None:
        return already(f"发布 {release.year}-{release.number} ", "撤回", done.by, done.at)
    return logic.refusal_to_withdraw([act.kind for act in acts])


def full_files(release: Release) -> Files | None:
    """The whole bundle, null when its bytes are gone."""
    return _files(release.full_sha256)


def public_files(release: Release) -> Files | None:
    """The published part."""
    return _files(release.public_sha256)


def full_zip(release: Release) -> bytes | None:
    """The whole bundle as one file, for the office."""
    return artefact_bytes(release.full_sha256)


def public_zip(release: Release) -> bytes | None:
    """The published part as one file."""
    return artefact_bytes(release.public_sha256)


def bundle_of_year(key: OrganisedYear, *, level: str = "full") -> Files | None:
    """The newest release of an organiser's year that did not go back, at a level, cut from the whole bundle; null while nothing is frozen.

    A withdrawn one is left out while an earlier one stands.
    """
    there = [one for one in releases(key) if returned_by(one) is None]
    kept = [one for one in there if all(act.kind != logic.WITHDRAWN_ACT for act in one.acts.all())]
    release = next(iter(kept or there), None)
    files = full_files(release) if release else None
    if files is None:
        return None
    return cut(files, level)


def cut(files: Files, level: str) -> Files:
    """The part of a whole bundle that is published at ``level``; pure but for the reading of its own rulebook."""
    texts = {
        name.removeprefix("rulebook/"): content.decode("utf-8")
        for name, content in files.items()
        if name.startswith("rulebook/")
    }
    return public_part(
        files, level, loads(files["manifest.json"]), rulebook_from_files(texts), loads(files["results.json"])
    )


def _files(sha256: str) -> Files | None:
    content = artefact_bytes(sha256)
    if content is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.zip"
        path.write_bytes(content)
        return read(path)
