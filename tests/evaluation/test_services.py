"""A poll from its announcement to the tally in the ledger."""

import json
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.models import AuditEntry, Person
from kaoping.evaluation import queries
from kaoping.evaluation.ballotbox import crypto
from kaoping.evaluation.ballotbox.receipts import new_token, receipt_hash, receipt_of
from kaoping.evaluation.ballotbox.records import Arrival, OpinionRecord, Outcome
from kaoping.evaluation.ballotbox.sheets import seal_ballot
from kaoping.evaluation.ballotbox.store import forward_opinions, open_ballot_store, open_opinion_outbox
from kaoping.evaluation.intake import read_poll
from kaoping.evaluation.models import Opinion, Poll
from kaoping.evaluation.services.box import open_poll, seal_poll
from kaoping.evaluation.services.opinions import answer_opinion, collect_opinions, record_opinion_ratios
from kaoping.evaluation.services.poll import prepare_poll
from kaoping.evidence import queries as ledger
from kaoping.registry.models import Organisation
from kaoping.registry.queries.organisers import main_year
from kaoping.scoring.organised import OrganisedYear
from kaoping.standards.loading import rulebook_from_files
from kaoping.standards.services import adopt
from kaoping.support import installation

pytestmark = pytest.mark.django_db
OPENS = datetime(2025, 10, 13, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=30)
AFTER = CLOSES + timedelta(hours=1)
OFFICE = Actor("1", "wang", "王经办", (("office_handler", "city"),))
PASSPHRASES = ("first opener words", "second opener words")
QUESTIONNAIRE = {
    "id": "q",
    "version": "1",
    "min_n": 2,
    "questions": [
        {
            "id": "q1",
            "dimension": "S5.1",
            "kind": "single",
            "text": "内容是否真实？",
            "options": [
                {"code": "m", "label": "满意", "counts_as": "satisfied"},
                {"code": "b", "label": "基本满意", "counts_as": "basic"},
                {"code": "d", "label": "不满意", "counts_as": "dissatisfied"},
                {"code": "k", "label": "说不清", "counts_as": None},
            ],
        },
        {"id": "q2", "dimension": "S5.5", "kind": "text", "label": "有什么意见？", "options": []},
    ],
    "satisfaction": {"questions": ["q1"], "weights": {"satisfied": "1", "basic": "0.7", "dissatisfied": "0"}},
}


# No government stands in these tests' registers.
UID = "testtest-city-2025-1"


@pytest.fixture
def box(tmp_path, monkeypatch, settings):
    monkeypatch.setenv("KAOPING_DATA", str(tmp_path))
    monkeypatch.delenv("KAOPING_BALLOT_DATABASE_URL", raising=False)
    monkeypatch.setattr(crypto, "NORMAL_COST", crypto.Cost(1, 8192))
    monkeypatch.setattr(crypto.make_poll_key, "__defaults__", (crypto.Cost(1, 8192),))
    settings.KAOPING_PUBLISHED = tmp_path / "published"
    installation.write(tmp_path, installation.Mark("testtest", "copy"))
    return tmp_path


@pytest.fixture
def openers():
    people = [Person.objects.create(username=name, name=name, created_at=OPENS) for name in ("kai", "xiang")]
    actors = [Actor(str(p.pk), p.username, p.name, (("ballot_opener", "city"),)) for p in people]
    return people, actors


@pytest.fixture
def poll(box, openers):
    Organisation.objects.create(code="E", name="教育局", short_name="教育局", kind="department")
    return prepare_poll(
        actor=OFFICE,
        key=main_year(2025),
        title="2025 年社会评议",
        opens_at=OPENS,
        closes_at=CLOSES,
        questionnaire=QUESTIONNAIRE,
        units=[{"code": "E", "name": "教育局", "short_name": "教育局", "group": "市级部门"}],
        openers=tuple(openers[0]),
        passphrases=PASSPHRASES,
        now=OPENS - timedelta(days=5),
    )


def cast(box, answers, opinion=None):
    published = read_poll(box / "published" / "polls", UID)
    receipt = receipt_hash(receipt_of(UID, new_token()))
    with closing(open_ballot_store()) as store:
        return store.add([Arrival(UID, receipt, seal_ballot(published, "E", answers, "public"), opinion)])


def open_it(poll, openers, now=AFTER, words=PASSPHRASES):
    first, second = openers[1]
    return open_poll(
        first=first, first_passphrase=words[0], second=second, second_passphrase=words[1], poll=poll, now=now
    )


