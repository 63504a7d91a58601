"""A link handed in as evidence: whether its page is archived, and in which words that is said.

Archived means that the page's bytes are kept under their digest. Before that a link is a link.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Protocol

WAITING, KEPT, FAILED = "waiting", "kept", "failed"
LABELS: Final[dict[str, str]] = {WAITING: "抓取中", KEPT: "已存档", FAILED: "未能抓取"}


class Link(Protocol):
    """A link as it is stored: digest of the captured bytes, when the last try ended, and why it kept nothing."""

    @property
    def capture_sha256(self) -> str:
        """The digest of its page; '' while that is not archived."""

    @property
    def capture_at(self) -> datetime | None:
        """When the last try ended."""

    @property
    def capture_failure(self) -> str:
        """Why it kept nothing."""

    @property
    def url(self) -> str:
        """The address as it was handed in."""


def state(link: Link) -> str:
    """Where a link stands."""
    if link.capture_sha256:
        return KEPT
    return FAILED if link.capture_failure else WAITING


def refusal_to_ask_again(link: Link | None) -> str | None:
    """Why a page is not fetched once more, or null."""
    if link is None or not link.url:
        return "没有这条网址。"
    if state(link) == KEPT:
        return "这条网址已经存档，不再抓取。网页改了的，请把网址重新贴一次。"
    return None
