import csv
import io
from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaoping.beijing import BEIJING
from kaoping.inspection import queries as inspection
from kaoping.inspection.models import Draw
from kaoping.inspection.services import record_visit
from kaoping.rectification import queries
from kaoping.rectification.models import Case
from kaoping.rectification.services import opening, order, unit
from kaoping.registry.models import Organisation
from kaoping.support import clock
from tests.ledger import main
from tests.rectification.making import drafted, seen

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff" + b"0" * 50


@pytest.fixture
def office(units, cast):
    return cast("office_handler", name="陈静")


@pytest.fixture
def client(office, signed_in):
    return signed_in(office)


@pytest.fixture
def served(units, now, office):
    return order.serve(actor=office, numbers=[drafted(now).number], now=now)[0]


class TestDoors:
    def test_who_does_not_see_it(self, cast, signed_in, served):
        for role, place in (("reviewer", None), ("liaison", "U1")):
            browser = signed_in(cast(role, place))
            assert browser.get("/desk/cases/").status_code == 403
            assert browser.get(f"/desk/cases/{served.number}/").status_code == 403

    def test_a_branch_sees_only_its_own(self, cast, signed_in, units, served):
        browser = signed_in(cast("competent_department", "U2"))
        assert served.number not in browser.get("/desk/cases/").content.decode()
        assert browser.get(f"/desk/cases/{served.number}/").status_code == 403
        units[0].leading_department = "U2"
        units[0].save()
        page = browser.get(f"/desk/cases/{served.number}/").content.decode()
        assert "文号规范" in page and "结案</button>" not in page

    def test_an_unknown_number(self, client, units):
        assert client.get("/desk/cases/ZG-2025-9999/").status_code == 404


class TestList:
    def test_empty_in_words(self, client, units):
        page = client.get("/desk/cases/").content.decode()
        assert "没有未结的整改单" in page and "自动立单" in page

    def test_filters_and_csv(self, client, served):
        assert served.number in client.get("/desk/cases/?words=教育").content.decode()
        assert served.number not in client.get("/desk/cases/?show=closed").content.decode()
        assert served.number not in client.get("/desk/cases/?show=overdue").content.decode()
        text = client.get("/desk/cases/?format=csv&show=all").content.decode("utf-8-sig")
        assert served.number in text and "2025-12-15" in text

    @pytest.mark.parametrize(
        ("day", "words"), [(16, "已逾期"), (17, "逾期 1 个工作日"), (20, "逾期 4 个工作日")]
    )
    def test_overdue_days_are_those_that_have_gone_by(
        self, day, words, client, cast, signed_in, served, monkeypatch
    ):
        monkeypatch.setattr(clock, "now", lambda: datetime(2025, 12, day, 9, tzinfo=BEIJING))
        assert served.due_on == date(2025, 12, 15)
        unit = signed_in(cast("liaison", "U1"))
        for browser, page in (
            (client, "/desk/cases/"),
            (client, f"/desk/cases/{served.number}/"),
            (unit, "/unit/cases/"),
            (unit, f"/unit/cases/{served.number}/"),
        ):
            assert f"</svg>{words}</span>" in browser.get(page).content.decode(), page

    def test_same_number_of_queries_at_3_and_300(self, client, served, now, django_assert_num_queries):
        pages = ("", "?show=all", "?show=overdue", "serve/", "?format=csv")
        many(3, now)
        counts = {}
        for page in pages:
            with CaptureQueriesContext(connection) as few:
                client.get(f"/desk/cases/{page}")
            counts[page] = len(few)
        many(300, now)
        for page, count in counts.items():
            with django_assert_num_queries(count):
                client.get(f"/desk/cases/{page}")


def many(count, now):
    start = Organisation.objects.count()
    rows = Organisation.objects.bulk_create(
        Organisation(code=f"T{n}", name=f"第{n}镇", short_name=f"第{n}镇", kind="township")
        for n in range(start, start + count)
    )
    Case.objects.bulk_create(
        Case(
            organiser=main(),
            number=f"ZG-{state}-{row.pk}",
            organisation=row,
            item="K3.4.p",
            fault=state,
            title="文号规范",
            order_text="请改。",
            state=state,
            opened_at=now,
            served_at=None if state == "draft" else now,
            due_on=None if state == "draft" else now.date(),
        )
        for row in rows
        for state in ("draft", "served", "answered")
    )


