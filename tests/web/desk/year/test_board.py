from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest

from kaoping.beijing import BEIJING
from kaoping.campaigns.logic import stage_return
from kaoping.campaigns.models import Campaign
from kaoping.campaigns.queries import period
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.services import review
from kaoping.evaluation.models import Poll
from kaoping.monitoring.models import Run
from kaoping.rectification.models import Case
from kaoping.registry.models import Organisation
from kaoping.reporting import board
from tests.conftest import NOW
from tests.ledger import main
from tests.web.desk.campaign import add_units, at, fill_sheet, queries_of

pytestmark = pytest.mark.django_db
URL = "/desk/board/G1-2025/"


@pytest.fixture
def desk(year, signed_in):
    return signed_in(year.handler)


def test_before_the_first_plan_the_board_says_what_to_do(cast, signed_in, now):
    handler = signed_in(cast("office_handler"))
    assert "建立年度考核" in handler.get("/desk/board/").content.decode()
    other = signed_in(cast("office_head")).get("/desk/board/").content.decode()
    assert "由政务公开办经办建立" in other


def test_who_does_not_see_it(cast, signed_in, year):
    for role in ("reviewer", "inspector"):
        assert signed_in(cast(role)).get(URL).status_code == 403


def test_the_title_counts_what_stands_in_the_way(year, desk):
    assert desk.get("/desk/board/").headers["Location"] == URL
    page = desk.get(URL).content.decode()
    assert "进入“平时考核”" in page and "还有 1 项条件未完成" in page
    assert "/desk/approval/G1-2025/plan/" in page
    assert "还没有计分表" in page


def test_the_office_is_told_which_checks_count_for_nothing(year, desk, cast, signed_in):
    page = desk.get(URL).content.decode()
    assert "检查项 P-01、" in page and "没有一项指标收，查到的不计分；" in page
    Campaign.objects.filter(pk=year.campaign.pk).update(stage="published")
    assert "没有一项指标收" not in desk.get(URL).content.decode()


class TestGate:
    def test_conditions_and_refusal(self, year, desk):
        page = desk.get("/desk/board/G1-2025/advance/").content.decode()
        assert (
            "选定规则集" in page
            and "方案呈批表缺经办、办公室负责人、领导小组领导签批" in page
            and "disabled" in page
        )
        refused = desk.post("/desk/board/G1-2025/advance/", {"to": "routine"})
        assert refused.status_code == 409
        assert "还不能进入“平时考核”" in refused.content.decode()

    def test_every_page_gives_the_number_that_the_list_has(self, year, desk, monkeypatch):
        year.to("review")
        at(year.tick(), monkeypatch)
        board = desk.get(URL).content.decode()
        listed = board.count('class="kp-todo__no"')
        page = desk.get("/desk/board/G1-2025/advance/").content.decode()
        waiting = page.count("要先具备前面的条件。")
        assert listed == page.count('data-met="no"') - waiting and waiting == 2
        said = f"另有 {waiting} 项要先具备前面的条件"
        assert f"还有 {listed} 项条件未完成" in page
        assert f"还有 {listed} 个条件没有具备，{said}，见上面" in page
        assert f"还有 {listed} 项条件未完成" in board and f"：{listed} 项条件未完成，{said}" in board

    def test_what_waits_for_a_day_is_on_nobodys_list(self, year, desk, monkeypatch):
        year.to("self_review")
        at(year.tick(), monkeypatch)
        board = desk.get(URL).content.decode()
        assert "期限还没有到，现在没有要办的" in board
        assert 'class="kp-todo__no"' not in board and "去办理" not in board
        assert "自查到" in board and "期限届满后再办" in board and "现在没有要办的事" in board
        page = desk.get("/desk/board/G1-2025/advance/").content.decode()
        assert "还有 1 项等期限届满，见上面" in page and "由政务公开办经办办理：期限" not in page

    def test_it_opens_when_all_is_there(self, year, desk, monkeypatch):
        year.sign("plan")
        at(year.at, monkeypatch)
        assert desk.post("/desk/board/G1-2025/advance/", {"to": "routine"}).status_code == 302
        year.campaign.refresh_from_db()
        assert year.campaign.stage == "routine"

    def test_only_the_handler_has_the_button(self, year, signed_in):
        year.sign("plan")
        client = signed_in(year.head)
        assert "“平时考核”的条件" in client.get(URL).content.decode()
        assert "由政务公开办经办办理" in client.get("/desk/board/G1-2025/advance/").content.decode()
        assert client.post("/desk/board/G1-2025/advance/", {"to": "routine"}).status_code == 409

    def test_the_preview_needs_the_year_typed(self, year, desk, monkeypatch):
        year.to("review")
        year.review_all()
        review.close_round(actor=year.handler, campaign=year.campaign, now=year.tick())
        year.compute("preview")
        at(year.at, monkeypatch)
        page = desk.get("/desk/board/G1-2025/advance/").content.decode()
        assert "请输入年份 2025" in page and 'name="to" value="preview"' in page
        form = {"to": "preview", "confirm_year": "2024"}
        wrong = desk.post("/desk/board/G1-2025/advance/", form)
        assert wrong.status_code == 409 and "请输入 2025 确认" in wrong.content.decode()
        form = {"to": "preview", "confirm_year": "2025"}
        assert desk.post("/desk/board/G1-2025/advance/", form).status_code == 302
        # Sent once more, because its answer was lost, the form does not open the next gate, which nothing keeps shut.
        again = desk.post("/desk/board/G1-2025/advance/", form)
        assert again.status_code == 409 and "已经进入“结果预览”，不用再办。" in again.content.decode()
        year.campaign.refresh_from_db()
        assert year.campaign.stage == "preview"


