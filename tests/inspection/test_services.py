from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from kaoping.accounts.actor import Refused
from kaoping.accounts.queries import audit_entries
from kaoping.evidence.queries import artefact_bytes
from kaoping.evidence.services import Entry
from kaoping.inspection import queries
from kaoping.inspection.models import Draw, Visit
from kaoping.inspection.services import (
    VisitProblems,
    commit_draw,
    note_published,
    record_visit,
    run_draw,
)
from kaoping.rectification import queries as cases
from kaoping.rectification.services import opening
from kaoping.registry.queries import places
from kaoping.registry.services.places import add_place, name_place
from kaoping.scoring.faults import read_faults
from kaoping.scoring.observations import ArtefactRef
from tests.ledger import ledger, record
from tests.rectification.making import PAGE, drafted

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff" + b"0" * 50


@pytest.fixture
def inspector(cast, stored_files):
    return cast("inspector", name="孙检")


def visit(actor, now, **changes):
    given = {
        "organisation_code": "U1",
        "place": "办事大厅",
        "item": "K4.3.p",
        "outcome": "not_met",
        "note": "终端黑屏",
        "photo": ("现场.jpg", JPEG),
        "confirmed": True,
        "visited_at": now,
        "client_id": "phone-1",
    }
    return record_visit(actor=actor, now=now, **(given | changes))


