"""An observation as a card of the desk: who, what, when, why, and its evidence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from kaoping.evidence.queries import batch_of, gone_among
from kaoping.scoring.observations import ArtefactRef, Observation
from kaoping.web.ui.observed import source_words, times, times_words, value_words
from kaoping.web.ui.parts.evidence import Artefact
from kaoping.web.ui.proofs import closed
from kaoping.web.ui.wording import cn_date


def seen_words(one: Observation, rule: Any = None, judged: datetime | None = None) -> str:
    """What was seen or judged, and when; a reviewer by alias, the levels by the item's names."""
    levels = {level.code: level.label for level in rule.levels} if rule else {}
    who = f"{one.by}：" if one.source == "reviewer" and one.by else ""
    label, at = times(one, judged)[0]
    return f"{who}{value_words(one, levels)}（{label} {cn_date(at)}）"


def card_of(
    one: Observation, rule: Any = None, *, files: bool = False, judged: datetime | None = None
) -> dict[str, Any]:
    """One observation with who, when, why, and its artefacts; ``files`` when the reader may open stored bytes."""
    gone = gone_among(ref.sha256 for ref in one.artefacts)
    return {
        "source": source_words(one),
        "words": seen_words(one, rule, judged),
        "reason": one.reason or "",
        "by": one.by or "",
        "times": times_words(one, judged),
        "id": one.id,
        "batch": (batch_of(one.id) or "") if files else "",
        "check": one.check or "",
        "supersedes": one.supersedes or "",
        "artefacts": [
            closed(_artefact(ref, files=files), gone.get(ref.sha256 or "")) for ref in one.artefacts
        ],
    }


def _artefact(ref: ArtefactRef, *, files: bool) -> Artefact:
    url = ref.url if ref.url and ref.url.startswith(("http://", "https://")) else ""
    if files and ref.sha256:
        url = reverse("desk-artefact", args=[ref.sha256])
    return Artefact(ref.url or "封存材料", url, "file" if ref.sha256 else "link", sha256=ref.sha256)
