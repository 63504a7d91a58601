"""YAML that remembers its lines, so that an error in a rulebook names file, line and field. Safe types only."""

from __future__ import annotations

from typing import Any, Final

import yaml

from kaoping.patterns import linear

Path = tuple[str | int, ...]
# 1e999999999 is ten characters that would fill the memory.
_POWER: Final = linear(r"[+-]?[\p{Nd}_.]+[eE][+-]?[\p{Nd}_]{3,}")


class YamlError(ValueError):
    """Text that is not usable YAML: ``line`` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line, self.message = line, message


def parse(text: str) -> tuple[Any, dict[Path, int]]:
    """Plain data and the line of every key and element. Numbers stay text; duplicate keys and aliases are refused."""
    try:
        node = yaml.compose(text.removeprefix("\ufeff"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlError(mark.line + 1 if mark else 1, f"不是 YAML：{error.problem}") from None
    except yaml.YAMLError as error:
        raise YamlError(1, f"不是 YAML：{error}") from None
    lines: dict[Path, int] = {}
    return (None if node is None else _plain(node, (), lines, set())), lines


def _plain(node: yaml.Node, path: Path, lines: dict[Path, int], seen: set[int]) -> Any:
    lines[path] = node.start_mark.line + 1
    # A node met twice is an alias: refused, since a few lines of them stand for billions of values.
    if id(node) in seen or len(path) > 40:
        raise YamlError(lines[path], "不用别名（* 引用），嵌套不超过 40 层")
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*path, index), lines, seen) for index, child in enumerate(node.value)]
    found: dict[str, Any] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in found:
            raise YamlError(key.start_mark.line + 1, f"字段 {name} 写了两次")
        found[name] = _plain(value, (*path, name), lines, seen)
        lines[(*path, name)] = key.start_mark.line + 1
    return found


def _scalar(node: yaml.ScalarNode) -> str | bool | int | None:
    if _POWER.fullmatch(node.value):
        raise YamlError(node.start_mark.line + 1, f"数字 {node.value[:20]} 请写全，不用科学记数法")
    if node.style in ("'", '"', "|", ">"):
        return str(node.value)
    tag = node.tag.rsplit(":", 1)[-1]
    if tag == "null":
        return None
    if tag == "bool":
        return node.value.lower() in ("true", "yes", "on")
    if tag == "int" and node.value.lstrip("+-").isdigit():
        return int(node.value)
    return str(node.value)
