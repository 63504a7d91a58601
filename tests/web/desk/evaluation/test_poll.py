"""Public evaluation on the desk: prepare, seal, open by two, results, opinions."""

import re
from contextlib import closing
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaoping.accounts.actor import SYSTEM
from kaoping.accounts.queries import audit_entries
from kaoping.accounts.services import note_closed_hours
from kaoping.beijing import BEIJING
from kaoping.evaluation import queries
from kaoping.evaluation.ballotbox import crypto
from kaoping.evaluation.ballotbox.receipts import new_token, receipt_hash, receipt_of
from kaoping.evaluation.ballotbox.records import Arrival
from kaoping.evaluation.ballotbox.sheets import seal_ballot
from kaoping.evaluation.ballotbox.store import open_ballot_store
from kaoping.evaluation.intake import read_poll
from kaoping.evaluation.models import Opinion
from kaoping.evaluation.services.box import seal_poll
from kaoping.evidence import queries as ledger
from kaoping.registry.queries.organisers import main_year
from kaoping.standards.loading import load_rulebook
from kaoping.standards.models import RulebookVersion
from kaoping.support import clock, installation
from tests.conftest import NOW, PASSWORD

pytestmark = pytest.mark.django_db
WORDS = ("first opener words", "second opener words")
ANSWERS = {"contact": "errand", "q1": "satisfied", "q2": "satisfied", "q3": "basic", "q4": "satisfied"}
YEAR = "/desk/evaluation/G1-2025/"
BOOK = load_rulebook("changzhou-2020")


UID = "testtest-G1-2025-1"


@pytest.fixture
def box(tmp_path, monkeypatch, settings):
    monkeypatch.setenv("KAOPING_DATA", str(tmp_path))
    monkeypatch.delenv("KAOPING_BALLOT_DATABASE_URL", raising=False)
    monkeypatch.setattr(crypto.make_poll_key, "__defaults__", (crypto.Cost(1, 8192),))
    settings.KAOPING_PUBLISHED = tmp_path / "published"
    installation.write(tmp_path, installation.Mark("testtest", "copy"))
    return tmp_path


@pytest.fixture
def rules(db):
    book = BOOK
    return RulebookVersion.objects.create(
        rulebook=book.id,
        version=book.version,
        title=book.title,
        digest=book.digest,
        files=dict(book.files),
        adopted_at=NOW,
        adopted_by="某人",
    )


@pytest.fixture
def openers(cast):
    return cast("ballot_opener", name="开甲", username="kai-1"), cast(
        "ballot_opener", name="开乙", username="kai-2"
    )


@pytest.fixture
def office(cast, signed_in):
    return signed_in(cast("office_handler", name="王经办"))


def prepared(openers, **more):
    return {
        "title": "2025 年社会评议",
        "opens_on": "2025-11-25",
        "closes_on": "2025-12-01",
        "networks": "10.0.0.0/8",
        "opener_1": openers[0].id,
        "passphrase_1": WORDS[0],
        "repeat_1": WORDS[0],
        "opener_2": openers[1].id,
        "passphrase_2": WORDS[1],
        "repeat_2": WORDS[1],
        **more,
    }


@pytest.fixture
def poll(box, units, rules, openers, office):
    assert office.post(f"{YEAR}prepare/", prepared(openers)).status_code == 302
    return queries.poll_of(main_year(2025))


def at(monkeypatch, moment):
    monkeypatch.setattr(clock, "now", lambda: moment)


def vote(box, count):
    published = read_poll(box / "published" / "polls", UID)
    with closing(open_ballot_store()) as store:
        for _ in range(count):
            receipt = receipt_hash(receipt_of(UID, new_token()))
            store.add([Arrival(UID, receipt, seal_ballot(published, "U1", ANSWERS, "public"), None)])


def text(response):
    return response.content.decode()


