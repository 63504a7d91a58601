"""The working calendar on screen: who sees it, what is shown before confirmation, what stands afterwards, and in a browser."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kaoping.accounts.actor import SYSTEM
from kaoping.beijing import BEIJING
from kaoping.calendars import days_as_csv, read_arrangement
from kaoping.deadlines.services import enter_arrangement
from kaoping.rectification import queries as cases
from kaoping.support import clock
from kaoping.workdays import queries
from kaoping.workdays.models import Arrangement, DateNotice
from tests.calendars.making import NOTICE_2027, notice
from tests.deadlines.conftest import december, office, served
from tests.web.chromium import IN_CHROMIUM, WITH_CHROMIUM, Window, browse

__all__ = ["december", "office", "served"]
pytestmark = pytest.mark.django_db
YEAR = "/desk/calendar/2027/"
ENTER = YEAR + "enter/"
REST = [*NOTICE_2027["days"], {"date": "2027-01-04", "working": False, "name": "示例假"}]
LONGER = notice(days=REST)
SOURCE = "示例发电〔2026〕1号"


@pytest.fixture
def desk(served, office, signed_in):
    return signed_in(office)


def sent(page: str) -> dict[str, str]:
    """The hidden fields of the form that confirms."""
    return dict(
        re.findall(
            r'<input type="hidden" name="(confirm|content|source|seen|words_ticket)" value="([^"]*)"', page
        )
    )


def test_who_sees_and_who_enters(served, cast, signed_in):
    for role, code in (("office_head", None), ("liaison", "U1"), ("auditor", None)):
        client = signed_in(cast(role, code))
        page = client.get(YEAR)
        assert page.status_code == 200 and "录入放假安排" not in page.content.decode()
        assert client.get(ENTER).status_code == 403
        assert client.post(ENTER, {"confirm": "1"}).status_code == 403
    assert signed_in(cast("system_admin")).get("/desk/calendar/").status_code == 403


def test_the_list_says_where_each_year_comes_from(desk):
    page = desk.get("/desk/calendar/").content.decode()
    assert "2027 年的放假安排" in page and "随程序提供" in page and "暂按周末和法定节日推算" in page


def test_the_form_begins_with_the_provisional_days(desk):
    page = desk.get(ENTER).content.decode()
    assert "2027-02-09,放假,春节补假" in page


def test_nothing_is_stored_before_confirmation_and_each_date_is_shown(desk, served):
    answer = desk.post(ENTER, {"source": SOURCE, "file": SimpleUploadedFile("2027.json", LONGER)})
    page = answer.content.decode()
    assert answer.status_code == 200 and not Arrangement.objects.exists()
    assert f"整改单 {served.number}" in page and "2027年1月5日" in page and "2027年1月6日" in page
    assert "2026年12月14日下发，15 个工作日" in page
    silent = int(re.search(r"另 (\d+) 个日期没有告知过单位，不发通知", page).group(1))
    assert silent and "确认后给 1 个单位共 1 条通知" in page and "每个日期给单位一条通知" not in page
    done = desk.post(ENTER, sent(page), follow=True).content.decode()
    assert "1 个期限顺延，没有期限提前，已在 1 个单位的页面上写明" in done
    assert DateNotice.objects.count() == 1
    assert cases.case(served.number).due_on == date(2027, 1, 6)
    assert f"依据：{SOURCE}" in done and "陈静" in done


def test_typed_lines_do_the_same_as_a_file(desk, served):
    text = days_as_csv(read_arrangement(LONGER).days)
    typed = {"source": SOURCE, "text": text, "words_ticket": "abc123def456"}
    previewed = desk.post(ENTER, typed)
    assert "kaoping_saved" not in previewed.cookies, "还没有录入"
    done = desk.post(ENTER, sent(previewed.content.decode()))
    # The browser forgets what was typed in the form two pages back.
    assert done.cookies["kaoping_saved"].value == "abc123def456"
    assert queries.standing_of(2027).days == REST_SORTED


REST_SORTED = sorted(REST, key=lambda day: day["date"])


def test_what_is_wrong_is_named_by_line_and_the_words_stay(desk):
    text = "日期,上班,名称\n2027-01-01,放假,元旦\n2027-02-09,上班,春节\n"
    answer = desk.post(ENTER, {"source": SOURCE, "text": text})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "第 3 行" in page and "本来就上班" in page and "2027-02-09,上班,春节" in page and SOURCE in page
    answer = desk.post(ENTER, {"source": "", "text": text}).content.decode()
    assert "请写明依据" in answer


def test_another_years_file_is_not_entered_here(desk):
    content = notice(years=[2028], days=[{"date": "2028-01-01", "working": False, "name": "元旦"}])
    page = desk.post(
        ENTER, {"source": SOURCE, "file": SimpleUploadedFile("f.json", content)}
    ).content.decode()
    assert "这一页录入 2027 年，所给的是 2028 年" in page


def test_a_list_that_changed_meanwhile_is_shown_again(desk, served, december, office):
    page = desk.post(ENTER, {"source": SOURCE, "file": SimpleUploadedFile("f.json", LONGER)}).content.decode()
    other = read_arrangement(
        notice(source="先录入的", days=[*REST, {"date": "2027-01-05", "working": False, "name": "示例假"}])
    )
    enter_arrangement(actor=office, given=other, now=december)
    answer = desk.post(ENTER, sent(page))
    assert answer.status_code == 409 and "日期又有变化" in answer.content.decode()
    assert queries.standing_of(2027).source == "先录入的"


def test_a_forged_confirmation_enters_nothing(desk):
    for forged in ({"content": "%%%"}, {"content": "e30="}, {"content": "A" * 500_000}, {}):
        assert desk.post(ENTER, {"confirm": "1", "source": SOURCE, "seen": "", **forged}).status_code in (
            302,
            409,
        )
    assert not Arrangement.objects.exists()


def test_a_wrong_entry_is_taken_back_with_a_trace(desk, served, december, office):
    enter_arrangement(actor=office, given=read_arrangement(LONGER), now=december)
    entry = queries.standing_of(2027)
    url = f"{YEAR}withdraw/{entry.pk}/"
    assert "不提前" not in desk.get(f"/desk/cases/{served.number}/").content.decode()
    page = desk.get(url).content.decode()
    assert "算出来更早、但不提前的日期" in page and "2027年1月6日" in page
    assert desk.post(url, {"reason": "", "seen": sent(page)["seen"]}).status_code == 409
    done = desk.post(url, {"reason": "录错一天", "seen": sent(page)["seen"]}, follow=True).content.decode()
    kept = "按现在的工作日历，到这一天是 16 个工作日：期限已告知单位到 1月6日，不提前"
    assert kept in desk.get(f"/desk/cases/{served.number}/").content.decode()
    assert "撤回：录错一天" in done and "暂按周末和法定节日推算" in done
    assert cases.case(served.number).due_on == date(2027, 1, 6)


def test_the_page_of_a_year_downloads(desk):
    text = desk.get(YEAR + "?format=csv").content.decode("utf-8-sig")
    assert days_as_csv(read_arrangement(text.encode()).days).startswith(
        "日期,上班,名称\n2027-01-01,放假,元旦\n"
    )


def test_addresses_outside_the_calendar_are_not_found(desk):
    assert desk.get("/desk/calendar/1999/").status_code == 404
    assert desk.get(YEAR + "withdraw/7/").status_code == 404
    assert "工作日历没有这一年" in desk.get("/desk/calendar/2060/").content.decode()


class TestMarks:
    """Every date that rests on a provisional year says so on screen; a printed paper bears a fixed date."""

    MARK = "暂按周末和法定节日推算"

    def test_desk(self, desk, served):
        for path in ("/desk/cases/", f"/desk/cases/{served.number}/", "/desk/cases/serve/"):
            page = desk.get(path).content.decode()
            assert self.MARK in page or "没有待下发" in page, path

    def test_unit(self, served, cast, signed_in):
        liaison = signed_in(cast("liaison", "U1"))
        for path in ("/unit/cases/", f"/unit/cases/{served.number}/"):
            assert self.MARK in liaison.get(path).content.decode(), path

    def test_paper(self, desk, served):
        page = desk.get(f"/desk/cases/{served.number}/order/").content.decode()
        assert "2027年1月5日" in page and "暂按" not in page

    def test_no_mark_once_entered(self, desk, served, december, office):
        enter_arrangement(actor=office, given=read_arrangement(LONGER), now=december)
        assert self.MARK not in desk.get(f"/desk/cases/{served.number}/").content.decode()
        assert "期限顺延" in desk.get(f"/desk/cases/{served.number}/").content.decode()


class TestAsking:
    """From 1 November the board asks for the next year, whichever year it shows."""

    def test_the_board_asks_and_leads_there(self, year, signed_in, monkeypatch):
        client = signed_in(year.handler)
        for at, asked in (
            (datetime(2026, 10, 31, 23, 59, tzinfo=BEIJING), False),
            (datetime(2026, 11, 1, 0, 0, tzinfo=BEIJING), True),
        ):
            monkeypatch.setattr(clock, "now", lambda at=at: at)
            page = client.get("/desk/board/G1-2025/").content.decode()
            assert ("录入 2027 年的放假安排" in page) is asked
            assert (f'href="{YEAR}"' in page) is asked

    def test_once_entered_it_is_silent(self, year, signed_in, december):
        enter_arrangement(actor=SYSTEM, given=read_arrangement(LONGER), now=december)
        assert (
            "录入 2027 年的放假安排"
            not in signed_in(year.handler).get("/desk/board/G1-2025/").content.decode()
        )


class TestStageDays:
    """A planned day that rests is shown as such in the plan, and moves later with a notice on every unit's home."""

    PLAN = "/desk/plan/G1-2025/"

    def test_a_day_that_rests_is_shown(self, year, signed_in):
        year.to("routine")
        client = signed_in(year.handler)
        stage = self.PLAN + "stage/self_review/"
        assert "不上班" not in client.get(self.PLAN).content.decode()
        given = {"first": "2025-11-22", "last": "2025-12-05", "reason": "示例"}
        assert client.post(stage, given).status_code == 302
        page = client.get(self.PLAN).content.decode()
        assert "首日不上班（星期六）" in page and "方案原定 2025年11月17日至2025年12月5日" in page
        assert "2025年11月22日不上班：星期六" in client.get(stage).content.decode()

    def test_units_read_it_and_others_are_refused(self, year, signed_in):
        year.to("routine")
        stage = self.PLAN + "stage/self_review/"
        given = {"first": "2025-11-18", "last": "2025-12-05", "reason": "系统维护"}
        assert signed_in(year.head).post(stage, given).status_code == 403
        office = signed_in(year.handler)
        refused = office.post(stage, {**given, "last": "2025-12-06"})
        assert refused.status_code == 409 and "须修订方案、重新呈批" in refused.content.decode()
        office.post(stage, given)
        page = signed_in(year.liaisons["U1"]).get("/unit/G1-2025/U1/").content.decode()
        assert "原定 2025年11月17日，改为 2025年11月18日。依据：系统维护" in page
        assert office.get(self.PLAN + "stage/nothing/").status_code == 404


