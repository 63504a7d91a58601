"""The register of places: what enters it, what is renamed or closed, and what an inspector proposes."""

from datetime import date

import pytest

from kaoping.accounts.actor import Refused
from kaoping.accounts.queries import audit_entries
from kaoping.registry import logic
from kaoping.registry.models import Organisation
from kaoping.registry.queries import places as queries
from kaoping.registry.services.places import (
    PlacesRefused,
    add_place,
    close_place,
    import_places,
    name_place,
    proposed_place,
    rename_place,
)


def test_the_id_of_a_place_is_the_next_of_its_unit():
    assert logic.place_code("U1", []) == "U1-1"
    assert logic.place_code("U1", ["U1-1", "大厅", "U1-3"]) == "U1-2"


def test_words_of_a_place():
    assert logic.place_words("大厅", "政务服务中心") == "大厅（政务服务中心）"
    assert (
        logic.place_words("政务服务中心大厅", "政务服务中心")
        == logic.place_words("政务服务中心大厅", "")
        == "政务服务中心大厅"
    )


@pytest.mark.django_db
class TestVerbs:
    @pytest.fixture
    def add(self, cast, units, now):
        office = cast("office_handler", name="陈静")

        def act(name, kind="hall", unit="U1", **more):
            return add_place(actor=office, organisation_code=unit, name=name, kind=kind, now=now, **more)

        return act

    def test_a_place_is_added_once(self, add):
        place = add("大厅", located="政务服务中心")
        assert (place.code, add(" 大 厅 ", located="政务服务中心").pk) == ("U1-1", place.pk)
        assert [one.words for one in queries.spots("U1")] == ["大厅（政务服务中心）"]
        assert [one.sentence for one in audit_entries(verb="add_place")] == [
            "陈静 登记地点：市教育局“大厅”（政务服务大厅，编号 U1-1）。"
        ]
        assert queries.spots("U2") == []

    @pytest.mark.parametrize(
        ("name", "kind", "unit", "words"),
        [
            ("", "hall", "U1", "请写地点的名称"),
            ("大" * 121, "hall", "U1", "不超过 120 个字"),
            ("大\u200b厅", "hall", "U1", "看不见"),
            ("大厅", "", "U1", "请选地点的类别"),
            ("大厅", "hall", "U9", "名录里没有"),
        ],
    )
    def test_what_is_refused(self, add, name, kind, unit, words):
        with pytest.raises(Refused, match=words):
            add(name, kind, unit)

    def test_only_the_office(self, cast, units, now):
        with pytest.raises(Refused, match="由政务公开办登记"):
            add_place(actor=cast("inspector"), organisation_code="U1", name="大厅", kind="hall", now=now)

    def test_a_proposed_place_keeps_its_id_when_an_officer_adds_it(self, add, units, now):
        proposed = proposed_place(Organisation.objects.get(code="U1"), "档案馆三楼", now)
        assert [one.proposed for one in queries.spots("U1")] == [True]
        assert [one.waiting for one in queries.units_with_places() if one.code == "U1"] == [1]
        place = add("档案馆三楼", "archive")
        assert (place.pk, place.code) == (proposed.pk, proposed.code)
        assert [(one.proposed, one.kind) for one in queries.spots("U1")] == [(False, "archive")]

    def test_a_renamed_place_keeps_its_id_and_answers_to_its_former_name(self, add, cast, now):
        place, office = add("大厅"), cast("office_handler")
        place = rename_place(actor=office, place=place, name="政务服务大厅", now=now)
        assert [(one.code, one.name, one.others) for one in queries.spots("U1")] == [
            ("U1-1", "政务服务大厅", ("大厅",))
        ]
        assert queries.TargetWords()("U1", "place:U1-1") == "政务服务大厅"
        assert "由“大厅”改名为“政务服务大厅”" in audit_entries(verb="rename_place").first().sentence
        with pytest.raises(Refused, match="另一种写法"):
            add("大厅")
        rename_place(actor=office, place=queries.place("U1", "U1-1"), name="大厅", now=now)
        assert [(one.code, one.name, one.others) for one in queries.spots("U1")] == [
            ("U1-1", "大厅", ("政务服务大厅",))
        ]
        rename_place(actor=office, place=queries.place("U1", "U1-1"), name="大 厅", now=now)
        assert [one.name for one in queries.spots("U1")] == ["大 厅"]

    def test_no_place_takes_another_ones_name(self, add, cast, now):
        place = add("大厅")
        add("查阅点", "reading_point")
        with pytest.raises(Refused, match="名单上已有“查阅点”"):
            rename_place(actor=cast("office_handler"), place=place, name="查 阅点", now=now)

    def test_a_closed_place_is_picked_no_more_and_opens_again(self, add, cast, now):
        place, office = add("大厅"), cast("office_handler")
        close_place(actor=office, place=place, on=date(2025, 6, 30), now=now)
        assert queries.spots("U1", on=date(2025, 6, 30)) and not queries.spots("U1", on=date(2025, 7, 1))
        for verb in (
            lambda: close_place(actor=office, place=place, on=date(2025, 7, 30), now=now),
            lambda: rename_place(actor=office, place=place, name="新大厅", now=now),
        ):
            with pytest.raises(Refused, match="已经停用"):
                verb()
        assert add("大厅").closed_on is None and len(queries.spots("U1", on=date(2025, 7, 1))) == 1

    def test_another_spelling_is_neither_renamed_nor_closed(self, add, cast, now):
        add("大厅")
        office = cast("office_handler")
        name_place(actor=office, organisation_code="U1", place="一楼大厅", same_as="大厅", now=now)
        [other] = [one for one in queries.places("U1") if one.same_as_id]
        for verb in (
            lambda: close_place(actor=office, place=other, on=date(2025, 7, 30), now=now),
            lambda: rename_place(actor=office, place=other, name="新大厅", now=now),
        ):
            with pytest.raises(Refused, match="另一种写法"):
                verb()

    def table(self, cast, now, text):
        return import_places(
            actor=cast("office_handler"), filename="地点.csv", content=text.encode(), now=now
        )

    def test_a_table_of_places(self, add, cast, now):
        add("大厅", located="政务服务中心")
        done = self.table(
            cast, now,
            "单位代码,地点名称,类别,所在地\nU1,大厅,政务服务大厅,政务服务中心\nU1,图书馆,图书馆,\nU2,查阅点,政府信息查阅点,档案馆\n",
        )  # fmt: skip
        assert (done.changed, done.unchanged) == (2, 1)
        assert [(one.code, one.words, one.kind) for one in queries.spots("U1")] == [
            ("U1-1", "大厅（政务服务中心）", "hall"),
            ("U1-2", "图书馆", "library"),
        ]
        assert queries.TargetWords()("U2", "place:U2-1") == "查阅点（档案馆）"

    def test_a_table_is_stored_whole_or_not_at_all(self, add, cast, now):
        add("大厅")
        name_place(
            actor=cast("office_handler"), organisation_code="U1", place="一楼大厅", same_as="大厅", now=now
        )
        with pytest.raises(PlacesRefused) as refused:
            self.table(
                cast, now,
                "单位代码,地点名称,类别\nU9,查阅点,其他\nU1,一楼大厅,其他\nU2,甲,其他\nU2, 甲 ,其他\nU2,乙,车站\n",
            )  # fmt: skip
        assert [one.place.number for one in refused.value.faults] == [6, 2, 3, 5]
        assert queries.spots("U2") == []


@pytest.mark.django_db
def test_names_of_targets_are_read_once(units, cast, now, django_assert_num_queries):
    for name in ("大厅", "查阅点"):
        add_place(actor=cast("office_handler"), organisation_code="U1", name=name, kind="other", now=now)
    words = queries.TargetWords()
    with django_assert_num_queries(0):
        assert words("U1", "page:http://a.test/") == "a.test"
    with django_assert_num_queries(1):
        assert [words("U1", f"place:{one}") for one in ("U1-1", "U1-2", "旧写法")] == [
            "大厅",
            "查阅点",
            "旧写法",
        ]
