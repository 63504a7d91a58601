"""From the bytes of an archived page to its picture, every further byte through the guarded fetcher."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kaoping.rendering import snapshot
from kaoping.rendering.browser import Limits, NoPicture, photograph
from kaoping.rendering.gather import Gathering
from kaoping.rendering.snapshot import STYLE
from kaoping.support.reading import NotRead, read

__all__ = ["LABEL", "NoPicture", "Page", "picture_of"]
LABEL: Final = "按存档字节排版的图，脚本未运行"
_PAGES: Final = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Page:
    """The kept bytes of a page, what its server called them, and the address that they came from."""

    body: bytes
    media_type: str
    url: str


def picture_of(page: Page, gathering: Gathering, browser: Path, limits: Limits | None = None) -> bytes:
    """A PNG of the page's beginning, ``WIDTH`` by ``HEIGHT``. Raises ``NoPicture``."""
    if page.media_type.partition(";")[0].strip().lower() not in _PAGES:
        raise NoPicture("不是网页，不用排版")
    if not page.body.strip():
        raise NoPicture("网页是空的")
    try:
        framed = _snapshot(page, gathering)
    except NotRead as unread:
        raise NoPicture(f"没有配图：{unread}") from None
    return photograph(framed, browser, limits or Limits())


def _snapshot(page: Page, gathering: Gathering) -> str:
    """The page in one text. Markup from outside is read in a limited child. Raises ``NotRead``."""
    parts = read(snapshot.wanted, page.body, page.media_type, page.url)
    gathering.take(parts)
    for kind, address in parts:
        if kind == STYLE and address in gathering.kept:
            media_type, css = gathering.kept[address]
            gathering.take(read(snapshot.wanted_by_style, css, media_type, address))
    page_text = read(snapshot.assembled, page.body, page.media_type, page.url, dict(gathering.kept))
    return snapshot.framed(page_text)
