"""Draws on the public shelf: the commitment at once, the protocol after the draw. Only then may one say 公布承诺值."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from kaoping.inspection import queries
from kaoping.inspection.services import note_published
from kaoping.publication import shelf
from kaoping.registry.queries import short_names


def publish(*, now: datetime) -> int:
    """Write what is not on the shelf yet, and say how many draws stand there. Harmless twice.

    Raises ``ShelfError`` for every draw of which the shelf holds something else, once the others are written.
    """
    folder, count, names = Path(settings.KAOPING_PUBLISHED), 0, short_names()
    refused = []
    for draw in queries.draws().order_by("id"):
        try:
            shelf.write_draw(folder, facts_of(draw, names))
        except shelf.ShelfError as error:
            refused.append(str(error))
            continue
        note_published(draw_id=draw.pk, now=now)
        count += 1
    if refused:
        raise shelf.ShelfError("；".join(refused))
    return count


def facts_of(draw: Any, names: Mapping[str, str]) -> dict[str, Any]:
    """What the public reads of a draw; the secret number only once it is drawn."""
    return {
        "draw": draw.pk,
        "title": draw.title,
        "committed_at": draw.committed_at.isoformat(),
        "list": draw.protocol["list"],
        "list_digest": draw.protocol["list_digest"],
        "names": {code: names.get(code, code) for codes in draw.protocol["list"].values() for code in codes},
        "sizes": draw.protocol["sizes"],
        "commitment": draw.commitment,
        "source": draw.source or None,
        "source_on": draw.source_on.isoformat() if draw.source_on else None,
        "drawn_at": draw.drawn_at.isoformat() if draw.drawn_at else None,
        "result": draw.result,
    }
