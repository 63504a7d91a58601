"""The public page of draws: read from the shelf, with a file to draw again from."""

import json

from kaoping.publication import shelf

FACTS = {
    "draw": 3,
    "title": "第二季度抽查",
    "committed_at": "2025-06-01T01:00:00+00:00",
    "list": {"市级部门": ["U1", "U2"]},
    "list_digest": "0" * 64,
    "names": {"U1": "市教育局", "U2": "市水利局"},
    "sizes": {"市级部门": 1},
    "commitment": "ab" * 32,
    "source": "示例彩票第2025060期",
    "source_on": "2025-06-03",
    "drawn_at": None,
    "result": None,
}


def test_before_and_after_the_draw(folder, visitor):
    assert "还没有公布过随机抽取" in visitor.get("/draws/").content.decode()
    shelf.write_draw(folder, FACTS)
    page = visitor.get("/draws/").content.decode()
    assert "ab" * 32 in page and "示例彩票第2025060期，2025年6月3日公布" in page and "还没有抽" in page
    assert "布置 1 次，" in page and "已抽 0 次" in page
    shelf.write_draw(
        folder,
        {**FACTS, "drawn_at": "2025-06-03T02:00:00+00:00", "result": {"drawn": [{"unit": "U2"}]}},
    )
    page = visitor.get("/draws/").content.decode()
    assert "市水利局" in page and "市教育局" not in page and "已抽 1 次" in page
    response = visitor.get("/draws/3.json")
    assert json.loads(response.content)["commitment"] == "ab" * 32
    assert visitor.get("/draws/4.json").status_code == 404
