"""A unit opens its own evidence: of its answers, of its appeals, and behind what was observed about it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from kaoping.reporting.evidence_doors import unit_file
from kaoping.scoring.organised import OrganisedYear
from kaoping.web.ui.attachment import attachment, is_digest
from kaoping.web.ui.requests import SignedIn


@require_safe
def file(request: SignedIn, key: OrganisedYear, unit: str, sha256: str) -> HttpResponse:
    """The file to save, or 404: whether it exists elsewhere is nobody's business."""
    name = unit_file(request.actor, unit, sha256) if is_digest(sha256) else None
    if name is None:
        raise Http404
    return attachment(sha256, name)
