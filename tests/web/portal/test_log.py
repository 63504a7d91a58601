"""The log's heads on the outside face: page, file, feed; and what is said to be kept of a visit."""

from __future__ import annotations

import json
from datetime import date
from xml.etree import ElementTree

from kaoping.accounts.chain import anchors_of
from kaoping.publication import log_heads


def test_nothing_yet(visitor) -> None:
    assert "还没有公开过校验值" in visitor.get("/log/").content.decode()
    assert visitor.get("/log/heads.json").status_code == 404
    assert visitor.get("/log/feed.xml").status_code == 200


def test_each_day_with_its_predecessor_as_page_file_and_feed(visitor, folder) -> None:
    log_heads.add(folder, [(date(2026, 11, 28), 4, "a" * 64), (date(2026, 11, 29), 9, "b" * 64)])
    page = visitor.get("/log/").content.decode()
    assert 'id="2026-11-29"' in page and "共 2 天" in page and "这是第一个" in page
    answer = visitor.get("/log/heads.json")
    assert answer.content == (folder / "log" / "heads.json").read_bytes()
    assert [one.number for one in anchors_of(json.loads(answer.content), "x")] == [4, 9]
    feed = ElementTree.fromstring(visitor.get("/log/feed.xml").content)
    newest = feed.find("{http://www.w3.org/2005/Atom}entry")
    words = newest.find("{http://www.w3.org/2005/Atom}summary").text
    assert "b" * 64 in words and "a" * 64 in words


def test_a_spoilt_file_is_not_shown_as_heads(visitor, folder) -> None:
    (folder / "log").mkdir()
    (folder / "log" / "heads.json").write_text("[]")
    assert "还没有公开过校验值" in visitor.get("/log/").content.decode()


def test_the_privacy_page_names_the_log_that_the_proxy_keeps(visitor) -> None:
    page = visitor.get("/about/privacy/").content.decode()
    assert "网络日志" in page and "至少六个月" in page and "不是数学" in page
    assert "/about/privacy/" in visitor.get("/log/").content.decode()