def test_ballots_become_a_tally_in_the_ledger_only_after_two_openers(box, poll, openers):
    for choice in ("m", "b", "d"):
        assert cast(box, {"q1": choice}) == [Outcome.STORED]
    assert ledger.of_unit("E") == []
    seal_poll(actor=OFFICE, poll=poll, now=AFTER)
    open_it(poll, openers)
    [line] = ledger.of_unit("E", "S5.1")
    assert (line.source, line.kind) == ("ballot", "tally")
    assert line.value["options"] == {"m": 1, "b": 1, "d": 1, "k": 0}
    assert queries.told_of(poll, "E").n == 3


def test_a_unit_nobody_evaluated_gets_a_tally_of_zeros(box, poll, openers):
    seal_poll(actor=OFFICE, poll=poll, now=AFTER)
    open_it(poll, openers)
    [line] = ledger.of_unit("E", "S5.1")
    assert set(line.value["options"].values()) == {0}


def test_sealing_before_the_end_is_refused_in_words(poll):
    with pytest.raises(Refused, match="还没有截止"):
        seal_poll(actor=OFFICE, poll=poll, now=OPENS)
    assert AuditEntry.objects.filter(verb="seal_poll", refused=True).count() == 1


def test_two_who_seal_or_open_at_once_do_it_once(box, poll, openers):
    """The worker and the office both saw the poll as it was before."""
    stale = queries.poll_of(main_year(2025))
    seal_poll(actor=OFFICE, poll=poll, now=AFTER)
    with pytest.raises(Refused, match="问卷已经封存"):
        seal_poll(actor=OFFICE, poll=stale, now=AFTER)
    stale = queries.poll_of(main_year(2025))
    open_it(poll, openers)
    with pytest.raises(Refused, match="已经开箱"):
        open_it(stale, openers)
    lines = AuditEntry.objects.filter(refused=False).values_list("verb", flat=True)
    assert sorted(lines) == ["open_poll", "prepare_poll", "seal_poll"]
    assert [line.item for line in ledger.of_unit("E")] == ["S5.1", "S5.5"]


def test_one_opener_alone_or_a_wrong_passphrase_opens_nothing(box, poll, openers):
    cast(box, {"q1": "m"})
    seal_poll(actor=OFFICE, poll=poll, now=AFTER)
    first, _second = openers[1]
    with pytest.raises(Refused, match="两人到场"):
        open_poll(
            first=first,
            first_passphrase=PASSPHRASES[0],
            second=first,
            second_passphrase=PASSPHRASES[1],
            poll=poll,
            now=AFTER,
        )
    with pytest.raises(Refused, match="口令不对"):
        open_it(poll, openers, words=(PASSPHRASES[0], "wrong words here"))
    assert poll.result is None


def test_a_ballot_after_sealing_is_not_taken(box, poll):
    seal_poll(actor=OFFICE, poll=poll, now=AFTER)
    assert cast(box, {"q1": "m"}) == [Outcome.SEALED]


def test_only_one_poll_a_year(poll, openers):
    with pytest.raises(Refused, match="一年组织一次"):
        prepare_poll(
            actor=OFFICE,
            key=main_year(2025),
            title="又一次",
            opens_at=OPENS,
            closes_at=CLOSES,
            questionnaire=QUESTIONNAIRE,
            units=poll.units,
            openers=tuple(openers[0]),
            passphrases=PASSPHRASES,
            now=OPENS,
        )


@pytest.mark.parametrize(
    ("code", "words"), [("city", "只有政务公开办经办可以布置"), ("D9", "没有代码是 D9 的组织单位")]
)
def test_nobody_lays_out_a_poll_for_another_or_for_who_organises_nothing(poll, openers, code, words):
    with pytest.raises(Refused, match=words):
        prepare_poll(
            actor=Actor("1", "wang", "王经办", (("office_handler", code),)),
            key=OrganisedYear("D9", 2025),
            title="别人的",
            opens_at=OPENS,
            closes_at=CLOSES,
            questionnaire=QUESTIONNAIRE,
            units=poll.units,
            openers=tuple(openers[0]),
            passphrases=PASSPHRASES,
            now=OPENS - timedelta(days=1),
        )
    assert [one.uid for one in queries.polls()] == [poll.uid]


