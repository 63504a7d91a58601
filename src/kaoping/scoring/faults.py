"""One fault, one deduction: verdicts about the same check (or the same place) are one fault."""

from __future__ import annotations

from collections.abc import Sequence

from kaoping.scoring.observations import Observation


def fault_key(one: Observation) -> str:
    """What makes two verdicts speak of one fault: the check and the address seen, else the item and the address."""
    place = next((artefact.url for artefact in one.artefacts if artefact.url), "")
    return f"{one.check or one.item}|{place}"


def standing_faults(observations: Sequence[Observation]) -> tuple[int, tuple[str, ...]]:
    """How many faults stand at the end, and the ids that say so.

    In order of observation, ``not_met`` raises a fault; a later ``met`` of a re-test, visit or the office lowers it.
    ``undecided`` never raises one.
    """
    state: dict[str, list[Observation]] = {}
    verdicts = [one for one in observations if one.kind == "verdict"]
    for one in sorted(verdicts, key=lambda entry: (entry.observed_at, entry.recorded_at, entry.id)):
        key = fault_key(one)
        if one.value == "not_met":
            state.setdefault(key, []).append(one)
        elif one.value == "met":
            state.pop(key, None)
    used = tuple(one.id for group in state.values() for one in group)
    return len(state), used
