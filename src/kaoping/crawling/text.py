"""Flattens a parsed page to lines of visible text, and its small table rows to cells.

Iterative, with bounds on nodes and characters, so that a hostile page costs time but never the process.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_NODES: Final = 400_000
MAX_CHARS: Final = 2_000_000
MAX_ROWS: Final = 400
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
_BLANKS = re.compile(r"[ \t\r\f\v\u00a0\u3000\u2000-\u200a]+")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")


@dataclass(frozen=True, slots=True)
class FlatText:
    """``lines`` in page order; ``rows`` are the cells of small table rows and of dt/dd pairs."""

    lines: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def squeeze(text: str) -> str:
    """One line: blanks of every width become one space, invisible characters go."""
    return _BLANKS.sub(" ", _INVISIBLE.sub("", text).replace("\n", " ")).strip()


def lines_of(text: str) -> tuple[str, ...]:
    """Non-empty lines of plain text, squeezed."""
    return tuple(line for line in map(squeeze, text[:MAX_CHARS].split("\n")) if line)


def flatten(tree: LexborHTMLParser) -> FlatText:
    """The visible text of the page."""
    body = tree.body
    if body is None:
        return FlatText((), ())
    return FlatText(lines_of("".join(_pieces(body))), (*_table_rows(tree), *_definition_rows(tree)))


def _pieces(root: LexborNode) -> list[str]:
    pieces: list[str] = []
    chars = 0
    node: LexborNode | None = root
    for _ in range(MAX_NODES):
        if node is None or chars > MAX_CHARS:
            break
        tag = node.tag
        descend = False
        if tag == "-text":
            text = (node.text_content or "").replace("\n", " ")
            pieces.append(text)
            chars += len(text)
        elif tag and tag[0] not in "-_!#" and tag not in _UNSEEN and not _hidden(node):
            if tag in _BLOCKS:
                pieces.append("\n")
            descend = True
        node = _next(node, root, descend, pieces)
    return pieces


def _next(node: LexborNode, root: LexborNode, descend: bool, pieces: list[str]) -> LexborNode | None:
    if descend and node.child is not None:
        return node.child
    current: LexborNode | None = node
    while current is not None and current.mem_id != root.mem_id:  # == would compare their HTML
        if current.tag in _BLOCKS:
            pieces.append("\n")
        if current.next is not None:
            return current.next
        current = current.parent
    return None


def _hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    if not attributes:
        return False
    style = attributes.get("style")
    return "hidden" in attributes or bool(style and "display:none" in style.replace(" ", "").lower())


def _table_rows(tree: LexborHTMLParser) -> list[tuple[str, ...]]:
    rows = []
    for row in tree.css("tr")[:MAX_ROWS]:
        cells = [cell for cell in row.iter() if cell.tag in ("td", "th")]
        if 1 < len(cells) <= 12 and row.css_first("table") is None:
            rows.append(tuple(squeeze(cell.text(deep=True))[:400] for cell in cells))
    return rows


def _definition_rows(tree: LexborHTMLParser) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for term in tree.css("dt")[:MAX_ROWS]:
        sibling = term.next
        while sibling is not None and (sibling.tag or "").startswith("-"):
            sibling = sibling.next
        if sibling is not None and sibling.tag == "dd":
            rows.append((squeeze(term.text(deep=True))[:400], squeeze(sibling.text(deep=True))[:400]))
    return rows
