"""Evidence leaves as a file to save, never as a page of ours: attachment, nosniff, a plain type."""

from __future__ import annotations

from urllib.parse import quote

from django.http import Http404, HttpResponse

from kaoping.evidence import logic
from kaoping.evidence import queries as ledger
from kaoping.patterns import linear

_DIGEST = linear(r"[0-9a-f]{64}")
_GONE = {
    logic.DESTROYED: ("这份材料|已由两人销毁", "原文不再保存，只留校验值和销毁的记录。"),
    logic.SEALED: ("这份材料|已经封存", "任何人不能读取。"),
}


class FileGone(Exception):
    """The bytes asked for were destroyed or are sealed: a page says so, with the way back."""

    def __init__(self, title: str, text: str) -> None:
        super().__init__(f"{title.replace('|', '')}。{text}")
        self.title, self.text = title, text


def is_digest(text: str) -> bool:
    """Whether ``text`` is a SHA-256 in hexadecimal; nothing else names a file."""
    return _DIGEST.fullmatch(text) is not None


def attachment(sha256: str, name: str) -> HttpResponse:
    """The stored bytes. Raises ``FileGone`` (410) when they were destroyed or are sealed, ``Http404`` when there are none."""
    if not is_digest(sha256):
        raise Http404
    gone = _GONE.get(ledger.standing(sha256))
    if gone:
        raise FileGone(*gone)
    content = ledger.artefact_bytes(sha256)
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = (
        f"attachment; filename=\"evidence\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "no-store"
    return response
