"""When a year may be frozen, published, withdrawn; which lines a bundle carries; what the public reads of a poll."""

from __future__ import annotations

from datetime import UTC, date, datetime

from kaoping.publication import logic
from kaoping.scoring.observations import Observation
from kaoping.scoring.selection import Period

SPAN = Period(date(2025, 1, 1), date(2025, 12, 31))


def _line(uid: str, day: int, year: int = 2025, **given: str) -> Observation:
    at = datetime(year, 3, day, tzinfo=UTC)
    return Observation(
        uid,
        "U1",
        given.get("item", "K1") or None,
        "P-01",
        given.get("source", "office"),
        at,
        at,
        "points",
        "1",
        supersedes=given.get("old"),
        act="appeal:1" if given.get("old") and not given.get("source") else None,
    )


def test_a_bundle_carries_the_period_what_corrects_it_and_what_it_corrects() -> None:
    lines = [
        _line("in", 1),
        _line("before", 1, 2024),
        _line("check-only", 2, item=""),
        _line("moved-out", 3, 2026, old="in"),
        _line("unrelated", 3, 2026, old="before"),
        _line("moved-in", 4, old="long-ago"),
        _line("unlawful", 5, old="check-only", source="self"),
    ]
    lines.insert(0, _line("long-ago", 1, 2023))
    kept = [one.id for one in logic.concerning(lines, [SPAN])]
    assert kept == ["long-ago", "in", "check-only", "moved-out", "moved-in"]


def test_refusals_to_freeze() -> None:
    def ask(**given: object) -> str:
        facts = {"stage": "frozen", "signed": True, "already": False}
        return logic.refusal_to_freeze(**{**facts, **given}) or ""  # type: ignore[arg-type]

    assert ask() == ""
    assert "第二签发人" in ask(stage="appeals")
    assert "没有第二人签发" in ask(signed=False)
    assert "退回复核申请" in ask(already=True)
    assert "更正" in ask(stage="published", already=True)
    assert "请输入年份 2025" in (logic.refusal_of_year(2025, "") or "")
    assert logic.refusal_of_year(2025, "2025") is None


def test_refusals_to_publish_and_withdraw() -> None:
    assert logic.refusal_to_publish([], newest=True, lacks="") is None
    assert logic.refusal_to_publish([], newest=True, lacks="缺签批") == "缺签批"
    assert "已经公开" in (logic.refusal_to_publish(["published"], newest=True, lacks="") or "")
    assert "已经撤回" in (logic.refusal_to_publish(["published", "withdrawn"], newest=True, lacks="") or "")
    assert "更新的发布包" in (logic.refusal_to_publish([], newest=False, lacks="") or "")
    year = {"year": 2025, "typed_year": "2025"}
    assert "还没有公开" in (logic.refusal_to_withdraw([]) or "")
    assert "写明理由" in (logic.refusal_of_withdrawal(" ", **year) or "")
    assert "至少 4 个字" in (logic.refusal_of_withdrawal("错", **year) or "")
    assert logic.refusal_of_withdrawal("分组写错", **year) is None
    assert logic.refusal_of_withdrawal("分组写错", year=2025, typed_year="２０２５") is None
    wrong = logic.refusal_of_withdrawal("分组写错", year=2025, typed_year="2024")
    assert "请输入年份 2025 确认" in (wrong or "")
