from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.rectification import logic
from kaoping.rectification.logic import Proof, closing_proof, refusal_to_close, reminding

SERVED = datetime(2025, 3, 10, 2, 0, tzinfo=UTC)
proofs = st.lists(
    st.builds(
        Proof,
        st.sampled_from(["monitor", "retest", "visit", "draw", "office", "register"]),
        st.sampled_from(["met", "not_met"]),
        st.integers(-200, 200).map(lambda hours: SERVED + timedelta(hours=hours)),
    ),
    max_size=6,
)


def at(hours):
    return SERVED + timedelta(hours=hours)


@given(proofs)
@settings(max_examples=60, deadline=None)
def test_nothing_closes_without_a_pass_after_service(given_proofs):
    found = closing_proof(given_proofs, SERVED)
    if found is None:
        assert refusal_to_close("served", given_proofs, SERVED)
    else:
        assert found.value == "met" and found.at >= SERVED and found.source in logic.CLOSING
        assert all(one.at <= found.at for one in given_proofs)
        assert refusal_to_close("served", given_proofs, SERVED) is None


@pytest.mark.parametrize(
    ("given_proofs", "words"),
    [
        ([Proof("monitor", "not_met", at(-50))], "须有一次通过的复测"),
        ([Proof("monitor", "not_met", at(-50)), Proof("retest", "met", at(-1))], "时间在下发之后"),
        ([Proof("retest", "met", at(2)), Proof("retest", "not_met", at(5))], "最近一次复测没有通过"),
    ],
)
def test_the_missing_condition_is_said(given_proofs, words):
    assert words in refusal_to_close("served", given_proofs, SERVED)


def test_a_fault_mended_before_service_needs_no_order():
    mended = [Proof("monitor", "not_met", at(-50)), Proof("visit", "met", at(-5), "孙检")]
    assert refusal_to_close("draft", mended, None) is None
    assert "还没有下发" in refusal_to_close("draft", mended[:1], None)


DUE = date(2025, 3, 31)
LAST = datetime(2025, 3, 31, 16, 0, tzinfo=UTC)  # 24:00 in Beijing


def facts(**changes):
    return logic.Facts(**({"served_at": SERVED, "due_on": DUE} | changes))


def look(hours, value="met", source="retest"):
    """A look so many hours after 24:00 of the deadline."""
    return Proof(source, value, LAST + timedelta(hours=hours))


def test_overdue_begins_after_24_00():
    assert not logic.overdue(facts(), LAST)
    assert logic.overdue(facts(), LAST + timedelta(seconds=1))
    assert not logic.overdue(facts(served_at=None), LAST + timedelta(days=9))


EARLY, LATER, MONTHS = LAST - timedelta(hours=48), LAST + timedelta(hours=48), LAST + timedelta(days=90)


@pytest.mark.parametrize(
    ("known", "late"),
    [
        ({"answers": (EARLY,)}, False),  # said in time, nobody looked yet
        ({"answers": (EARLY,), "proofs": (look(-40, "not_met"),)}, True),  # the sentence alone saves nothing
        ({"answers": (EARLY,), "proofs": (look(30, "not_met"),)}, True),
        ({"answers": (EARLY,), "proofs": (look(30),)}, False),
        (
            {"answers": (EARLY,), "proofs": (look(-40), look(900, "not_met"))},
            False,
        ),  # came back: another case
        ({"answers": (EARLY,), "proofs": (look(-60, "not_met", "visit"),)}, False),  # seen before the word
        ({"answers": (LATER,)}, True),  # too late, and nobody looked yet
        ({"answers": (LATER,), "proofs": (look(60),)}, False),  # a pass ends it
        ({"answers": (LATER,), "proofs": (look(60, "met", "visit"),)}, False),
        ({"proofs": (look(60, "met", "register"),)}, True),  # an imported line closes nothing
        ({"answers": (EARLY, LAST), "proofs": (look(-40, "not_met"),)}, False),  # mended again in time
        ({"explanations": (EARLY,)}, False),  # said in time, nobody decided yet
        ({"explanations": (LATER,)}, True),  # too late: the sentence alone saves nothing
        ({"answers": (EARLY,), "proofs": (look(-40, "not_met"),), "explanations": (LATER,)}, True),
        ({"explanations": (EARLY,), "declined": (LATER,)}, True),
        ({"explanations": (EARLY, LATER), "declined": (LAST,)}, True),  # said once more, not yet accepted
        ({"closed_at": LATER}, False),
    ],
)
def test_who_is_late(known, late):
    assert logic.overdue(facts(**known), MONTHS) is late
    assert not logic.overdue(facts(**known), LAST)


@given(
    proofs, st.lists(st.integers(-100, 800).map(lambda h: SERVED + timedelta(hours=h)), max_size=3).map(tuple)
)
@settings(max_examples=80, deadline=None)
def test_a_pass_ends_it_and_no_date_is_cut_short(given_proofs, answers):
    known = facts(answers=answers, proofs=tuple(given_proofs))
    assert not logic.overdue(known, LAST)
    if closing_proof(given_proofs, SERVED) is not None:
        assert not logic.overdue(known, MONTHS)
    if not answers and closing_proof(given_proofs, SERVED) is None:
        assert logic.overdue(known, MONTHS)


