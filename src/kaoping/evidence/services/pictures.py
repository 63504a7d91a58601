"""The picture of an archived page: laid out from its kept bytes where a Chromium stands, kept beside them by its own digest.

Nothing depends on it. A page keeps its archive without one, and says so nowhere as a lack.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from kaoping import rendering
from kaoping.accounts.actor import SYSTEM
from kaoping.crawling import Fetcher
from kaoping.evidence.handing_in import keep_bytes
from kaoping.evidence.logic import KEPT
from kaoping.evidence.queries import artefact, artefact_bytes, pictures_of, standing
from kaoping.support import clock, fetching

PNG = "image/png"


def take(page: str, headers: str, *, now: datetime) -> str:
    """Make the picture of a page by the digests of its bytes and of its headers, once. Says what came of it."""
    browser = rendering.find(settings.KAOPING_CHROMIUM)
    kept, body = artefact(page), artefact_bytes(page)
    if browser is None or kept is None or body is None or page in pictures_of([page]):
        return ""
    # The first line is the address at which the page was found in the end.
    url = (artefact_bytes(headers) or b"").split(b"\r\n", 1)[0].decode("utf-8", "replace")
    try:
        with Fetcher(fetching.guard(), resolver=fetching.resolver(), now=clock.now) as fetcher:
            png = rendering.picture_of(
                rendering.Page(body, kept.media_type, url), rendering.Gathering(fetcher), browser
            )
    except rendering.NoPicture as none:
        return f"没有配图：{none}"
    if standing(page) != KEPT:
        return "网页已经不在，没有配图"
    keep_bytes(png, name="网页存档的图.png", media_type=PNG, actor=SYSTEM, now=now, made_from=page)
    return "已配图"