def test_points_by_unit_and_files(year, desk, monkeypatch):
    year.to("preview")
    at(year.at, monkeypatch)
    page = desk.get(URL).content.decode()
    assert "市教育局" in page and "组织得分率" in page and "良好" in page
    text = desk.get(URL + "?format=csv").content.decode("utf-8-sig")
    assert text.splitlines()[0].startswith('"代码","单位","分组","组织（满分 70）"')
    assert desk.get(URL + "?format=xlsx").content[:2] == b"PK"
    assert desk.get(URL + "?format=exe").status_code == 404


def test_a_branch_sees_its_own_and_points_from_the_preview_on(year, cast, signed_in, units, monkeypatch):
    Organisation.objects.filter(code="U1").update(leading_department="U2")
    branch = signed_in(cast("competent_department", "U2"))
    year.to("review")
    year.compute("provisional")
    at(year.at, monkeypatch)
    page = branch.get(URL).content.decode()
    assert "得分从“结果预览”起可以看到" in page
    assert "去办理" not in page and "”的条件" not in page  # those doors are closed to a branch
    year.review_all()
    review.close_round(actor=year.handler, campaign=year.campaign, now=year.tick())
    year.compute("preview")
    year.advance()
    page = branch.get(URL).content.decode()
    assert "市教育局" in page and "市水利局</a>" not in page


def run(**more):
    unit = Organisation.objects.get(code="U1")
    return Run.objects.create(organiser=main(), organisation=unit, folder="", started_at=NOW, **more)


def test_routine_work_is_ticked_on_the_band_and_told_in_words(year, desk, monkeypatch):
    run(state="done")
    at(NOW, monkeypatch)
    page = desk.get(URL).content.decode()
    assert '<rect class="run"' in page
    assert (
        "2024年12月1日至2025年11月30日" in page and "在线监测 1 次、实地查看 0 次、随机抽取已抽 0 次" in page
    )
    assert "1 次监测都已完成" in page
    run(state="failed", whose="network", cause="线路丢包")
    page = desk.get(URL).content.decode()
    assert "线路丢包" in page and "网络" in page and "还没有完成" in page


def test_open_cases_stand_beside_the_points(year, desk, signed_in, monkeypatch):
    year.to("preview")
    Case.objects.create(
        organiser=main(),
        number="ZG-2025-0001",
        organisation=Organisation.objects.get(code="U1"),
        item="K3.3",
        fault="1",
        title="表头不全",
        order_text="请补全",
        state="served",
        opened_at=NOW,
        served_at=NOW,
        due_on=year.at.date() - timedelta(days=1),
    )
    at(year.at, monkeypatch)
    page = desk.get(URL).content.decode()
    assert "逾期 1" in page and "整改单在办 1 张，逾期 1 张" in page
    assert "/desk/cases/?unit=U1" in page
    # The decider of appeals sees the figures; the cases are not open to him, so nothing leads there.
    page = signed_in(year.decider).get(URL).content.decode()
    assert "逾期 1" in page and "/desk/cases/" not in page
    head, first = desk.get(URL + "?format=csv").content.decode("utf-8-sig").splitlines()[:2]
    assert head.endswith('"逾期整改单","在办整改单"') and first.endswith(",1,1")


def test_arrows_compare_with_the_sheet_before(year, desk, monkeypatch):
    year.to("preview")
    at(year.at, monkeypatch)
    assert "▲▼ 较上一份计分表" not in desk.get(URL).content.decode()
    before = sheets.latest(year.campaign)
    year.ruled("U1", "K3.3", "15")
    year.compute("preview")
    page = desk.get(URL).content.decode()
    assert "▼" in page and f"较上一份计分表（{before.as_of.astimezone(BEIJING).month}月" in page
    assert "1 个单位的总分和上一份计分表不同" in page


