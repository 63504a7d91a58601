"""Two cases about one place become one: one order, one deduction, and nothing that the unit was told or said is lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kaoping.accounts.actor import Refused
from kaoping.accounts.queries import audit_entries
from kaoping.evidence import queries as ledger
from kaoping.evidence.services.withdrawal import close_days, propose_ruling, rule
from kaoping.rectification import queries
from kaoping.rectification.queries import case_days, joins
from kaoping.rectification.services import closing, opening, order, unit
from kaoping.rectification.services.merging import merge
from kaoping.registry.queries.organisers import main_year
from tests.ledger import ledger as whole_ledger
from tests.rectification.making import drafted, seen

pytestmark = pytest.mark.django_db
SHORT, LONG = "place:图书馆查阅点", "place:图书馆政府信息查阅点"
WHY = "同一个阅览室，两次写法不同"


def in_2025(_line):
    return 2025


@pytest.fixture
def office(cast):
    return cast("office_handler", name="陈静")


@pytest.fixture
def liaison(cast):
    return cast("liaison", "U1", name="王敏")


def look(value, at, target, **more):
    return seen(value, at, source="visit", check="", item="K4.3.p", target=target, **more)


@pytest.fixture
def two(units, now):
    """Two drafts, the one to be joined first."""
    look("not_met", now, SHORT)
    look("not_met", now, LONG)
    assert opening.read_ledger(now=now) == 2
    short, long = (queries.cases().get(target=one) for one in (SHORT, LONG))
    return short.number, long.number


@pytest.fixture
def join(office, now):
    def act(number, into, *, at=now, actor=office, reason=WHY, year_of=in_2025):
        return merge(
            actor=actor,
            gone=queries.case(number),
            stays=queries.case(into),
            reason=reason,
            year_of=year_of,
            now=at,
        )

    return act


def texts(number, kind):
    return [one.text for one in queries.entries(queries.case(number)) if one.kind == kind]


def test_one_is_closed_with_its_trace_and_its_lines_fall_once(two, join, now, office):
    gone, stays = two
    join(gone, stays)
    case = queries.case(gone)
    assert (case.state, case.ending, case.merged_into) == ("closed", "merged", stays)
    assert (case.closed_by, case.closed_by_id, case.closed_at) == ("陈静", office.id, now)
    assert texts(gone, "merged_into") == [
        f"“图书馆查阅点”和“图书馆政府信息查阅点”是同一处，并入 {stays} 办理，不另扣分。理由：{WHY}"
    ]
    assert gone in texts(stays, "merged_in")[0] and WHY in texts(stays, "merged_in")[0]
    assert [one.number for one in joins.merged_in(queries.case(stays))] == [gone]
    # The line stays in the ledger; the office's ruling says why it does not count.
    [first, second, taken] = whole_ledger()
    assert ledger.standing_of([first.id, second.id]) == {second.id}
    assert (taken.kind, taken.supersedes, taken.act) == ("withdrawn", first.id, f"ruling:merge-{gone}-1")
    [told] = [one for one in audit_entries() if one.verb == "merge_cases"]
    assert (told.thing_id, told.refused) == (gone, False) and stays in told.sentence and WHY in told.sentence
    join(gone, stays)  # done twice it is done once
    opening.read_ledger(now=now)
    assert len(whole_ledger()) == 3
    assert queries.case(gone).ending == "merged" and queries.case(stays).state == "draft"


def test_what_was_recorded_and_not_yet_read_falls_too(two, join, now):
    look("not_met", now, SHORT)
    join(*two)
    assert {one.artefacts[0].url for one in queries.lines_of(queries.case(two[1]))} == {LONG}
    assert queries.lines_of(queries.case(two[0])) == []


def test_whatever_names_the_old_place_joins_the_case_that_stays(two, join, now):
    """A phone that sends later, or a line that came by another way: no third order."""
    join(*two)
    look("not_met", now + timedelta(hours=1), SHORT)
    assert opening.read_ledger(now=now + timedelta(hours=1)) == 0
    assert len(queries.sources(queries.case(two[1]))) == 2


def test_no_deadline_becomes_earlier(two, join, now, office):
    first, second = two
    order.serve(actor=office, numbers=[first], days=5, now=now)
    order.serve(actor=office, numbers=[second], days=10, now=now)
    due = queries.case(second).due_on
    with pytest.raises(Refused, match=f"{second} 的期限.*较晚.*不能提前.*把 {first} 并入 {second}"):
        join(second, first)
    join(first, second)
    stays = queries.case(second)
    assert (stays.state, stays.due_on) == ("served", due)
    assert "期限不变，仍是 2025年12月8日 24:00 止" in texts(second, "merged_in")[0]
    assert case_days.days_left(queries.case(first), None, now=now) is None
    assert not queries.overdue_cases(now=now + timedelta(days=11)).filter(number=first).exists()


def test_an_order_that_the_unit_has_does_not_disappear_behind_a_draft(two, join, now, office):
    first, second = two
    order.serve(actor=office, numbers=[first], now=now)
    with pytest.raises(
        Refused, match=f"{first} 已经下发，{second} 还没有。请反过来，把 {second} 并入 {first}"
    ):
        join(first, second)
    join(second, first)
    assert queries.case(first).state == "served"


def test_no_word_and_no_question_of_the_unit_is_lost(two, join, now, office, liaison):
    first, second = two
    order.serve(actor=office, numbers=list(two), now=now)
    unit.ask(actor=liaison, case=queries.case(first), text="怎么改？", now=now)
    with pytest.raises(Refused, match="提问还没有答复"):
        join(first, second)
    unit.reply(actor=office, case=queries.case(first), text="按指南改", now=now)
    unit.answer(actor=liaison, case=queries.case(first), text="改了", url="http://x/", now=now)
    with pytest.raises(Refused, match=f"单位已就 {first} 回复.*把 {second} 并入 {first}"):
        join(first, second)
    join(second, first)
    assert queries.case(first).state == "answered"


def test_what_was_looked_at_again_or_is_late_is_closed_as_it_is(two, join, now, office):
    first, second = two
    order.serve(actor=office, numbers=list(two), days=1, now=now)
    with pytest.raises(Refused, match=f"{first} 已经逾期，逾期情况不因合并消失"):
        join(first, second, at=now + timedelta(days=3))
    look("met", now + timedelta(days=4), SHORT)
    opening.read_ledger(now=now + timedelta(days=4))
    for pair in (two, (second, first)):
        with pytest.raises(Refused, match="核查通过，待结案"):
            join(*pair, at=now + timedelta(days=4))
    closing.close(actor=office, case=queries.case(first), now=now + timedelta(days=4))
    with pytest.raises(Refused, match="已结案"):
        join(first, second, at=now + timedelta(days=4))


def test_after_the_round_two_persons_rule_on_the_lines(two, join, now):
    span = {"K4.3.p": (date(2024, 12, 1), date(2025, 11, 30))}
    close_days(key=main_year(2025), spans=span, closed=True, now=now + timedelta(minutes=1))
    with pytest.raises(Refused, match="评审已经结束.*须两人办理.*这张整改单随之撤销"):
        join(*two, at=now + timedelta(minutes=2))
    assert queries.case(two[0]).state == "draft" and len(whole_ledger()) == 2


def test_a_line_that_came_late_counts_nothing_and_may_fall(two, join, units, now):
    """It came after the round closed: taking it out moves no point."""
    span = {"K4.3.p": (date(2024, 12, 1), date(2025, 11, 30))}
    close_days(key=main_year(2025), spans=span, closed=True, now=now - timedelta(minutes=1))
    join(*two)
    assert queries.case(two[0]).ending == "merged"


def test_no_year_loses_its_only_deduction(two, join, now):
    [first, _second] = whole_ledger()
    with pytest.raises(Refused, match="2025 年度只有这一张的记录，撤回就不扣分了"):
        join(*two, year_of=lambda one: 2025 if one.id == first.id else 2024)
    with pytest.raises(Refused, match="建立年度以后再合并"):
        join(*two, year_of=lambda _one: None)


def test_a_line_that_waits_for_its_second_person_waits(two, join, now, office):
    propose_ruling(line=whole_ledger()[0].id, actor=office, reason="确系误报", now=now)
    with pytest.raises(Refused, match="已提请审定，待确认"):
        join(*two)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"item": "K3.3.p"}, "同一单位、同一指标"),
        ({"unit": "U2"}, "同一单位、同一指标"),
        ({"target": "http://u1.kaoping.test/wj/2.html"}, "网页的问题各是各的"),
    ],
)
def test_only_one_place_of_one_unit_and_item(two, join, now, change, words):
    other = drafted(
        now, **({"source": "visit", "check": "", "item": "K4.3.p", "target": LONG + "二"} | change)
    )
    with pytest.raises(Refused, match=words):
        join(two[0], other.number)


def test_who_may_and_with_which_words(two, join, now, cast, liaison):
    for actor in (liaison, cast("inspector"), cast("second_signer")):
        with pytest.raises(Refused, match="由政务公开办办理"):
            join(*two, actor=actor)
    with pytest.raises(Refused, match="至少 4 个字"):
        join(*two, reason="同")
    with pytest.raises(Refused, match="不能并入自己"):
        join(two[0], two[0])
    assert [one.refused for one in audit_entries() if one.verb == "merge_cases"] == [True] * 5


def test_a_case_that_took_one_in_can_be_joined_itself(two, join, now):
    look("not_met", now, "place:一楼查阅点")
    opening.read_ledger(now=now)
    third = queries.cases().get(target="place:一楼查阅点").number
    join(*two)
    join(two[1], third)
    look("not_met", now + timedelta(hours=1), SHORT)
    assert opening.read_ledger(now=now + timedelta(hours=1)) == 0
    assert len(queries.sources(queries.case(third))) == 2


def test_a_ground_that_fell_before_is_not_taken_again(two, join, now, office):
    """One of two looks at the place was a false alarm already."""
    again = look("not_met", now, SHORT)
    opening.read_ledger(now=now)
    rule(line=again, ref="ruling:1", actor=office, reason="确系误报", now=now)
    join(*two)
    assert [one.act for one in whole_ledger() if one.kind == "withdrawn"] == [
        "ruling:1",
        f"ruling:merge-{two[0]}-1",
    ]