class TestPrepare:
    def test_days_units_and_questionnaire(self, poll, office):
        assert poll.opens_at.astimezone(BEIJING).isoformat() == "2025-11-25T00:00:00+08:00"
        assert poll.closes_at.astimezone(BEIJING).isoformat() == "2025-12-02T00:00:00+08:00"
        assert [one["code"] for one in poll.units] == ["U1", "U2"]
        assert poll.questionnaire["min_n"] == 30
        page = text(office.get(YEAR))
        assert "11月25日" in page
        assert "开甲、开乙" in page
        assert "10.0.0.0/8，来自这里的份数单列" in page

    def test_a_published_file_that_is_gone_is_said(self, box, poll, office):
        (box / "published" / "polls" / f"{poll.uid}.json").unlink()
        assert "评议文件读不出" in text(office.get(YEAR))

    def test_a_slip_in_a_passphrase_is_caught_and_the_rest_is_kept(self, box, units, rules, openers, office):
        page = text(
            office.post(f"{YEAR}prepare/", prepared(openers, repeat_2="second opener wards", title="标题甲"))
        )
        assert "两遍不一样" in page and "标题甲" in page and "2025-12-01" in page
        assert WORDS[0] not in page and WORDS[1] not in page
        assert queries.poll_of(main_year(2025)) is None

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"closes_on": "2025-11-01"}, "截止时间"),
            ({"passphrase_1": "short", "repeat_1": "short"}, "至少 12 个字符"),
            ({"networks": "not a network"}, "网段"),
            ({"opens_on": ""}, "请填开始日期"),
            ({"opens_on": "2025-11-23"}, "开始时间要晚于现在"),
            ({"opens_on": "2025-11-24"}, "最早从明天 0:00 开始"),
            ({"closes_on": "2027-01-01"}, "最迟到 2026 年 12 月 31 日截止"),
        ],
    )
    def test_refusals_in_words(self, box, units, rules, openers, office, change, words):
        answer = office.post(f"{YEAR}prepare/", prepared(openers, **change))
        assert answer.status_code == 422 and words in text(answer)
        assert queries.poll_of(main_year(2025)) is None

    def test_days_outside_the_stage_are_taken_with_a_warning(self, box, units, rules, openers, office):
        page = text(office.post(f"{YEAR}prepare/", prepared(openers), follow=True))
        assert "超出“社会评议”阶段的时间" in page
        assert queries.poll_of(main_year(2025)) is not None

    def test_the_step_shows_years_where_they_differ(self, box, units, rules, openers, office):
        office.post(f"{YEAR}prepare/", prepared(openers, closes_on="2026-01-05"))
        assert "2025年11月25日至2026年1月5日" in text(office.get(YEAR))

    def test_one_person_is_not_two_openers(self, box, units, rules, openers, office):
        page = text(office.post(f"{YEAR}prepare/", prepared(openers, opener_2=openers[0].id)))
        assert "不能是同一人" in page

    def test_what_is_missing_is_said(self, box, units, openers, office):
        assert "没有问卷" in text(office.get(f"{YEAR}prepare/"))

    def test_without_openers(self, box, units, rules, office):
        assert "要有两名开箱人" in text(office.get(f"{YEAR}prepare/"))

    @pytest.mark.parametrize("role", ["liaison", "reviewer", "office_head", "ballot_opener"])
    def test_others_do_not_prepare(self, box, cast, signed_in, units, role):
        client = signed_in(cast(role, "U1" if role == "liaison" else None))
        assert client.get(f"{YEAR}prepare/").status_code == 403


