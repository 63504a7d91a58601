"""Which release of a year stands, and so which sheet counts: one answer for unit pages, the desk and report texts."""

from __future__ import annotations

from dataclasses import dataclass

from kaoping.campaigns.logic import stages
from kaoping.campaigns.models import Campaign, Correction, Sheet
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries import sheet as sheets
from kaoping.publication import logic, queries
from kaoping.publication.models import Release, ReleaseAct
from kaoping.scoring.organised import OrganisedYear


def standing(key: OrganisedYear) -> Release | None:
    """The newest release of an organiser's year that is published and not withdrawn; null while none is."""
    return next((one for one in queries.releases(key) if queries.published_act(one)), None)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The newest release of a year, withdrawn; ``valid`` is the earlier one that is valid again, null when none is."""

    release: Release
    act: ReleaseAct
    valid: Release | None

    @property
    def names(self) -> tuple[str, str]:
        """``2025-2`` and ``2025-1``; the second is empty when no release is valid."""
        gone, valid = self.release, self.valid
        return f"{gone.year}-{gone.number}", f"{valid.year}-{valid.number}" if valid else ""

    @property
    def words(self) -> str:
        """What is valid now."""
        gone, valid = self.names
        if valid:
            return f"发布 {gone} 已撤回，发布 {valid} 重新有效。"
        return f"发布 {gone} 已撤回，本年度现在没有有效的结果，等更正公开。"


def withdrawal(key: OrganisedYear) -> Withdrawal | None:
    """The withdrawal that a year's pages tell: of the newest release that ever was published; null while that one stands."""
    rows = queries.releases(key)
    acts = ((one, {act.kind: act for act in one.acts.all()}) for one in rows)
    newest = next(((one, kinds) for one, kinds in acts if logic.PUBLISHED_ACT in kinds), None)
    if newest is None or logic.WITHDRAWN_ACT not in newest[1]:
        return None
    return Withdrawal(newest[0], newest[1][logic.WITHDRAWN_ACT], standing(key))


def counting(campaign: Campaign) -> Sheet | None:
    """The sheet that units and the public know: that of the release that stands.

    Before the first publication it is the newest, and once the year is frozen the one that was signed. While every
    release is withdrawn it is the last one published, of which every page says that it is not valid. What a correction
    under way computes, or has signed, counts only when it is published.
    """
    if not stages.reached(campaign.stage, stages.FROZEN):
        return sheets.latest(campaign)
    gone = withdrawal(campaign.key)
    release = standing(campaign.key) or (gone.release if gone else None)
    if release is not None:
        return sheets.by_digest(campaign.key, release.sheet_digest)
    correction = corrections.under_way(campaign)
    return correction.sheet if correction else sheets.signed(campaign) or sheets.latest(campaign)


def at_work(campaign: Campaign) -> Sheet | None:
    """The sheet that the office looks at: the newest; once published that of the correction under way, else the one that counts."""
    if campaign.stage != stages.PUBLISHED:
        return sheets.latest(campaign)
    correction = corrections.under_way(campaign)
    return (corrections.sheet_of(correction) if correction else None) or counting(campaign)


def preview(campaign: Campaign, unit: str) -> sheets.UnitView | None:
    """What the unit itself may see: nothing before the preview opens."""
    if not stages.reached(campaign.stage, stages.PREVIEW):
        return None
    sheet = counting(campaign)
    return sheets.unit_view(campaign, unit, sheet=sheet) if sheet else None


def withdrawn_correction(correction: Correction) -> Withdrawal | None:
    """By what a published correction was withdrawn; null while its release stands, and before it has one."""
    for release in queries.releases(correction.campaign.key):
        pair = queries.corrected_by(release)
        act = next((act for act in release.acts.all() if act.kind == logic.WITHDRAWN_ACT), None)
        if act is not None and pair is not None and pair[0] == correction:
            return Withdrawal(release, act, standing(release.key))
    return None