class TestServe:
    def test_a_batch(self, client, units, now):
        case = drafted(now)
        page = client.get("/desk/cases/serve/").content.decode()
        assert case.number in page and "待核" in page and "2025年12月15日" in page
        assert client.post("/desk/cases/serve/", {"days": "15"}).status_code == 422
        done = client.post("/desk/cases/serve/", {"number": case.number, "days": "10"})
        assert done.status_code == 302 and queries.case(case.number).days == 10

    def test_bad_days_keep_what_was_typed(self, client, units, now):
        case = drafted(now)
        answer = client.post("/desk/cases/serve/", {"number": case.number, "days": "很多"})
        page = answer.content.decode()
        assert answer.status_code == 422 and 'value="很多"' in page and "checked" in page

    def test_words_can_be_changed_before_serving(self, client, units, now):
        case = drafted(now)
        url = f"/desk/cases/{case.number}"
        assert client.post(f"{url}/revise/", {"text": "请改第 1 号。"}).status_code == 302
        assert client.post(f"{url}/serve/", {"days": "15"}).status_code == 302
        assert "请改第 1 号。" in client.get(f"{url}/order/").content.decode()


class TestCase:
    def test_the_page_says_what_is_missing(self, client, served):
        page = client.get(f"/desk/cases/{served.number}/").content.decode()
        assert "还不能结案：须有一次通过的复测" in page and "15 个工作日，到 12月15日 24:00 止" in page
        assert "一个问题，1 条记录，扣一次" in page and "没有规则可以复测" in page
        answer = client.post(f"/desk/cases/{served.number}/close/")
        assert answer.status_code == 422 and "还不能结案" in answer.content.decode()

    def test_who_served_it_is_told_that_another_checks(self, client, served):
        url = f"/desk/cases/{served.number}"
        page = client.get(f"{url}/").content.decode()
        assert "人工核查请由另一人办理" in page and 'value="not_met"' not in page
        sent = {"outcome": "met", "text": "打开网页核对，文号已改"}
        answer = client.post(f"{url}/check/", sent)
        assert answer.status_code == 422 and "请由另一人办理" in answer.content.decode()

    def test_check_then_close(self, cast, signed_in, served, stored_files):
        client = signed_in(cast("office_handler", name="李明"))
        url = f"/desk/cases/{served.number}"
        assert client.post(f"{url}/check/", {"text": "看过了网页"}).status_code == 422
        photo = SimpleUploadedFile("a.jpg", JPEG)
        sent = {"outcome": "met", "text": "打开网页核对，文号已改", "photo": photo, "no_secret": "1"}
        assert client.post(f"{url}/check/", sent).status_code == 302
        assert client.post(f"{url}/close/").status_code == 302
        page = client.get(f"{url}/").content.decode()
        assert "已经结案" in page and "李明核查通过" in page
        sha = next(one.sha256 for one in queries.entries(served) if one.sha256)
        assert client.get(f"{url}/file/{sha}/").content == JPEG
        assert client.get(f"{url}/file/{'0' * 64}/").status_code == 404

    def test_reply_and_the_unit_s_answer(self, client, served, cast, now):
        liaison = cast("liaison", "U1", name="周敏")
        unit.answer(actor=liaison, case=served, text="已改", url="http://u1.kaoping.test/", now=now)
        assert client.post(f"/desk/cases/{served.number}/reply/", {"text": ""}).status_code == 422
        assert client.post(f"/desk/cases/{served.number}/reply/", {"text": "收到"}).status_code == 302
        page = client.get(f"/desk/cases/{served.number}/").content.decode()
        assert "已回复，待核实" in page and "周敏" in page and "收到" in page

    def test_a_retest_that_passed_opens_the_lock(self, client, served, now):
        seen("met", now, source="retest")
        opening.read_ledger(now=now)
        page = client.get(f"/desk/cases/{served.number}/").content.decode()
        assert "还不能结案" not in page

    def test_sent_seen_and_handed_over(self, client, signed_in, cast, served):
        url = f"/desk/cases/{served.number}"
        page = client.get(f"{url}/").content.decode()
        assert (
            "已发出" in page and "还没有单位查看" in page and "送达提醒" not in page and "系统内提醒" in page
        )
        signed_in(cast("liaison", "U1", name="周敏")).get(f"/unit/cases/{served.number}/")
        office = signed_in(cast("office_handler"))
        page = office.get(f"{url}/").content.decode()
        assert "已查看" in page and "周敏" in page and "还没有单位查看" not in page
        assert office.post(f"{url}/handed/", {"text": ""}).status_code == 422
        assert office.post(f"{url}/handed/", {"text": "电话告知周敏"}).status_code == 302
        page = office.get(f"{url}/").content.decode()
        assert "已送达" in page and "电话告知周敏" in page

    def test_what_cannot_be_repaired(self, client, signed_in, cast, served, now):
        url = f"/desk/cases/{served.number}"
        liaison = cast("liaison", "U1", name="周敏")
        unit.explain(actor=liaison, case=served, text="当时系统停机，公开已超过期限。", now=now)
        page = client.get(f"{url}/").content.decode()
        assert "单位说明不可补救，待确认" in page and "单位的说明请由另一人办理" in page
        assert client.post(f"{url}/explanation/", {"outcome": "confirm"}).status_code == 422
        head = signed_in(cast("office_head"))
        assert head.post(f"{url}/explanation/", {"outcome": "decline"}).status_code == 422
        assert head.post(f"{url}/explanation/", {"outcome": "confirm"}).status_code == 302
        page = head.get(f"{url}/").content.decode()
        assert "不可补救，已说明，按规定计分" in page
        text = head.get("/desk/cases/?format=csv&show=all").content.decode("utf-8-sig")
        assert "不可补救，已说明，按规定计分" in text

    def test_a_passed_case_is_not_overdue_anywhere(self, client, served, now, monkeypatch):
        late = now + timedelta(days=60)
        seen("met", late, source="retest")
        opening.read_ledger(now=late)
        monkeypatch.setattr(clock, "now", lambda: late)
        page = client.get(f"/desk/cases/{served.number}/").content.decode()
        assert "核查通过，待结案" in page and "未整改到位，" not in page
        assert served.number not in client.get("/desk/cases/?show=overdue").content.decode()
        text = client.get("/desk/cases/?format=csv&show=all").content.decode("utf-8-sig")
        [row] = csv.DictReader(io.StringIO(text))
        assert row["逾期"] == "否" and row["状态"] == "核查通过，待结案"

    def test_times_of_another_year_carry_it(self, client, served, now, monkeypatch):
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=60))
        page = client.get(f"/desk/cases/{served.number}/").content.decode()
        assert "2025年11月24日 09:30</time>" in page


