"""Where copies of some bytes lie: what the program took from a site lies in the archives of its looks too."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from kaoping.accounts.actor import SYSTEM, Actor
from kaoping.evidence.handing_in import keep_bytes, store_artefact
from kaoping.publication.material_uses import copies, uses

pytestmark = pytest.mark.django_db
LIAISON = Actor("3", "u1", "联络员", (("liaison", "U1"),))


def places(sha256: str) -> dict[str, str]:
    return {one.place: one.known for one in copies(sha256, uses(sha256))}


def test_a_captured_page_may_lie_in_the_archives_and_a_handed_in_file_does_not(
    now: datetime, stored_files: Path
) -> None:
    captured = keep_bytes(b"<p>leaked", name="http://u1/1", media_type="text/html", actor=SYSTEM, now=now)
    assert "WARC" in places(captured)["监测存档"]
    handed = store_artefact(b"%PDF-1.7 x", name="x.pdf", confirmed=True, actor=LIAISON, now=now)
    assert "监测存档" not in places(handed)
    assert {"本平台文件库", "备份", "手机"} <= set(places(handed))