class TestSinceYesterday:
    def test_acts_lead_to_their_rooms_and_the_ledger_is_counted(self, year, desk, monkeypatch):
        year.to("preview")
        at(year.at, monkeypatch)
        page = desk.get(URL).content.decode()
        assert "自昨日以来" in page and "年度考核进入下一阶段 5 次" in page and "评审结束" in page
        assert "/desk/scoring/G1-2025/" in page.split("自昨日以来")[1]
        assert "台账新增" in page and "专家评审" in page
        assert "评分。" not in page.split("自昨日以来")[1]  # drafts are no news

    def test_only_those_who_read_the_ledger_or_the_log(self, year, cast, signed_in, monkeypatch):
        year.sign("plan")
        at(year.at, monkeypatch)
        assert "自昨日以来" in signed_in(year.head).get(URL).content.decode()
        assert "自昨日以来" not in signed_in(year.decider).get(URL).content.decode()
        assert signed_in(cast("auditor")).get(URL).status_code == 403

    def test_nothing_happened(self, year, desk, monkeypatch):
        at(year.at + timedelta(days=9), monkeypatch)
        assert "昨天以来没有人办理" in desk.get(URL).content.decode()


def test_a_rate_below_a_band_never_reads_as_the_band():
    assert board.FirstLevel(Fraction(5999, 100), Fraction(100), 1, 1).percent == 59


def test_same_number_of_queries_at_3_and_30_units(year, desk, monkeypatch):
    year.to("review")
    sheet = year.compute("provisional")
    at(year.at, monkeypatch)
    few = queries_of(desk, URL)
    fill_sheet(sheet, add_units(year.campaign, 30))
    assert queries_of(desk, URL) == few


def test_a_way_is_to_do_something_only_for_those_who_do_it(year, signed_in):
    handler, signer = signed_in(year.handler), signed_in(year.signer)
    assert "去办理" in handler.get("/desk/board/G1-2025/").content.decode()
    page = signer.get("/desk/board/G1-2025/").content.decode()
    assert "去办理" not in page
    assert "打开看" in page


def poll(year, closes_at, **changes):
    return Poll.objects.create(
        **{
            "organiser": "G1",
            "year": 2025,
            "uid": "poll-2025",
            "title": "评议",
            "state": "prepared",
            "opens_at": closes_at - timedelta(days=7),
            "closes_at": closes_at,
            "questionnaire": {},
            "units": [{"code": "U1", "name": "样例市教育局"}],
            "public_key": "0" * 64,
        }
        | changes
    )


def test_the_seal_is_nobodys_task_before_the_closing_and_a_named_one_after_it(year, desk, monkeypatch):
    year.to("evaluation")
    one = poll(year, year.at + timedelta(days=3))
    at(year.at, monkeypatch)
    page = desk.get(URL).content.decode()
    assert "截止时自动封存" in page and 'class="kp-todo__no"' not in page and "点“封存问卷”" not in page
    room = desk.get("/desk/evaluation/G1-2025/").content.decode()
    assert "评议中" in room and "待封存" not in room
    at(one.closes_at, monkeypatch)
    page = desk.get(URL).content.decode()
    assert "评议已截止，问卷还没有封存" in page and page.count('class="kp-todo__no"') == 1
    assert "没有自动封存的，在“社会评议”点“封存问卷”" in page
    room = desk.get("/desk/evaluation/G1-2025/").content.decode()
    assert "还没有封存" in room and "已截止，待封存" in room and "：评议中" not in room
    assert desk.post("/desk/board/G1-2025/advance/", {"to": "self_review"}).status_code == 409


def test_after_the_closing_the_unit_does_not_read_that_people_are_voting(year, signed_in, monkeypatch):
    year.to("evaluation")
    one = poll(year, year.at + timedelta(days=3))
    unit = signed_in(year.liaisons["U1"])
    at(one.closes_at, monkeypatch)
    page = unit.get("/unit/evaluation/G1-2025/U1/").content.decode()
    assert "社会评议已经截止" in page and "还没有封存" in page and "正在进行" not in page


def test_a_stage_cannot_be_taken_back_between_the_closing_and_the_seal():
    facts = stage_return.Facts("evaluation", poll_state="closed")
    assert "公众已经开始评议" in (stage_return.refusal(facts) or "")


def test_the_published_year_waits_for_nothing(year, desk, monkeypatch):
    Campaign.objects.filter(pk=year.campaign.pk).update(stage="published")
    at(year.tick(), monkeypatch)
    page = desk.get(URL).content.decode()
    assert 'class="kp-todo__no"' not in page
    assert "没有下一阶段" in page and "点“立更正”" in page


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "今天 24:00 止"),  # Friday 5 December 2025
        (1, "计划已到期"),
        (2, "计划已到期"),
        (3, "计划已到期"),  # Monday: the first day on which the office can move on
        (4, "逾期 1 个工作日"),
        (8, "逾期 5 个工作日"),
    ],
)
def test_a_stage_is_late_when_a_working_day_has_gone_by(days, words, year, desk, monkeypatch):
    year.to("self_review")
    assert period.stage_dates(year.campaign)["self_review"][1] == date(2025, 12, 5)
    at(datetime(2025, 12, 5, 10, tzinfo=BEIJING) + timedelta(days=days), monkeypatch)
    page = desk.get(URL).content.decode()
    assert words in page
    assert ("逾期" in page.partition("本阶段计划")[2][:400]) == words.startswith("逾期")