class TestVisitsAndDraws:
    def test_list_and_photo(self, client, cast, units, now, stored_files):
        record_visit(
            actor=cast("inspector", name="孙检"),
            organisation_code="U1",
            place="办事大厅",
            item="K4.3.p",
            outcome="met",
            note="",
            photo=("a.jpg", JPEG),
            confirmed=True,
            visited_at=now,
            client_id="p1",
            now=now,
        )
        page = client.get("/desk/visits/").content.decode()
        assert "办事大厅" in page and "孙检" in page and "实地查看 1 次" in page
        assert "办事大厅" in client.get("/desk/visits/?unit=教育").content.decode()
        assert "办事大厅" not in client.get("/desk/visits/?unit=没有这家").content.decode()
        assert "没有符合条件" in client.get("/desk/visits/?outcome=not_met").content.decode()
        assert "办事大厅" in client.get("/desk/visits/?format=csv").content.decode("utf-8-sig")
        sha = inspection.visits()[0].photo
        assert client.get(f"/desk/visits/photo/{sha}/").content == JPEG

    @pytest.mark.parametrize("typed", ["２", "3个", "abc", "-1", "2.5", "1e1", "1" * 12])
    def test_a_number_that_is_not_understood_locks_nothing(self, client, units, typed):
        form = {
            "title": "第四季度抽查",
            "size-0": typed,
            "source": "示例彩票第1期",
            "source_on": "2099-01-01",
        }
        page = client.post("/desk/visits/draws/", form)
        assert page.status_code == 422
        assert "抽取几个请写整数，数字用半角" in page.content.decode()
        assert f'value="{typed}"' in page.content.decode()
        assert not Draw.objects.exists()
        assert client.post("/desk/visits/draws/", form | {"size-0": " 1 "}).status_code == 302

    def test_a_draw_from_form_to_protocol(self, client, units):
        assert client.post("/desk/visits/draws/", {"title": ""}).status_code == 422
        done = client.post(
            "/desk/visits/draws/",
            {"title": "第四季度抽查", "size-0": "1", "source": "示例彩票第1期", "source_on": "2099-01-01"},
        )
        assert done.status_code == 302
        page = client.get(done["Location"]).content.decode()
        assert "还没有抽" in page and "承诺值" in page and "随机数（抽后公开）" not in page
        assert "待公布" in page and "示例彩票第1期，2099年1月1日公布" in page
        assert client.post(done["Location"], {"public_value": "2025322 12345"}).status_code == 422
        Draw.objects.update(source_on=date(2020, 1, 1), published_at=clock.now())
        assert client.post(done["Location"], {"public_value": ""}).status_code == 422
        assert client.post(done["Location"], {"public_value": "2025322 12345"}).status_code == 302
        page = client.get(done["Location"]).content.decode()
        assert "抽中 1 个单位" in page and "结果一致" in page
        assert client.get(done["Location"] + "?format=json").json()["public_value"] == "2025322 12345"
        assert client.get(done["Location"] + "again/").status_code == 302

    def test_a_branch_does_not_see_draws(self, cast, signed_in, units):
        assert signed_in(cast("competent_department", "U2")).get("/desk/visits/draws/").status_code == 403


@pytest.mark.django_db
def test_the_office_records_who_is_overdue(cast, signed_in):
    page = signed_in(cast("office_handler")).post("/desk/cases/overdue/", {"on": "2025-11-20"}, follow=True)
    assert "已登记 2025年11月20日 的逾期情况：0 个单位" in page.content.decode()
