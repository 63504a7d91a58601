"""The draw itself and its protocol as data. Only SHA-256 decides: no chance inside, the same seed draws the
same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kaoping.drawing.commitment import DrawError, commit, list_digest, seed_of, ticket


@dataclass(frozen=True, slots=True)
class Drawn:
    """One unit with its ticket and its place in the order of its stratum, from 1."""

    stratum: str
    unit: str
    ticket: str
    place: int


@dataclass(frozen=True, slots=True)
class DrawResult:
    """``drawn`` in order of stratum and place; ``reserves`` are the others, in the order in which they step
    in.
    """

    seed: str
    sizes: Mapping[str, int]
    drawn: tuple[Drawn, ...]
    reserves: tuple[Drawn, ...]

    @property
    def units(self) -> list[str]:
        """The codes of the drawn units."""
        return [one.unit for one in self.drawn]


def draw(strata: Mapping[str, Sequence[str]], sizes: Mapping[str, int], seed: str) -> DrawResult:
    """Draw ``sizes[stratum]`` units of each stratum without replacement. Raises ``DrawError``.

    The order in which the list is given does not matter. A stratum without a size is not drawn from.
    """
    list_digest(strata)
    drawn: list[Drawn] = []
    reserves: list[Drawn] = []
    for stratum in sorted(sizes):
        size = sizes[stratum]
        units = strata.get(stratum, ())
        if size < 0 or size > len(units):
            raise DrawError(f"“{stratum}”有 {len(units)} 个单位，不能抽取 {size} 个")
        ordered = sorted((ticket(seed, stratum, unit), unit) for unit in units)
        for place, (number, unit) in enumerate(ordered, start=1):
            (drawn if place <= size else reserves).append(Drawn(stratum, unit, number, place))
    return DrawResult(seed, dict(sizes), tuple(drawn), tuple(reserves))


def proportional_sizes(strata: Mapping[str, Sequence[str]], percent: int) -> dict[str, int]:
    """``percent`` of every stratum, rounded up, so that no stratum with a unit is left out."""
    if not 0 < percent <= 100:
        raise DrawError("抽取比例应在 1 与 100 之间")
    return {stratum: -(-len(units) * percent // 100) for stratum, units in strata.items()}


def protocol(
    strata: Mapping[str, Sequence[str]], sizes: Mapping[str, int], nonce: str, public_value: str = ""
) -> dict[str, Any]:
    """Everything needed to draw again: list, sizes, commitment, nonce, public value, seed and result."""
    digest = list_digest(strata)
    result = draw(strata, sizes, seed_of(digest, nonce, public_value))
    return {
        "list": {stratum: sorted(units) for stratum, units in sorted(strata.items())},
        "list_digest": digest,
        "sizes": dict(sorted(sizes.items())),
        "commitment": commit(digest, nonce),
        "nonce": nonce,
        "public_value": public_value,
        "seed": result.seed,
        "drawn": [_as_json(one) for one in result.drawn],
        "reserves": [_as_json(one) for one in result.reserves],
    }


def check_protocol(data: Mapping[str, Any], commitment: str | None = None) -> list[str]:
    """Draw again from a protocol; the differences in words, none when it holds.

    ``commitment`` is the one published before the draw; without it the protocol's own is taken.
    """
    try:
        again = protocol(data["list"], data["sizes"], data["nonce"], data["public_value"])
    except (KeyError, TypeError, AttributeError):
        return ["抽取记录不完整"]
    except DrawError as error:
        return [str(error)]
    names = {
        "list_digest": "名单校验值不符",
        "commitment": "随机数不是事先承诺的那一个",
        "seed": "种子不符",
        "drawn": "抽中的单位不符",
        "reserves": "备选顺序不符",
    }
    found = [words for key, words in names.items() if data.get(key) != again[key]]
    if commitment is not None and commitment != again["commitment"]:
        found.append("与抽取前公布的承诺不符")
    return found


def _as_json(one: Drawn) -> dict[str, Any]:
    return {"stratum": one.stratum, "unit": one.unit, "ticket": one.ticket, "place": one.place}
