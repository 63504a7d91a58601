"""Background entry points of campaigns."""

from __future__ import annotations

from datetime import datetime

from kaoping.campaigns.services import link_capture


def capture_link(*, artefact_id: int, now: datetime) -> str:
    """Fetch and keep the page of a link that a unit handed in."""
    return link_capture.capture(artefact_id=artefact_id, now=now)


def capture_appeal_link(*, appeal_id: int, now: datetime) -> str:
    """Fetch and keep the page that an appeal names."""
    return link_capture.capture_appeal(appeal_id=appeal_id, now=now)
