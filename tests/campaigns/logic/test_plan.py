"""Who is assessed and who is not, each with a reason."""

from __future__ import annotations

from kaoping.campaigns.logic import plan
from kaoping.campaigns.logic.plan import Candidate


def test_everybody_left_out_has_a_reason() -> None:
    choices = plan.participation(
        [
            Candidate("A", "department", "", True, "甲局"),
            Candidate("B", "vertical", "", True, "乙局"),
            Candidate("C", "department", "有对外服务", True, "丙局"),
            Candidate("D", "department", "", True, "丁局"),
            Candidate("E", "department", "", False, "戊局"),
            Candidate("F", "township", "", True, "己镇"),
        ],
        frozenset({"department"}),
        {"D": "本年度机构改革"},
        {},
    )
    assert [(one.code, one.participates, one.group, one.reason) for one in choices] == [
        ("A", True, "市级部门", ""),
        ("B", False, "", "垂直管理，由上级主管部门考核"),
        ("C", True, "有对外服务", ""),
        ("D", False, "市级部门", "本年度机构改革"),
        ("E", False, "", "名录注明不参评"),
        ("F", False, "", "由辖市、区主管部门考核"),
    ]
    assert plan.refusal_of_participation(choices, {}) is None


def test_refusals_say_what_to_do() -> None:
    assert "至少选一类" in (plan.refusal_of_participation([], {}) or "")
    assert "写明理由" in (plan.refusal_of_change(False, "", "") or "")
    assert "分组" in (plan.refusal_of_change(True, "", "") or "")
    assert "年份" in (plan.refusal_to_create(25, "x", "A", "full") or "")
    assert "A 年底" in (plan.refusal_of_timetable("C", "full") or "")
    assert "公开范围" in (plan.refusal_of_timetable("A", "everything") or "")
