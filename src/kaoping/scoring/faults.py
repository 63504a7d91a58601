"""One fault, one deduction: verdicts about the same check and target are one fault, whoever saw it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from kaoping.scoring.observations import Observation
from kaoping.scoring.succession import target_of


@dataclass(slots=True)
class _Fault:
    """One key through time: ``standing`` or mended, how many times mended, and the verdicts that say so."""

    standing: bool = False
    mended: int = 0
    used: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Faults:
    """``standing`` faults cost all, ``mended`` ones what the rulebook keeps; ``used`` are the ids behind both."""

    standing: int
    mended: int
    used: tuple[str, ...]

    def cost(self, each: Fraction, restores: Fraction) -> Fraction:
        """Points lost: ``each`` a standing fault, and what a passing re-test does not give back of a mended one."""
        return each * self.standing + each * (1 - restores) * self.mended


def fault_key(one: Observation) -> tuple[str, str]:
    """What two verdicts share when they speak of one fault: the check (else the item) and the target.

    A verdict by hand that names neither check nor target is a fault of its own.
    """
    place = target_of(one) or ""
    if not one.check and not place:
        return one.item or "", f"#{one.id}"
    return one.check or one.item or "", place


def read_faults(observations: Sequence[Observation]) -> Faults:
    """Follow each fault in order of observation.

    ``not_met`` raises it (again and again it stays one), a later ``met`` mends it, ``met`` of the office says that there
    never was one. ``met`` without a target speaks of all faults of its check, without check and target of all faults
    of the item. ``undecided`` does nothing.
    """
    faults: dict[tuple[str, str], _Fault] = {}
    for one in _in_order(observations):
        if one.value == "not_met":
            fault = faults.setdefault(_merged(faults, fault_key(one)), _Fault())
            fault.standing = True
            fault.used.append(one.id)
        elif one.value == "met":
            for fault in _spoken_of(faults, one):
                fault.standing = False
                fault.mended += one.source != "office"
                fault.used.append(one.id)
    return Faults(
        sum(fault.standing for fault in faults.values()),
        sum(fault.mended for fault in faults.values()),
        tuple(dict.fromkeys(uid for fault in faults.values() for uid in fault.used)),
    )


def _in_order(observations: Sequence[Observation]) -> list[Observation]:
    verdicts = [one for one in observations if one.kind == "verdict"]
    return sorted(verdicts, key=lambda one: (one.observed_at, one.recorded_at, one.id))


def _merged(faults: dict[tuple[str, str], _Fault], key: tuple[str, str]) -> tuple[str, str]:
    """The key to count under: of two verdicts about one check, one with a place and one without are one fault."""
    check, place = key
    if not place:
        return next((other for other, fault in faults.items() if other[0] == check and fault.standing), key)
    unplaced = faults.get((check, ""))
    if key not in faults and unplaced is not None and unplaced.standing:
        faults[key] = faults.pop((check, ""))
    return key


def _spoken_of(faults: dict[tuple[str, str], _Fault], one: Observation) -> list[_Fault]:
    check, place = fault_key(one)
    standing = {key: fault for key, fault in faults.items() if fault.standing}
    if place.startswith("#"):
        return list(standing.values())
    if not place:
        return [fault for key, fault in standing.items() if key[0] == check]
    return [fault for key, fault in standing.items() if key == (check, place) or key == (check, "")]