def test_one_fault_is_check_or_item_and_place():
    assert logic.fault_of("P-05", "K3.4.p", "http://x/") == logic.fault_of("P-05", None, "http://x/")
    assert logic.fault_of(None, "K4.3.p", "place:大厅") != logic.fault_of(None, "K4.3.p", "place:窗口")
    assert logic.fault_of("P-05", None, "page:http://x/" + "a" * 900).endswith("a" * 900)


@pytest.mark.parametrize(
    ("source", "value", "check", "opens"),
    [
        ("monitor", "not_met", "P-05", True),
        ("visit", "not_met", None, True),
        ("draw", "not_met", None, True),
        ("register", "not_met", None, False),
        ("register", "not_met", "P-05", True),
        ("retest", "not_met", "P-05", False),
        ("monitor", "undecided", "P-05", False),
        ("office", "not_met", None, False),
    ],
)
def test_what_opens_a_case(source, value, check, opens):
    assert logic.opens_case(source, "verdict", value, check) is opens


@pytest.mark.parametrize(
    ("state", "source", "value", "hours", "after"),
    [
        ("answered", "retest", "not_met", 5, "served"),
        ("answered", "visit", "not_met", 1, "answered"),  # seen before the unit said that it was mended
        ("answered", "retest", "met", 5, "passed"),
        ("served", "visit", "met", 5, "passed"),
        ("explained", "retest", "met", 5, "passed"),
        ("answered", "register", "met", 5, "answered"),
        ("draft", "retest", "met", 5, "draft"),
    ],
)
def test_what_a_look_makes_of_the_state(state, source, value, hours, after):
    proof = Proof(source, value, at(hours))
    assert logic.state_after(state, proof, said_at=at(3), proofs=[proof], served_at=SERVED) == after


@pytest.mark.parametrize(
    ("reason", "target", "title"),
    [
        ("没有公开指南。请补齐", "place:一楼查阅点", "没有公开指南（一楼查阅点）"),
        ("一楼查阅点：没有公开指南（一楼查阅点）", "place:一楼查阅点", "没有公开指南（一楼查阅点）"),
        ("缺少“发布机构”", "https://a.gov.cn/wj/1.html", "缺少“发布机构”（a.gov.cn/wj/1.html）"),
        ("", "http://a.gov.cn/", "信息属性表头齐全（a.gov.cn）"),
        ("", "", "信息属性表头齐全"),
        ("长" * 200, "http://a.gov.cn/" + "b" * 300, None),
    ],
)
def test_a_title_says_what_and_where_once(reason, target, title):
    found = logic.title_of("信息属性表头齐全", reason, target)
    assert len(found) <= 200
    assert title is None or found == title


def test_an_order_says_the_place_once():
    text = logic.order_text("教育局", "visit", "一楼查阅点没有公开指南", "一楼查阅点", "请补齐。")
    assert text.count("一楼查阅点") == 1


def test_sent_seen_and_delivered_say_what_happened():
    sent = [("served", "陈静", at(0), "")]
    assert logic.delivery([]) is None
    assert logic.delivery(sent).state == "已发出" and "没有单位查看" in logic.delivery(sent).words
    assert logic.delivery([*sent, ("answer", "周敏", at(2), "")]).state == "已查看"
    seen = [*sent, ("seen", "周敏", at(3), ""), ("seen", "王二", at(4), "")]
    assert logic.delivery(seen).state == "已查看" and "周敏 2025年3月10日 13:00" in logic.delivery(seen).words
    spoken = logic.delivery([*sent, ("answer", "周敏", at(2), "")])
    assert (
        "送达" not in logic.delivery(seen).words + spoken.words
    )  # opening is no delivery: that needs 签收 or the office
    assert logic.delivery([*sent, ("handed", "陈静", at(5), "电话告知")]).state == "已送达"
    signed = logic.delivery([*seen, ("signed", "周敏", at(6), "")])
    assert signed.state == "已送达" and "周敏" in signed.words


@pytest.mark.parametrize(
    ("kind", "day", "late", "left", "followed", "says"),
    [
        ("served", 10, False, 15, False, "整改单已下发"),
        ("before", 26, False, 3, False, "还有 3 个工作日"),
        ("before", 28, False, 1, False, "还有 1 个工作日"),  # late, and still true
        ("before", 31, False, 0, True, ""),
        ("due", 31, False, 0, False, "今天 24:00 到期"),
        ("overdue", 32, True, -1, False, "已经逾期"),
        ("due", 32, True, -1, False, ""),
        ("served", 40, True, -7, True, ""),
    ],
)
def test_a_late_reminder_says_what_is_true_when_it_runs(kind, day, late, left, followed, says):
    now = datetime(2025, 3, 1, 1, 0, tzinfo=UTC) + timedelta(days=day - 1)
    found = reminding.reminding(kind, "served", DUE, late=late, left=left, followed=followed, now=now)
    assert says in found.text and bool(found.text) is bool(says)
    assert found.missed is not bool(says)


@pytest.mark.parametrize(
    ("state", "words"),
    [("draft", "还没有下发"), ("closed", "已经结案"), ("passed", "待结案，不必再回复")],
)
def test_an_answer_is_refused_in_words(state, words):
    assert words in logic.refusal_to_answer(state)
    assert logic.refusal_to_answer("answered") is None


@pytest.mark.parametrize(
    ("text", "proof", "words"), [(" ", True, "写明改了什么"), ("改了", False, "请附一份材料")]
)
def test_what_an_answer_lacks_is_said(text, proof, words):
    assert words in logic.refusal_of_answer(text, proof)
    assert logic.refusal_of_answer("又改了", True) is None
