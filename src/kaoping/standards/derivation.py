"""A district's rulebook derives from the city's: it may add and refine, it may not drop locked items (考核办法 第十条). Pure."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from kaoping.standards.parsing import TOP_FIELDS
from kaoping.standards.reader import Lines, Path, Reader

_VERBS = ("change", "add", "drop")
_USABLE = frozenset(_VERBS) | (TOP_FIELDS - {"indicators"})
# What makes a locked item the city's: it may be weighed and described anew, not emptied or turned into another thing.
_FIXED = frozenset({"code", "locked", "role", "method", "basis", "period", "applies_to"})


def derived(
    parent: Mapping[str, Any], own: Mapping[str, Any], reader: Reader
) -> tuple[dict[str, Any], Lines]:
    """The parent's rubric with the own file's verbs applied, and the lines of what the own file says.

    ``change: {code: {field: value}}`` · ``add: [{under: code, indicator: {…}}]`` · ``drop: [codes]``; other top keys
    replace the parent's, except ``indicators``, which would drop what is locked. Maxima of branches are derived again.
    Raises ``RulebookError`` for a locked or unknown code.
    """
    reader.no_others(own, _USABLE, ())
    made = copy.deepcopy(dict(parent))
    said: dict[str, int] = {}
    _drop(made, own, reader)
    _change(made, own, reader, said)
    _add(made, own, reader, said)
    for _path, node in _nodes(made["indicators"], ("indicators",)):
        if node.get("children"):
            node.pop("max", None)
    made.update({key: value for key, value in own.items() if key not in _VERBS})
    lines: dict[Path, int] = {path: line for path, line in reader.lines.items() if path[:1] not in _verbs()}
    for path, node in _nodes(made["indicators"], ("indicators",)):
        if node.get("code") in said:
            lines[path] = said[node["code"]]
    return made, lines


def _verbs() -> set[Path]:
    return {(verb,) for verb in _VERBS}


def _index(made: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {node["code"]: node for _path, node in _nodes(made["indicators"], ()) if "code" in node}


def _drop(made: dict[str, Any], own: Mapping[str, Any], reader: Reader) -> None:
    for number, code in enumerate(reader.strings(own, "drop", ())):
        node = _index(made).get(code)
        if node is None:
            raise reader.fail(("drop", number), f"上级规则集没有指标 {code}")
        locked = [one["code"] for _path, one in _nodes([node], ()) if one.get("locked") is True]
        if locked:
            raise reader.fail(
                ("drop", number), f"{locked[0]} 是锁定项，不能删去（考核办法第十条：可以细化，不能减少）"
            )
        _remove(made["indicators"], code)


def _change(made: dict[str, Any], own: Mapping[str, Any], reader: Reader, said: dict[str, int]) -> None:
    index = _index(made)
    changes = reader.mapping(own["change"], ("change",)) if own.get("change") is not None else {}
    for code, value in changes.items():
        at: Path = ("change", code)
        if code not in index:
            raise reader.fail(at, f"上级规则集没有指标 {code}")
        fields = reader.mapping(value, at)
        if "children" in fields:
            raise reader.fail((*at, "children"), "下级指标用 add、change、drop 逐项写")
        fixed = sorted(_FIXED & set(fields))
        if index[code].get("locked") is True and fixed:
            raise reader.fail((*at, fixed[0]), f"{code} 是锁定项，不能改 {fixed[0]}")
        if index[code].get("locked") is True and "max" in fields and reader.number(fields, "max", at) <= 0:
            raise reader.fail((*at, "max"), f"{code} 是锁定项，分值应大于 0")
        if index[code].get("locked") is True:
            _still_costs(reader, index[code], fields, at)
        index[code].update(fields)
        said[code] = reader.lines.get(at, 0)


def _still_costs(reader: Reader, node: Mapping[str, Any], fields: Mapping[str, Any], at: Path) -> None:
    """A locked deduction at nothing a fault would be emptied by another name."""
    settings = fields.get("settings")
    if node.get("method") != "deduction" or not isinstance(settings, dict):
        return
    for key in ("each", "cap"):
        if key in settings and reader.number(settings, key, (*at, "settings")) <= 0:
            raise reader.fail((*at, "settings", key), f"{node['code']} 是锁定项，{key} 应大于 0")


def _add(made: dict[str, Any], own: Mapping[str, Any], reader: Reader, said: dict[str, int]) -> None:
    for number, one in enumerate(reader.rows(own, "add", ())):
        at: Path = ("add", number)
        indicator = reader.mapping(one.get("indicator"), (*at, "indicator"))
        under = one.get("under")
        parent = None if under is None else _index(made).get(str(under))
        if under is None:
            made["indicators"].append(indicator)
        elif parent is not None and parent.get("children"):
            parent["children"].append(indicator)
        else:
            raise reader.fail((*at, "under"), f"没有可以加在下面的指标 {under}")
        for _path, node in _nodes([indicator], ()):
            said[str(node.get("code"))] = reader.lines.get(at, 0)


def _nodes(rows: Any, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    if not isinstance(rows, list):
        return
    for number, row in enumerate(rows):
        if isinstance(row, dict):
            yield (*path, number), row
            yield from _nodes(row.get("children"), (*path, number, "children"))


def _remove(rows: list[dict[str, Any]], code: str) -> None:
    rows[:] = [row for row in rows if row["code"] != code]
    for row in rows:
        if row.get("children"):
            _remove(row["children"], code)
