"""The title of an item that carries no points of its own says what happened, not what could."""

from types import SimpleNamespace

import pytest

from kaoping.web.unit.preview_item import _item_title

VIEW = SimpleNamespace(vetoes=["V2"], gates={"G1": True, "G2": False, "G3": None})


@pytest.mark.parametrize(
    ("code", "role", "points", "status", "title"),
    [
        ("K1", "item", "1.50", "scored", "K1 事项：|得 1.50 分，满分 2 分"),
        ("K2", "item", "0", "not_scored", "K2 事项：|没有依据，未定"),
        ("V1", "veto", "1", "scored", "V1 事项：|没有发生"),
        ("V2", "veto", "0", "scored", "V2 事项：|被否决"),
        ("G1", "gate", "1", "scored", "G1 事项：|符合"),
        ("G2", "gate", "0", "scored", "G2 事项：|不符合"),
        ("G3", "gate", "0", "not_scored", "G3 事项：|没有依据"),
        ("D1", "penalty", "0", "scored", "D1 事项：|没有扣分"),
        ("D2", "penalty", "-2", "scored", "D2 事项：|扣 2.00 分"),
        ("B1", "bonus", "0.5", "scored", "B1 事项：|加 0.50 分"),
    ],
)
def test_title(code, role, points, status, title):
    column = SimpleNamespace(code=code, title="事项", role=role)
    line = SimpleNamespace(column=column, points=points, max="2", status=status)
    assert _item_title(line, VIEW) == title
