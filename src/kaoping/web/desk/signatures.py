"""The approval sheet as a strip, on every page that waits for it."""

from __future__ import annotations

from typing import Any

from kaoping.campaigns.logic import approval


def strip_of(state: Any) -> list[dict[str, Any]]:
    """The approval sheet as a strip: 经办 → 办公室负责人 → 领导小组领导."""
    signed = list(state.rows)[len(state.rows) - state.standing :] if state.standing else []
    made: list[dict[str, Any]] = []
    for place, (_step, _role, label) in enumerate(approval.STEPS):
        if place < len(signed):
            row = signed[place]
            made.append(
                {"role": label, "name": row.by.name, "state": "done", "at": row.at, "note": row.opinion}
            )
        else:
            made.append(
                {"role": label, "name": "还没有签", "state": "now" if place == len(signed) else "next"}
            )
    return made
