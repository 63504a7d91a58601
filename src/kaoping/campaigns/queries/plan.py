"""The plan's texts as they are stored, field by field as their forms send them: what editions are made of."""

from __future__ import annotations

from kaoping.campaigns.logic import plan
from kaoping.campaigns.models import Campaign, Participation
from kaoping.registry.models import Organisation


def priorities(campaign: Campaign) -> dict[str, str]:
    """The year's 要点, one a line with the item's code."""
    rows = campaign.priorities.all()
    return {"lines": plan.lines_text([(row.text, row.item) for row in rows])}


def participation(campaign: Campaign) -> dict[str, str]:
    """Every unit with its group, or with the reason for which it is left out."""
    rows = campaign.participations.select_related("organisation").order_by("organisation__order", "id")
    return {
        "units": plan.units_text(
            [plan.Choice(one.organisation.code, one.participates, one.group, one.reason) for one in rows]
        )
    }


def participation_of(campaign: Campaign, organisation: Organisation) -> dict[str, str]:
    """One unit: assessed in a group, or left out for a reason."""
    row = Participation.objects.filter(campaign=campaign, organisation=organisation).first()
    if row is None:
        group = plan.GROUP_OF_KIND.get(organisation.kind, "其他")
        return {"participates": "yes", "group": group, "reason": ""}
    return {"participates": "yes" if row.participates else "no", "group": row.group, "reason": row.reason}


def timetable(campaign: Campaign) -> dict[str, str]:
    """Timetable and level of publication."""
    return {"timetable": campaign.timetable, "level": campaign.publication_level}


def rulebook(campaign: Campaign) -> dict[str, str]:
    """The rulebook version."""
    return {"rulebook": f"version:{campaign.rulebook_id}"}


def report_note(campaign: Campaign) -> dict[str, str]:
    """What the office wrote on 责任追究."""
    note = getattr(campaign, "report_note", None)
    return {"accountability": note.accountability if note else ""}