class TestSealAndOpen:
    def test_nothing_is_counted_before_the_opening(self, box, poll, office, monkeypatch, openers, signed_in):
        vote(box, 31)
        at(monkeypatch, poll.opens_at + timedelta(days=1))
        page = text(office.get(YEAR))
        words = re.sub(r"<[^>]*>", " ", page)  # a form's random token may hold any two digits
        assert "评议中" in page and "31" not in words
        assert office.get(f"{YEAR}?format=csv").status_code == 404
        assert "还没有截止" in text(office.post(f"{YEAR}seal/"))
        at(monkeypatch, poll.closes_at)
        assert office.post(f"{YEAR}seal/").status_code == 302
        page = text(office.get(YEAR))
        assert "待两名开箱人开箱" in page and "31 份" not in page

        first, second = openers
        client = signed_in(first)
        given = {
            "own_passphrase": WORDS[0],
            "username": second.username,
            "password": PASSWORD,
            "passphrase": WORDS[1],
        }
        assert client.post(f"{YEAR}open/", given).status_code == 302
        page = text(client.get(YEAR))
        assert "31" in page and "满意" in page
        assert "没有收到有效问卷" in page
        [line] = ledger.of_unit("U1", "S5.1")
        assert line.value["options"]["satisfied"] == 31
        table = office.get(f"{YEAR}?format=csv").content.decode("utf-8-sig")
        assert '"U1"' in table and "满意" in table
        assert office.get(f"{YEAR}?format=xlsx").status_code == 200

    @pytest.fixture
    def sealed(self, box, poll, monkeypatch):
        vote(box, 3)
        at(monkeypatch, poll.closes_at)
        return seal_poll(actor=SYSTEM, poll=poll, now=poll.closes_at)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"password": "wrong"}, "登录口令不对"),
            ({"username": "nobody"}, "登录口令不对"),
            ({"passphrase": "not the words"}, "开乙的开箱口令不对"),
            ({"own_passphrase": "not the words"}, "开甲的开箱口令不对"),
            ({"username": "kai-1"}, "两人到场"),
            ({"passphrase": ""}, "请由本人输入"),
        ],
    )
    def test_what_does_not_open(self, sealed, openers, signed_in, change, words):
        given = {
            "own_passphrase": WORDS[0],
            "username": "kai-2",
            "password": PASSWORD,
            "passphrase": WORDS[1],
            **change,
        }
        answer = signed_in(openers[0]).post(f"{YEAR}open/", given)
        page = text(answer)
        assert answer.status_code == 422 and words in page
        assert given["username"] in page and WORDS[1] not in page
        assert queries.poll_of(main_year(2025)).state == "sealed"

    @pytest.mark.parametrize(
        ("own", "other", "whose"),
        [("x" * 12, WORDS[1], ["甲"]), (WORDS[0], "x" * 12, ["乙"]), (WORDS[1], WORDS[0], ["甲", "乙"])],
    )
    def test_each_opener_is_told_of_the_own_slip_at_the_own_field(
        self, sealed, openers, signed_in, own, other, whose
    ):
        given = {"own_passphrase": own, "username": "kai-2", "password": PASSWORD, "passphrase": other}
        page = text(signed_in(openers[0]).post(f"{YEAR}open/", given))
        for name, field in (("甲", "own_passphrase"), ("乙", "passphrase")):
            said = f"开{name}的开箱口令不对"
            assert (said in page) is (name in whose)
            assert (f'href="#id_{field}"' in page) is (name in whose)

    def test_a_failed_second_sign_in_is_in_the_audit_log(self, sealed, openers, signed_in):
        given = {"own_passphrase": "x", "username": "kai-2", "password": "no", "passphrase": "y"}
        signed_in(openers[0]).post(f"{YEAR}open/", given)
        note_closed_hours(now=clock.now() + timedelta(hours=2))
        assert audit_entries().filter(verb__contains="sign_in", refused=True).exists()

    def test_only_those_who_were_named(self, sealed, cast, signed_in):
        other = signed_in(cast("ballot_opener", name="开丙"))
        assert "您不是布置这次评议时指定的开箱人" in text(other.get(f"{YEAR}open/"))

    def test_the_office_is_told_who_opens(self, sealed, office):
        assert "两名开箱人到场" in text(office.get(YEAR))
        assert office.get(f"{YEAR}open/").status_code == 403


