"""What a rulebook that extends another may change today: texts, the evidence asked, items of its own. Pure.

考核办法 第十条: lower levels may refine, and may not lessen. Until the one above can say what it allows, and how far, nothing
that moves a point of what was taken over may differ: neither numbers nor methods, checks or sources, grades, the questions or
the days. What was adopted or published before is read as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaoping.standards.reader import Path, Reader
from kaoping.standards.texts import (
    QUESTIONNAIRE,
    RUBRIC,
    TIMETABLE,
    inherited_texts,
    rubric_data,
    text_data,
    whole_texts,
)

TEXTS: Final = frozenset({"name", "observed_by", "evidence", "note", "levels"})
_LEVEL_TEXTS: Final = frozenset({"name", "description"})
_WORDS: Final = frozenset({"text", "label", "title", "note", "name", "hint"})
_RULE: Final = "考核办法第十条：可以细化，不能减少"
_MAY: Final = "现在只能改说明、要的材料，在上级有下级指标的项下加自己的 0 分项"


def refuse_lessening(files: Mapping[str, str]) -> None:
    """Refuse the first change that a rulebook may not make to the one that it extends. Raises ``RulebookError``."""
    inherited = inherited_texts(files)
    if not inherited:
        return
    if RUBRIC in files:
        data, lines = text_data(files, RUBRIC)
        reader = Reader(lines, RUBRIC)
        for path, message in _rubric(data, rubric_data(inherited)[0]):
            raise reader.fail(path, f"{message}（{_RULE}）")
    above = whole_texts(inherited)
    for name in (QUESTIONNAIRE, TIMETABLE):
        if name in files and _unlike(files, above, name):
            raise Reader(text_data(files, name)[1], name).fail(
                (), f"沿用上级的，只能改文字，不能改题目、选项、权重、日期。办法：删去本文件（{_RULE}）"
            )
    refuse_lessening(inherited)


def _rubric(own: Mapping[str, Any], parent: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    nodes = {node["code"]: node for node in _nodes(parent.get("indicators")) if "code" in node}
    for key in own:
        if key not in ("change", "add", "drop", "note"):
            yield (key,), f"派生的规则集不能改 {key}；{_MAY}"
    for number, code in enumerate(_list(own, "drop")):
        yield ("drop", number), f"{code} 是上级规则集的，不能删去；{_MAY}"
    changes = own.get("change")
    for code, fields in changes.items() if isinstance(changes, dict) else ():
        for field in fields if isinstance(fields, dict) and code in nodes else ():
            at: Path = ("change", code, field)
            if field not in TEXTS:
                yield at, f"{code} 是上级规则集的，不能改 {field}；{_MAY}"
            elif field == "levels" and _bare(fields[field]) != _bare(nodes.get(code, {}).get("levels")):
                yield at, f"{code} 的档次只能改名称和说明，不能增删档次、改几成"
    for number, one in enumerate(_list(own, "add")):
        if isinstance(one, dict):
            yield from _added(one, ("add", number), nodes)


def _list(own: Mapping[str, Any], key: str) -> list[Any]:
    """What is no list is refused where the rubric is read."""
    value = own.get(key)
    return value if isinstance(value, list) else []


def _added(one: Mapping[str, Any], at: Path, nodes: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    above = nodes.get(str(one.get("under")))
    if above is None or above.get("locked") is not True:
        yield at, f"自己的项加在上级锁定的、有下级指标的项下（under）；{_MAY}"
        return
    for node in _nodes([one.get("indicator")]):
        if node.get("role", "item") != "item":
            yield (*at, "indicator", "role"), f"自己的项不能是加分、扣分、否决或前提；{_MAY}"


def _unlike(files: Mapping[str, str], above: Mapping[str, str], name: str) -> bool:
    """Whether a file says other things than the parent's, words aside."""
    return name not in above or _mute(text_data(files, name)[0]) != _mute(text_data(above, name)[0])


def _mute(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            key: _mute(one) for key, one in value.items() if key not in _WORDS or isinstance(one, list | dict)
        }
    return [_mute(one) for one in value] if isinstance(value, list) else value


def _bare(levels: Any) -> Any:
    if not isinstance(levels, list):
        return levels
    return [
        {key: value for key, value in one.items() if key not in _LEVEL_TEXTS}
        if isinstance(one, dict)
        else one
        for one in levels
    ]


def _nodes(rows: Any) -> Iterator[Mapping[str, Any]]:
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping):
            yield row
            yield from _nodes(row.get("children"))
