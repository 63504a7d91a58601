"""The page of a unit reads the bundle's lines as the bundle wrote them."""

import json

from kaoping.scoring.observations import observation_to_json
from kaoping.web.portal import published
from tests.cli.hostile import LINE


def test_a_text_with_separators_of_lines_is_one_observation():
    lines = [{**LINE, "reason": "一\u2028二\u2029三\u0085四\x1c五"}, {**LINE, "id": "o2"}]
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines)
    found = published._observations(text)
    assert list(found) == ["o1", "o2"]
    assert observation_to_json(found["o1"])["reason"] == lines[0]["reason"]
