"""A district's rulebook derives from the city's: it may add and tighten, it may not drop locked items (考核办法 第十条). Pure."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from kaoping.standards.parsing import RulebookError


def derived(parent: Mapping[str, Any], own: Mapping[str, Any], file: str) -> dict[str, Any]:
    """The parent's rubric with the own file's ``change``, ``add`` and ``drop`` applied; other top keys replace.

    ``change: {code: {field: value}}`` · ``add: [{under: code, indicator: {…}}]`` · ``drop: [codes]``. Maxima of branches
    are derived again. Raises ``RulebookError`` for a locked or unknown code.
    """
    made = copy.deepcopy(dict(parent))
    index = {node["code"]: node for node in _nodes(made["indicators"])}
    for code in own.get("drop") or ():
        node = index.get(code)
        if node is None:
            raise RulebookError(file, 0, "drop", f"上级规则集没有指标 {code}")
        locked = [one["code"] for one in _nodes([node]) if one.get("locked") is True]
        if locked:
            raise RulebookError(
                file, 0, "drop", f"{locked[0]} 是锁定项，不能删去（考核办法第十条：可以细化，不能减少）"
            )
        _remove(made["indicators"], code)
    for code, fields in (own.get("change") or {}).items():
        if code not in index:
            raise RulebookError(file, 0, "change", f"上级规则集没有指标 {code}")
        index[code].update(fields)
    for one in own.get("add") or ():
        under = one.get("under")
        if under is None:
            made["indicators"].append(one["indicator"])
        elif under in index and index[under].get("children"):
            index[under]["children"].append(one["indicator"])
        else:
            raise RulebookError(file, 0, "add", f"没有可以加在下面的指标 {under}")
    for node in _nodes(made["indicators"]):
        if node.get("children"):
            node.pop("max", None)
    made.update({key: value for key, value in own.items() if key not in ("change", "add", "drop")})
    return made


def _nodes(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for row in rows:
        found.append(row)
        found += _nodes(row.get("children") or [])
    return found


def _remove(rows: list[dict[str, Any]], code: str) -> None:
    rows[:] = [row for row in rows if row["code"] != code]
    for row in rows:
        if row.get("children"):
            _remove(row["children"], code)