@IN_CHROMIUM
@WITH_CHROMIUM
def test_next_years_calendar_is_entered_in_december_with_orders_already_served(
    served, office, cast, signed_in
):
    """From the board's list of things to do to the unit's timeline, as people do it."""
    liaison = signed_in(cast("liaison", "U1"))

    def script(window: Window) -> None:
        page = window.page
        window.open("/desk/calendar/")
        page.get_by_role("link", name="去录入").click()
        page.get_by_role("link", name="录入放假安排").click()
        page.get_by_label("依据").fill(SOURCE)
        page.get_by_label("逐日列出").fill(days_as_csv(read_arrangement(LONGER).days))
        page.get_by_role("button", name="核对").click()
        row = page.get_by_role("row", name=served.number).first
        assert "2027年1月5日" in row.inner_text() and "2027年1月6日" in row.inner_text()
        assert window.in_test(Arrangement.objects.count) == 0
        page.get_by_role("button", name="确认录入").click()
        page.get_by_text("1 个期限顺延，没有期限提前").wait_for()

    browse(signed_in(office), script)
    assert cases.case(served.number).due_on == date(2027, 1, 6)

    def read(window: Window) -> None:
        window.open(f"/unit/cases/{served.number}/")
        window.page.get_by_text("期限原定 2027年1月5日 24:00，改为 2027年1月6日 24:00").wait_for()

    browse(liaison, read)