class TestVisit:
    def test_one_observation_with_its_photo(self, units, inspector, now):
        done = visit(inspector, now)
        [one] = ledger()
        assert (one.id, one.source, one.value, one.by) == (done.observation, "visit", "not_met", "孙检")
        assert (one.target, one.artefacts[0].url) == ("place:U1-1", None)
        assert artefact_bytes(one.artefacts[0].sha256) == JPEG

    def test_sent_twice_it_is_recorded_once(self, units, inspector, now):
        first = visit(inspector, now)
        assert visit(inspector, now, note="别的").pk == first.pk
        assert len(ledger()) == 1

    def test_two_visits_to_one_place_are_one_case(self, units, inspector, now):
        visit(inspector, now)
        visit(inspector, now, client_id="phone-2")
        assert opening.read_ledger(now=now) == 1
        visit(inspector, now, client_id="phone-3", outcome="met", note="修好了")
        opening.read_ledger(now=now)
        [case] = cases.cases()
        assert cases.why_not_closed(case) is None and "办事大厅" in case.order_text

    def test_one_place_is_one_case_however_it_is_written(self, units, inspector, now):
        visit(inspector, now, place="图书馆政府信息查阅点")
        visit(inspector, now, place=" 图书馆 政府信息查阅点\u200b ", client_id="phone-2")
        assert [one.name for one in places.places("U1")] == ["图书馆政府信息查阅点"]
        assert {one.target for one in ledger()} == {"place:U1-1"}
        assert {one.place for one in queries.visits()} == {"图书馆政府信息查阅点"}
        assert opening.read_ledger(now=now) == 1
        with pytest.raises(VisitProblems, match="名单上已有“图书馆政府信息查阅点”"):
            visit(inspector, now, place="图书馆查阅点", client_id="phone-3")
        assert len(ledger()) == 2
        visit(inspector, now, place="图书馆查阅点", client_id="phone-3", another=True)
        assert opening.read_ledger(now=now) == 1 and len(places.places("U1")) == 2
        assert places.places("U2") == []

    def test_two_spellings_of_one_place_meet_one_target(self, units, inspector, cast, now):
        """Whichever is picked or typed later, also by a phone that still knows the old list."""
        office, short, long = cast("office_handler"), "图书馆查阅点", "图书馆政府信息查阅点"
        for number, place in enumerate((short, long)):
            visit(inspector, now, place=place, outcome="met", client_id=f"phone-{number}", another=True)
        given = {"actor": office, "organisation_code": "U1", "now": now}
        name_place(place=short, same_as=long, **given)
        name_place(place=short, same_as=long, **given)  # said twice it is said once
        assert [entry.sentence for entry in audit_entries() if entry.verb == "name_place"] == [
            f"{office.name} 登记地点：市教育局“{short}”即“{long}”，以后的查看记在一处。"
        ]
        assert [(one.name, one.others) for one in places.spots("U1")] == [(long, (short,))]
        late = visit(inspector, now, place=f" {short} ", client_id="phone-3")
        assert late.place == long and ledger()[-1].target == "place:U1-2"
        name_place(place=short, **given)
        visit(inspector, now, place=short, client_id="phone-4")
        assert ledger()[-1].target == "place:U1-1"

    def test_a_fault_that_stands_under_another_spelling_is_met_there(self, units, inspector, cast, now):
        """Or the same fault would be a second one, with an order and a deduction of its own."""
        short, long = "图书馆查阅点", "图书馆政府信息查阅点"
        visit(inspector, now, place=short, client_id="phone-1")
        name_place(actor=cast("office_handler"), organisation_code="U1", place=short, same_as=long, now=now)
        later = [now + timedelta(days=number) for number in range(1, 4)]
        again = visit(inspector, later[0], place=long, client_id="phone-2")
        assert again.place == short and ledger()[-1].target == "place:U1-1"
        visit(inspector, later[1], place=long, client_id="phone-3", outcome="met", note="修好了")
        assert ledger()[-1].target == "place:U1-1"
        opening.read_ledger(now=later[1])
        assert cases.cases().count() == 1
        visit(
            inspector, later[2], place=short, client_id="phone-4"
        )  # mended there: the place's own name counts
        assert ledger()[-1].target == "place:U1-2"

    def test_spellings_of_spellings_and_who_names_them(self, units, inspector, cast, now):
        office = cast("office_head")
        given = {"actor": office, "organisation_code": "U1", "now": now}
        name_place(place="甲", same_as="乙", **given)
        name_place(place="乙", same_as="丙", **given)
        assert [(one.name, one.others) for one in places.spots("U1")] == [("丙", ("甲", "乙"))]
        name_place(place="丙", same_as="甲", **given)
        assert [(one.name, one.others) for one in places.spots("U1")] == [("甲", ("乙", "丙"))]
        with pytest.raises(Refused, match="是一样的"):
            name_place(place="甲", same_as=" 甲 ", **given)
        with pytest.raises(Refused, match="由政务公开办登记"):
            name_place(**(given | {"actor": inspector}), place="甲", same_as="乙")
        with pytest.raises(Refused, match="名录里没有"):
            name_place(**(given | {"organisation_code": "U9"}), place="甲", same_as="乙")
        assert places.spots("U2") == []

    def test_a_known_fault_gets_the_visit_as_another_source(self, units, inspector, now):
        case = drafted(now)
        visit(inspector, now, item=case.item, check=case.check_id, target=case.target)
        opening.read_ledger(now=now)
        assert {one.source for one in cases.sources(case)} == {
            "monitor",
            "visit",
        } and case.target == f"page:{PAGE}"

    def test_fields_are_refused_in_words(self, units, inspector, now):
        with pytest.raises(VisitProblems) as problems:
            visit(inspector, now, photo=None, note="")
        assert set(problems.value.fields) == {"photo", "note"}
        for odd in ("", "a b", "phone\x001", "p" * 51):
            with pytest.raises(VisitProblems, match="缺少编号"):
                visit(inspector, now, client_id=odd)
        with pytest.raises(Refused, match="内容与扩展名"):
            visit(inspector, now, photo=("a.jpg", b"not a picture"))
        assert ledger() == []

    def test_whatever_refuses_it_is_a_line(self, units, inspector, now):
        with pytest.raises(VisitProblems):
            visit(inspector, now, photo=None)
        with pytest.raises(Refused, match="名录里没有"):
            visit(inspector, now, organisation_code="U9")
        lines = audit_entries(verb="record_visit", refused=True).order_by("id")
        assert [(one.thing_id, one.sentence) for one in lines] == [
            ("U1", "请拍一张照片。没有照片，别人无法核对。"),
            ("U9", "名录里没有这个单位。"),
        ]
        assert record_visit.check(actor=inspector, organisation_code="U1") is None

    def test_only_inspectors(self, units, cast, now):
        with pytest.raises(Refused, match="检查员登记"):
            visit(cast("office_handler"), now)

    def test_a_visit_is_never_changed(self, units, inspector, now):
        visit(inspector, now)
        with pytest.raises(DatabaseError), transaction.atomic():
            Visit.objects.update(note="改")


SOURCE = {"source": "示例彩票第2025060期", "source_on": date(2099, 1, 1)}


def drawn(office, draw, now):
    """The day of the public value has come, and the commitment was published before it."""
    note_published(draw_id=draw.pk, now=now)
    Draw.objects.filter(pk=draw.pk).update(source_on=now.date())
    return run_draw(actor=office, draw=draw, public_value="2025060 12345", now=now)


