"""The published poll file."""

import json
from datetime import UTC, datetime

import pytest

from kaoping.evaluation.ballotbox.polls import PollError, poll_from_json, read_poll, read_polls
from tests.evaluation.ballotbox.examples import poll, poll_data


@pytest.mark.parametrize(
    ("address", "stratum"),
    [
        ("10.20.3.4", "government"),
        ("::ffff:10.20.3.4", "government"),
        ("2001:db8::1", "government"),
        ("10.21.0.1", "public"),
        ("nonsense", "public"),
        ("", "public"),
    ],
)
def test_stratum_by_network(address, stratum):
    assert poll().stratum_of(address) == stratum


def test_open_from_the_first_instant_to_midnight():
    found = poll()
    assert not found.is_open(datetime(2025, 10, 31, 15, 59, 59, tzinfo=UTC))
    assert found.is_open(datetime(2025, 10, 31, 16, tzinfo=UTC))
    assert found.is_open(datetime(2025, 11, 16, 15, 59, 59, tzinfo=UTC))
    assert not found.is_open(datetime(2025, 11, 16, 16, tzinfo=UTC))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": "../x"}, "id"),
        ({"title": None}, "title"),
        ({"year": "2025"}, "year"),
        ({"opens_at": "2025-11-01"}, "opens_at"),
        ({"opens_at": "x"}, "opens_at"),
        ({"closes_at": "2025-10-01T00:00:00+08:00"}, "closes_at"),
        ({"public_key": "ab"}, "public_key"),
        ({"questionnaire": {}}, "questionnaire.questions"),
        ({"units": []}, "units"),
        ({"units": [{"code": "U"}]}, "name"),
        ({"min_n": "30"}, "min_n"),
        ({"government_networks": ["10.0.0.0/99"]}, "government_networks"),
    ],
)
def test_fault_names_its_field(change, field):
    with pytest.raises(PollError) as raised:
        poll_from_json(poll_data(**change))
    assert raised.value.field == field


def test_folder(tmp_path):
    assert read_polls(tmp_path) == []
    later = poll_data(id="p2026", closes_at="2026-11-17T00:00:00+08:00")
    for data in (poll_data(), later):
        (tmp_path / f"{data['id']}.json").write_text(json.dumps(data), encoding="utf-8")
    assert [one.id for one in read_polls(tmp_path)] == ["p2026", "p2025"]
    assert read_poll(tmp_path, "p2025").unit("U1").name == "示例局"
    assert read_poll(tmp_path, "p2024") is None
    assert read_poll(tmp_path, "../p2025") is None


def test_rewritten_file_is_read_again_and_a_broken_one_is_named(tmp_path):
    path = tmp_path / "p2025.json"
    path.write_text(json.dumps(poll_data()), encoding="utf-8")
    assert read_poll(tmp_path, "p2025").title == "2025年政务公开社会评议"
    path.write_text(json.dumps(poll_data(title="改后的标题")), encoding="utf-8")
    assert read_poll(tmp_path, "p2025").title == "改后的标题"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(PollError, match="不是 JSON"):
        read_poll(tmp_path, "p2025")
