"""The numbers of a scoring method in ``rubric.yaml``, checked by name, so that a misspelt one is refused. Pure."""

from __future__ import annotations

from typing import Any, Final

from kaoping.standards.reader import Path, Reader

_AMOUNTS: Final = frozenset({"each", "cap", "only_above"})
_WHOLE: Final = frozenset({"least", "min_n"})
_CHOICES: Final = {"silent": ("full", "open"), "combine": ("latest", "sum", "mean", "median")}
_KNOWN: Final = _AMOUNTS | _WHOLE | frozenset(_CHOICES) | {"restores", "overflow", "weights"}
_COMBINE: Final = {
    "judged": ("median", "mean"),
    "points": ("latest", "mean", "sum"),
    "ratio": ("latest", "sum"),
}


def read_settings(reader: Reader, value: Any, method: str | None, path: Path) -> dict[str, Any]:
    """The settings as they stand, once every one of them is understood. Raises ``RulebookError``."""
    if value is None:
        return {}
    data = reader.mapping(value, path)
    reader.no_others(data, frozenset(_KNOWN), path)
    for key in data:
        if key in _AMOUNTS and reader.number(data, key, path) < 0:
            raise reader.fail((*path, key), "不能小于 0")
        if key in _WHOLE:
            reader.whole(data, key, path, 0)
        if key in _CHOICES:
            allowed = _COMBINE.get(method or "", _CHOICES[key]) if key == "combine" else _CHOICES[key]
            reader.one_of(data[key], allowed, (*path, key))
    if "overflow" in data and not isinstance(data["overflow"], bool):
        raise reader.fail((*path, "overflow"), "应为 true 或 false")
    if "restores" in data and not 0 <= reader.number(data, "restores", path) <= 1:
        raise reader.fail((*path, "restores"), "应在 0 与 1 之间")
    if "weights" in data:
        weights = reader.mapping(data["weights"], (*path, "weights"))
        if not all(0 <= reader.number(weights, code, (*path, "weights")) <= 1 for code in weights):
            raise reader.fail((*path, "weights"), "应在 0 与 1 之间")
    return dict(data)