class TestOpinions:
    @pytest.fixture
    def opinion(self, poll):
        return Opinion.objects.create(
            uid="o1",
            poll=poll,
            unit="U1",
            text='<script>alert("x")</script> 入学材料写得不清楚',
            arrived_on=date(2025, 11, 26),
            collected_at=NOW,
        )

    def test_list_filters_and_files(self, opinion, office):
        page = text(office.get(f"{YEAR}opinions/"))
        assert "1 条意见没有答复" in page and "市教育局" in page
        assert "<script>alert" not in page
        assert "没有符合条件" in text(office.get(f"{YEAR}opinions/?unit=U2"))
        assert "入学材料" in office.get(f"{YEAR}opinions/?format=csv").content.decode("utf-8-sig")

    def test_a_day_that_was_shown_is_not_moved_earlier_and_says_so(self, opinion, office):
        page = text(office.get(f"{YEAR}opinions/{opinion.pk}/"))
        assert "不提前" not in page
        Opinion.objects.filter(pk=opinion.pk).update(due_on=date(2026, 2, 27))
        page = text(office.get(f"{YEAR}opinions/{opinion.pk}/"))
        assert "须在 2026年2月27日 24:00 前整改" in page
        assert "已经显示过的期限不提前" in page

    def test_judge_answer_close_and_record(self, opinion, office, monkeypatch):
        at(monkeypatch, NOW + timedelta(days=7))
        where = f"{YEAR}opinions/{opinion.pk}/"
        assert "请先判断意见是否合理" in text(office.post(where, {"answer": "写好的答复"}))
        assert "写好的答复" in text(office.post(where, {"answer": "写好的答复"}))
        given = {"reasonable": "yes", "answer": "已在首页加入口。", "closed": "on"}
        assert office.post(where, given).status_code == 302
        opinion.refresh_from_db()
        assert (opinion.reasonable, opinion.closed_in_time) == (True, True)
        assert "意见都答复了" in text(office.get(f"{YEAR}opinions/"))
        assert office.post(f"{YEAR}opinions/record/").status_code == 302
        [line] = ledger.of_unit("U1", "S5.5")
        assert line.value == "not_applicable"
        assert line.reason.startswith("收到意见 1 条，合理 1 条，按期整改 1 条。")

    def test_what_is_not_accepted_cannot_be_put_right(self, opinion, office):
        given = {"reasonable": "no", "answer": "不属本单位", "closed": "on"}
        answer = office.post(f"{YEAR}opinions/{opinion.pk}/", given)
        page = text(answer)
        assert answer.status_code == 422 and "没有整改" in page and "不属本单位" in page

    @pytest.mark.parametrize("role", ["liaison", "reviewer", "ballot_opener", "second_signer"])
    def test_opinions_stay_in_the_office(self, opinion, cast, signed_in, role):
        client = signed_in(cast(role, "U1" if role == "liaison" else None))
        assert client.get(f"{YEAR}opinions/").status_code == 403
        assert client.get(f"{YEAR}opinions/{opinion.pk}/").status_code == 403
        assert client.post(f"{YEAR}opinions/record/").status_code == 403

    def test_the_head_reads_and_does_not_answer(self, opinion, cast, signed_in):
        client = signed_in(cast("office_head"))
        assert "由政务公开办经办答复" in text(client.get(f"{YEAR}opinions/{opinion.pk}/"))
        given = {"reasonable": "yes", "answer": "好"}
        assert client.post(f"{YEAR}opinions/{opinion.pk}/", given).status_code == 403

    def test_an_empty_list_says_what_fills_it(self, poll, office):
        assert "没有待答复的意见" in text(office.get(f"{YEAR}opinions/"))

    def test_the_list_makes_as_many_queries_at_three_as_at_sixty(self, poll, office):
        counts = []
        for first, last in ((0, 3), (3, 60)):
            Opinion.objects.bulk_create(
                Opinion(
                    uid=f"n{n}",
                    poll=poll,
                    unit="U1",
                    text="x",
                    arrived_on=date(2025, 11, 26),
                    collected_at=NOW,
                )
                for n in range(first, last)
            )
            with CaptureQueriesContext(connection) as caught:
                office.get(f"{YEAR}opinions/")
            counts.append(len(caught))
        assert counts[0] == counts[1]


def test_a_year_without_a_poll_leads_on(box, units, office):
    assert office.get("/desk/evaluation/").status_code == 302
    page = text(office.get(YEAR))
    assert "还没有布置" in page and f"{YEAR}prepare/" in page
