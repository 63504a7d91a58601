"""Flattens a parsed page to lines of visible text, and its small table rows to cells.

Iterative, with bounds on nodes and characters, so that a hostile page costs time but never the process.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_NODES: Final = 400_000
MAX_CHARS: Final = 2_000_000
MAX_ROWS: Final = 400
Elements = dict[str, list[LexborNode]]
_UNSEEN: Final = {
    *("script", "style", "noscript", "template", "option", "textarea", "select"),
    *("head", "svg", "iframe", "object"),
}
_BLOCKS: Final = {
    *(
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
    ),
    *(
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
    ),
    *("nav", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
}
_VOID: Final = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "param",
    "source",
    "wbr",
}
_WIDE: Final = "\t\r\f\v\u00a0\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_INVISIBLE: Final = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
_BREAK: Final = "\0"  # no page holds one: the reader takes them out


@dataclass(frozen=True, slots=True)
class FlatText:
    """``lines`` in page order; ``rows`` are the cells of small table rows and of dt/dd pairs."""

    lines: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def squeeze(text: str) -> str:
    """One line: blanks of every width become one space, invisible characters go."""
    if text.isprintable() and "  " not in text:  # no blank but the plain one is printable
        return text.strip()
    return _even(text.replace("\n", " ")).strip()


def lines_of(text: str) -> tuple[str, ...]:
    """Non-empty lines of plain text, squeezed."""
    return tuple(filter(None, map(str.strip, _even(text[:MAX_CHARS]).split("\n"))))


def _even(text: str) -> str:
    """Searching a whole page for one character is so fast that a pattern over all of them is slower."""
    for character in _INVISIBLE:
        if character in text:
            text = text.replace(character, "")
    for character in _WIDE:
        if character in text:
            text = text.replace(character, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def elements(tree: LexborHTMLParser) -> Elements:
    """The elements that facts are read from, by tag, each kind in page order: one pass over the tree for all."""
    found: Elements = {"a": [], "base": [], "dt": [], "h1": [], "meta": [], "title": [], "tr": []}
    for node in tree.css(_READ):
        found[node.tag or ""].append(node)
    return found


_READ: Final = "a[href],base[href],dt,h1,meta,title,tr"


def flatten(tree: LexborHTMLParser, found: Elements) -> FlatText:
    """The visible text of the page."""
    body = tree.body
    if body is None:
        return FlatText((), ())
    hidden = {node.mem_id for node in body.css(_MAYBE_HIDDEN) if _hidden(node)}
    text = "".join(_pieces(body, hidden)).replace("\n", " ").replace(_BREAK, "\n")
    return FlatText(lines_of(text), (*_table_rows(found["tr"]), *_definition_rows(found["dt"])))


_MAYBE_HIDDEN: Final = "[hidden],[style*='display' i]"


def _pieces(root: LexborNode, hidden: Collection[int]) -> list[str]:
    """Texts in page order, with ``_BREAK`` at both edges of a block. A stack of open elements, no recursion."""
    pieces: list[str] = []
    nodes = 0
    if root.mem_id in hidden:
        return pieces
    open_elements: list[tuple[Iterator[LexborNode], bool]] = [(root.iter(include_text=True), True)]
    while open_elements:
        children, is_block = open_elements[-1]
        for node in children:
            nodes += 1
            tag = node.tag or "-"
            kind = _KINDS.get(tag) or _kind_of(tag)
            if kind is _Kind.TEXT:
                pieces.append(node.text_content or "")
                continue
            if kind is _Kind.UNSEEN or nodes > MAX_NODES:
                continue
            if kind is _Kind.BLOCK:
                pieces.append(_BREAK)
            if tag in _VOID or (hidden and node.mem_id in hidden):
                continue
            open_elements.append((node.iter(include_text=True), kind is _Kind.BLOCK))
            break
        else:
            open_elements.pop()
            if is_block:
                pieces.append(_BREAK)
    return pieces


class _Kind(Enum):
    TEXT = 1
    UNSEEN = 2
    BLOCK = 3
    INLINE = 4


def _kind_of(tag: str) -> _Kind:
    return _Kind.UNSEEN if tag[0] in "-_!#" else _Kind.INLINE


_KINDS: Final = {
    "-text": _Kind.TEXT,
    **dict.fromkeys(_UNSEEN, _Kind.UNSEEN),
    **dict.fromkeys(_BLOCKS, _Kind.BLOCK),
    **dict.fromkeys(
        ("a", "b", "em", "font", "i", "img", "input", "label", "span", "strong", "u"), _Kind.INLINE
    ),
}


def _hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    style = attributes.get("style")
    return "hidden" in attributes or bool(style and "display:none" in style.replace(" ", "").lower())


def _table_rows(found: list[LexborNode]) -> list[tuple[str, ...]]:
    rows = []
    for row in found[:MAX_ROWS]:
        cells = [cell for cell in row.iter() if cell.tag in ("td", "th")]
        if 1 < len(cells) <= 12 and row.css_first("table") is None:
            rows.append(tuple(squeeze(cell.text_lexbor())[:400] for cell in cells))
    return rows


def _definition_rows(found: list[LexborNode]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for term in found[:MAX_ROWS]:
        sibling = term.next
        while sibling is not None and (sibling.tag or "").startswith("-"):
            sibling = sibling.next
        if sibling is not None and sibling.tag == "dd":
            rows.append((squeeze(term.text_lexbor())[:400], squeeze(sibling.text_lexbor())[:400]))
    return rows