class TestDraw:
    def test_commit_then_draw_then_draw_again(self, units, cast, inspector, now):
        office = cast("office_handler")
        draw = commit_draw(actor=office, title="第二季度抽查", sizes={"未分组": 1}, now=now, **SOURCE)
        assert draw.result is None and draw.nonce not in str(draw.protocol)
        draw = drawn(office, draw, now)
        assert queries.redraw(draw) == [] and len(queries.drawn_codes(draw)) == 1
        with pytest.raises(Refused, match="不能重抽"):
            run_draw(actor=office, draw=draw, public_value="2025061 12345", now=now)
        draw.result["drawn"][0]["unit"] = "别的"
        assert queries.redraw(draw) == ["抽中的单位不符"]

    def test_the_same_form_sent_twice_commits_one_draw(self, units, cast, inspector, now):
        office = cast("office_handler")
        form = {"actor": office, "title": "第二季度抽查", "sizes": {"未分组": 1}, "now": now, **SOURCE}
        draw = commit_draw(**form)
        assert commit_draw(**form).pk == draw.pk
        assert commit_draw(**{**form, "title": "另一次"}).pk != draw.pk
        drawn(office, draw, now)
        assert commit_draw(**form).pk != draw.pk

    def test_a_visit_to_a_drawn_unit_says_so(self, units, cast, inspector, now):
        office = cast("office_handler")
        draw = commit_draw(actor=office, title="抽查", sizes={"未分组": 1}, now=now, **SOURCE)
        draw = drawn(office, draw, now)
        [code] = queries.drawn_codes(draw)
        other = {"U1": "U2", "U2": "U1"}[code]
        visit(inspector, now, organisation_code=code, draw_id=draw.pk)
        assert ledger()[0].source == "draw" and queries.visited_codes(draw) == {code}
        with pytest.raises(Refused, match="不在这次抽取"):
            visit(inspector, now, organisation_code=other, draw_id=draw.pk, client_id="phone-9")

    def test_the_source_is_named_before_and_the_value_comes_after(self, units, cast, now):
        form = {"actor": cast("office_handler"), "title": "抽查", "sizes": {"未分组": 1}, "now": now}
        with pytest.raises(Refused, match="取自哪里"):
            commit_draw(**form, source="", source_on=date(2099, 1, 1))
        with pytest.raises(Refused, match="明天或以后"):
            commit_draw(**form, source="示例彩票第2025060期", source_on=now.date())
        draw = commit_draw(**form, source="示例彩票第2025060期", source_on=now.date() + timedelta(days=2))
        value = {"actor": form["actor"], "draw": draw, "public_value": "2025060 12345"}
        with pytest.raises(Refused, match="还没有在公开页公布"):
            run_draw(**value, now=now + timedelta(days=3))
        note_published(draw_id=draw.pk, now=now)
        with pytest.raises(Refused, match="才公布，到那天再抽取"):
            run_draw(**value, now=now + timedelta(days=1))
        assert run_draw(**value, now=now + timedelta(days=2)).result["commitment"] == draw.commitment

    def test_who_draws(self, units, cast, now):
        with pytest.raises(Refused, match="经办布置"):
            commit_draw(actor=cast("inspector"), title="抽查", sizes={"未分组": 1}, now=now, **SOURCE)


class TestPlaces:
    def test_a_place_that_is_not_in_the_register_is_proposed_and_stands(self, units, inspector, cast, now):
        visit(inspector, now, place="新的查阅点")
        [one] = places.spots("U1")
        assert (one.code, one.proposed) == ("U1-1", True)
        add_place(
            actor=cast("office_handler"),
            organisation_code="U1",
            name="新的查阅点",
            kind="reading_point",
            now=now,
        )
        visit(inspector, now, place="新的查阅点", client_id="phone-2")
        assert [one.target for one in ledger()] == ["place:U1-1", "place:U1-1"]

    def test_a_fault_that_stands_under_an_old_wording_is_met_there(self, units, inspector, now, cast):
        """Lines of earlier formats had the words where the id stands now."""
        entry = Entry(
            unit="U1", item="K4.3.p", source="visit", observed_at=now, kind="verdict", value="not_met",
            artefacts=[ArtefactRef(None, "place:办事大厅")],
        )  # fmt: skip
        record([entry], actor=inspector, now=now)
        add_place(actor=cast("office_handler"), organisation_code="U1", name="办事大厅", kind="hall", now=now)
        later = now + timedelta(days=1)
        visit(inspector, later)
        assert ledger()[-1].target == "place:办事大厅"
        visit(inspector, later + timedelta(days=1), outcome="met", note="修好了", client_id="phone-2")
        assert read_faults(ledger()).standing == 0
        opening.read_ledger(now=later)
        assert cases.cases().count() == 1