def test_opinions_reach_the_office_once_and_are_answered(box, poll):
    cast(box, {"q1": "d"}, OpinionRecord("op1", UID, "E", "栏目太旧", date(2025, 10, 20)))
    with closing(open_ballot_store()) as store, closing(open_opinion_outbox()) as outbox:
        assert forward_opinions(store, outbox) == 1
    assert collect_opinions(now=OPENS) == 1
    assert collect_opinions(now=OPENS) == 0
    [opinion] = queries.opinions(key=main_year(2025))
    with pytest.raises(Refused, match="写明答复"):
        answer_opinion(actor=OFFICE, opinion=opinion, reasonable=True, answer=" ", closed=True, now=OPENS)
    assert AuditEntry.objects.filter(verb="answer_opinion", refused=True).count() == 1
    in_time = datetime(2025, 10, 30, tzinfo=UTC)
    answer_opinion(actor=OFFICE, opinion=opinion, reasonable=True, answer="已更新", closed=True, now=in_time)
    assert record_opinion_ratios(actor=OFFICE, key=main_year(2025), now=AFTER) == 1
    [line] = ledger.of_unit("E", "S5.5")
    assert (line.source, line.kind, line.value) == ("office", "verdict", "not_applicable")
    assert line.reason.startswith("收到意见 1 条，合理 1 条，按期整改 1 条。单位在本平台还不能")
    assert record_opinion_ratios(actor=OFFICE, key=main_year(2025), now=AFTER) == 1
    assert len(ledger.of_unit("E", "S5.5")) == 1


FED = {
    "about.yaml": "id: fed\nversion: '1'\ntitle: 另一城的规则集\nissuer: 样例政务公开办\n",
    "timetable.yaml": "default: A\nvariants: {A: {name: 年底, period: [before-12-01, year-11-30]}}\n",
    "rubric.yaml": (
        "total: '10'\nindicators:\n- {code: OP, name: 意见整改, max: '10', method: ratio, checks: [opinions_closed],"
        " sources: {clock: [ratio]}}\n"
    ),
}


def test_opinions_count_where_the_rulebook_feeds_an_item_with_them(box, poll):
    asked = json.loads(json.dumps(poll.questionnaire).replace("S5.5", "OP"))
    Poll.objects.filter(pk=poll.pk).update(questionnaire=asked)
    files = FED | {"questionnaire.yaml": json.dumps(asked, ensure_ascii=False)}
    adopt(actor=OFFICE, rulebook=rulebook_from_files(files), now=OPENS)
    cast(box, {"q1": "d"}, OpinionRecord("op1", UID, "E", "栏目太旧", date(2025, 10, 20)))
    with closing(open_ballot_store()) as store, closing(open_opinion_outbox()) as outbox:
        forward_opinions(store, outbox)
    collect_opinions(now=OPENS)
    [opinion] = queries.opinions(key=main_year(2025))
    in_time = datetime(2025, 10, 30, tzinfo=UTC)
    answer_opinion(actor=OFFICE, opinion=opinion, reasonable=True, answer="已更新", closed=True, now=in_time)
    assert record_opinion_ratios(actor=OFFICE, key=main_year(2025), now=AFTER) == 1
    [line] = ledger.of_unit("E")
    assert (line.source, line.item, line.check) == ("clock", None, "opinions_closed")
    assert line.value == {"done": 1, "of": 1}
    record_opinion_ratios(actor=OFFICE, key=main_year(2025), now=AFTER)
    assert ledger.of_unit("E") == [line], "the same figures are one line"
    # Judged anew and back again: the newest figures count, and are there to be read.
    for closed, told in ((False, 2), (True, 3)):
        Opinion.objects.update(closed_in_time=closed)
        record_opinion_ratios(actor=OFFICE, key=main_year(2025), now=AFTER)
        lines = ledger.of_unit("E")
        assert len(lines) == told and lines[-1].value["done"] == int(closed)


def test_a_unit_loses_nothing_by_opinions_that_it_cannot_see(box, poll, openers):
    """Whatever is registered beside it: what the opening put down decides."""
    cast(box, {"q1": "m"})
    seal_poll(actor=OFFICE, poll=poll, now=AFTER)
    open_it(poll, openers)
    [line] = ledger.of_unit("E", "S5.5")
    assert (line.source, line.value) == ("office", "not_applicable")
    assert line.reason.startswith("收到意见 0 条")
