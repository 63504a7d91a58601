"""The visible words of a stored page, for a reader who must not be given the page itself."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from kaoping.crawling.bounds import bounded
from kaoping.crawling.charset import decoded
from kaoping.crawling.page import is_html
from kaoping.crawling.text import elements, flatten

MAX_CHARS = 200_000


def plain_text(data: bytes, content_type: str) -> str:
    """Lines of visible text, without addresses; empty for what is no text (a picture, a PDF)."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind and not kind.startswith("text/") and kind not in ("application/xhtml+xml", "application/xml"):
        return ""
    text, _encoding, _fault = decoded(data, content_type or None)
    if not is_html(data, content_type or None):
        return text[:MAX_CHARS]
    tree = LexborHTMLParser(bounded(text.replace("\x00", "")))
    return "\n".join(flatten(tree, elements(tree)).lines)[:MAX_CHARS]
