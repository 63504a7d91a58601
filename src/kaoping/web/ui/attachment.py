"""Evidence leaves as a file to save, never as a page of ours: attachment, nosniff, a plain type."""

from __future__ import annotations

from urllib.parse import quote

from django.http import Http404, HttpResponse

from kaoping.evidence import logic
from kaoping.evidence import queries as ledger
from kaoping.patterns import linear

_DIGEST = linear(r"[0-9a-f]{64}")
_GONE = {
    logic.DESTROYED: "这份材料已经由两人办理销毁，只留校验值。",
    logic.SEALED: "这份材料已经封存，任何人不能读取。",
}


def is_digest(text: str) -> bool:
    """Whether ``text`` is a SHA-256 in hexadecimal; nothing else names a file."""
    return _DIGEST.fullmatch(text) is not None


def attachment(sha256: str, name: str) -> HttpResponse:
    """The stored bytes. 410 in words when they were destroyed or are sealed, 404 when there are none."""
    if not is_digest(sha256):
        raise Http404
    words = _GONE.get(ledger.standing(sha256))
    if words:
        return HttpResponse(words, status=410, content_type="text/plain; charset=utf-8")
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
