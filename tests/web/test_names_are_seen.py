"""What somebody types as a name holds no sign that nobody sees: person, column, place, draw, poll, year, group, document."""

from dataclasses import replace
from datetime import date

import pytest

from kaoping.accounts.actor import Refused
from kaoping.accounts.services import create_person
from kaoping.campaigns.logic import plan, severe
from kaoping.evaluation import logic as evaluation
from kaoping.foreign.visible import unseen_in
from kaoping.inspection import logic as inspection
from kaoping.registry import logic as register
from kaoping.registry.services import ColumnPlan, set_columns
from kaoping.workdays import logic as workdays

UNSEEN = ("\u200b", "\u202e", "\ufeff", "\n", "\x7f")
STRATA, SIZES, DAY = {"甲": ["U1"]}, {"甲": 1}, date(2025, 12, 1)


def draw(name, source="中国福利彩票开奖号码"):
    return inspection.refusal_to_commit(name, STRATA, SIZES, source, DAY, date(2025, 11, 1))


NAMES = {
    "person": lambda name: unseen_in("姓名", name),
    "place": lambda name: register.refusal_to_name("大厅", name),
    "draw": draw,
    "source of a draw": lambda name: draw("第三季度抽查", name),
    "poll": evaluation.refusal_of_title,
    "year": lambda name: plan.refusal_to_create(2025, name, "A", "full"),
    "group": lambda name: plan.refusal_of_change(True, name, ""),
    "document": severe.refusal_of_document,
}


@pytest.mark.parametrize("sign", UNSEEN)
@pytest.mark.parametrize("what", NAMES)
def test_a_name_with_a_sign_that_nobody_sees_is_refused(what, sign):
    assert NAMES[what]("实地查看 2025 甲组") is None
    assert "看不见的字符" in (NAMES[what](f"实地{sign}查看 2025 甲组") or "")


def test_the_full_width_blank_and_rare_characters_are_seen():
    assert unseen_in("姓名", "张　三") is None and unseen_in("姓名", "王𬎆\ue000") is None


@pytest.mark.parametrize("another", [False, True])
def test_a_new_place_is_seen_too(another):
    words = register.refusal_of_new_place("大\u200b厅", ["图书馆"], another=another)
    assert "看不见的字符" in (words or "")


@pytest.mark.django_db
def test_the_verbs_refuse(cast, units, now):
    with pytest.raises(Refused, match="姓名含有换行或看不见的字符"):
        create_person(
            actor=cast("system_admin"), username="zhangsan", name="张\u200b三", password=None, now=now
        )
    column = ColumnPlan(name="政策\u200b文件", url="http://u1.kaoping.test/", kind="news", period_days=14)
    with pytest.raises(Refused, match="栏目名称含有换行或看不见的字符"):
        set_columns(actor=cast("office_handler"), code="U1", columns=[column], now=now)
    set_columns(
        actor=cast("office_handler", name="经办乙"),
        code="U1",
        columns=[replace(column, name="政策文件")],
        now=now,
    )


def test_the_basis_of_the_calendar_is_seen():
    class Given:
        source = "国办发明电〔2026〕\u200b7号"

    assert "看不见的字符" in (workdays.refusal_to_enter(Given(), None, []) or "")
