"""What one results.json says otherwise than another."""

from typing import Any

from kaoping.scoring.changes import changed_units


def unit(code: str, total: str, grade: str, **points: str) -> dict[str, Any]:
    return {
        "unit": code,
        "total": total,
        "exact": f"{total}/1",
        "grade": grade,
        "vetoes": [],
        "gates": {},
        "indicators": {
            item: {"points": value, "exact": f"{value}/1", "status": "scored"}
            for item, value in points.items()
        },
    }


def test_only_what_differs_is_named() -> None:
    before = [unit("A", "80", "good", K1="40", K2="40"), unit("B", "70", "pass", K1="30", K2="40")]
    after = [unit("A", "80", "good", K1="40", K2="40"), unit("B", "75", "pass", K1="35", K2="40")]
    [changed] = changed_units(before, after, ["K1", "K2"])
    assert changed.unit == "B"
    assert changed.result_moved
    assert [(one.code, one.before["points"], one.after["points"]) for one in changed.items] == [  # type: ignore[index]
        ("K1", "30", "35")
    ]
    assert changed_units(before, before, ["K1", "K2"]) == []


def test_points_that_cancel_out_and_a_veto_are_changes_that_leave_the_total() -> None:
    before = [unit("A", "80", "good", K1="40", K2="40")]
    after = [unit("A", "80", "good", K1="30", K2="50")]
    [changed] = changed_units(before, after, ["K1", "K2"])
    assert not changed.result_moved
    assert [one.code for one in changed.items] == ["K1", "K2"]
    [vetoed] = changed_units(before, [before[0] | {"vetoes": ["V1"]}], ["K1"])
    assert vetoed.items == ()


def test_a_unit_that_came_or_went_is_a_change() -> None:
    one, other = unit("A", "80", "good", K1="80"), unit("B", "70", "pass", K1="70")
    assert [(x.unit, x.before is None, x.after is None) for x in changed_units([one], [other], ["K1"])] == [
        ("B", True, False),
        ("A", False, True),
    ]
