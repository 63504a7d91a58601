"""YAML that remembers its lines, so that an error in a rulebook names file, line and field. Safe types only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from kaoping.patterns import linear

Path = tuple[str | int, ...]
# 1e999999999 is ten characters that would fill the memory.
_POWER: Final = linear(r"[+-]?[\p{Nd}_.]+[eE][+-]?[\p{Nd}_]{3,}")
_DIGITS: Final = 40
MAX_NODES: Final = 50_000


class YamlError(ValueError):
    """Text that is not usable YAML: ``line`` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line, self.message = line, message


def parse(text: str, *, strict: bool = False, aliases: bool = False) -> tuple[Any, dict[Path, int]]:
    """Plain data and the line of every key and element. Numbers stay text; duplicate keys and aliases are refused.

    ``strict`` refuses besides what was passed over in silence once, and still is in frozen texts: tags (``!!python/…``)
    and keys that are no text. ``aliases`` takes what a program wrote that shortens repetitions, within bounds.
    Raises ``YamlError``.
    """
    try:
        node = yaml.compose(text.removeprefix("\ufeff"), Loader=yaml.SafeLoader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise YamlError(line, f"有 YAML 不许用的字符 U+{int(error.character):04X}，请删去") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlError(mark.line + 1 if mark else 1, f"不是 YAML：{error.problem}") from None
    except yaml.YAMLError as error:
        raise YamlError(1, f"不是 YAML：{error}") from None
    except RecursionError:
        raise YamlError(1, "嵌套过深，不超过 40 层") from None
    except (ValueError, OverflowError):  # an escape beyond the last character
        raise YamlError(1, "不是 YAML：有不能用的转义") from None
    if strict and "!" in text:
        _refuse_tags(text)
    lines: dict[Path, int] = {}
    seen = _Seen(strict=strict, aliases=aliases)
    return (None if node is None else _plain(node, (), lines, seen)), lines


@dataclass(slots=True)
class _Seen:
    """What was met so far, and how it is judged."""

    strict: bool
    aliases: bool
    nodes: set[int] = field(default_factory=set)
    count: int = 0

    def refuses(self, node: yaml.Node) -> bool:
        """A node met twice is an alias: refused, since a few lines of them stand for billions of values."""
        self.count += 1
        if self.aliases:
            return self.count > MAX_NODES
        known = id(node) in self.nodes
        self.nodes.add(id(node))
        return known


def _refuse_tags(text: str) -> None:
    for event in yaml.parse(text.removeprefix("\ufeff"), Loader=yaml.SafeLoader):
        tag = getattr(event, "tag", None)
        if tag is not None:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise YamlError(line, f"不用标签（{str(tag)[:40]}），请删去")


def _plain(node: yaml.Node, path: Path, lines: dict[Path, int], seen: _Seen) -> Any:
    lines[path] = node.start_mark.line + 1
    if len(path) > 40 or seen.refuses(node):
        raise YamlError(lines[path], "不用别名（* 引用），嵌套不超过 40 层")
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*path, index), lines, seen) for index, child in enumerate(node.value)]
    found: dict[str, Any] = {}
    for key, value in node.value:
        if seen.strict and not isinstance(key, yaml.ScalarNode):
            raise YamlError(key.start_mark.line + 1, "字段名应为文本")
        name = str(key.value)
        if name in found:
            raise YamlError(key.start_mark.line + 1, f"字段 {name} 写了两次")
        found[name] = _plain(value, (*path, name), lines, seen)
        lines[(*path, name)] = key.start_mark.line + 1
    return found


def _scalar(node: yaml.ScalarNode) -> str | bool | int | None:
    if not node.value.isascii():
        _refuse_halves(node)
    if _POWER.fullmatch(node.value):
        raise YamlError(node.start_mark.line + 1, f"数字 {node.value[:20]} 请写全，不用科学记数法")
    if node.style in ("'", '"', "|", ">"):
        return str(node.value)
    tag = node.tag.rsplit(":", 1)[-1]
    if tag == "null":
        return None
    if tag == "bool":
        return node.value.lower() in ("true", "yes", "on")
    # Longer ones are no number of ours; Python would refuse 4,300 digits in words of its own.
    if tag == "int" and len(node.value) <= _DIGITS and node.value.lstrip("+-").isdigit():
        return int(node.value)
    return str(node.value)


def _refuse_halves(node: yaml.ScalarNode) -> None:
    try:
        node.value.encode()
    except UnicodeEncodeError:
        raise YamlError(node.start_mark.line + 1, "文字里有半个字符（\\ud800 一类），请重新输入") from None
