import pytest

from kaoping.accounts.actor import SYSTEM
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.services import review, self_review
from kaoping.evidence.services import Entry
from tests.ledger import record
from tests.web.desk.campaign import add_units, at, fill_sheet, queries_of

pytestmark = pytest.mark.django_db
URL = "/desk/scoring/G1-2025/"


@pytest.fixture
def desk(year, signed_in):
    return signed_in(year.handler)


def test_before_the_first_sheet(year, desk):
    page = desk.get(URL).content.decode()
    assert "还没有计分表" in page and "方案还没有批准，批准后才能计算计分表" in page


def test_computing_counts_open_cells_and_a_second_sheet_shows_what_moved(year, desk, monkeypatch):
    year.to("evaluation")
    at(year.tick(), monkeypatch)
    assert desk.post(URL + "compute/").headers["Location"] == URL
    page = desk.get(URL).content.decode()
    assert "还差 6 格没有依据" in page and "待评" in page
    record(
        [
            Entry(
                unit="U1", item="K3.3", source="monitor", observed_at=year.at, kind="verdict",
                value="not_met", reason="栏目没有更新",
            )
        ],
        actor=SYSTEM,
        now=year.tick(),
    )  # fmt: skip
    at(year.tick(), monkeypatch)
    desk.post(URL + "compute/")
    page = desk.get(URL + "?unit=U1&item=K3.3").content.decode()
    assert "栏目没有更新" in page and "1 处问题，每处扣 5 分" in page
    assert sheets.sheets(year.campaign).count() == 2


def test_could_not_tell_has_its_own_look_and_costs_nothing(year, desk, monkeypatch):
    year.to("evaluation")
    record(
        [
            Entry(
                unit="U1",
                item="K1.1",
                source="office",
                observed_at=year.at,
                kind="verdict",
                value="undecided",
            )
        ],
        actor=SYSTEM,
        now=year.tick(),
    )
    at(year.tick(), monkeypatch)
    desk.post(URL + "compute/")
    page = desk.get(URL + "?unit=U1&item=K1.1").content.decode()
    assert "kp-hatch" in page and "无法判定的记录，不扣分" in page
    text = desk.get(URL + "?format=csv").content.decode("utf-8-sig")
    assert "无法判定" in text and "待评" in text


def test_reviewers_are_shown_after_the_round_and_only_to_those_who_may(year, desk, signed_in, monkeypatch):
    year.to("review")
    first, second = year.reviewers
    for reviewer, level in ((first, "good"), (second, "none")):
        for unit in year.liaisons:
            row = year.assignment(reviewer, unit)
            for item in ("K1.1", "K1.2"):
                review.save_score(actor=reviewer, assignment=row, item=item, level=level, now=year.tick())
            review.finish(actor=reviewer, assignment=row, now=year.tick())
    year.compute("provisional")
    at(year.tick(), monkeypatch)
    before = desk.get(URL + "?unit=U1&item=K1.1").content.decode()
    assert "专家甲" not in before and "≠</span>" not in before
    assert "专家甲" not in desk.get("/desk/reviews/G1-2025/?").content.decode().split("评审分派")[0]
    review.close_round(actor=year.handler, campaign=year.campaign, now=year.tick())
    year.compute("preview")
    at(year.tick(), monkeypatch)
    after = desk.get(URL + "?unit=U1&item=K1.1").content.decode()
    assert "专家甲“好”" in after and "≠</span>" in after
    leader = signed_in(year.leader).get(URL + "?unit=U1&item=K1.1").content.decode()
    assert "≠</span>" not in leader


def test_sign_off_is_by_another_and_needs_the_year(year, desk, signed_in, monkeypatch):
    year.to("appeals")
    year.at = year.campaign.appeals_close_at
    year.compute()
    at(year.tick(), monkeypatch)
    own = desk.get(URL + "sign-off/").content.decode()
    assert "不能由经办自己签发" in own
    assert desk.post(URL + "sign-off/", {"confirm_year": "2025"}).status_code == 409
    signer = signed_in(year.signer)
    assert "请输入年份 2025" in signer.get(URL + "sign-off/").content.decode()
    wrong = signer.post(URL + "sign-off/", {"confirm_year": "2024"})
    assert wrong.status_code == 409 and "请输入年份 2025 确认" in wrong.content.decode()
    assert signer.post(URL + "sign-off/", {"confirm_year": "2025"}).status_code == 302
    assert "已由第二人签发" in desk.get(URL + "sign-off/").content.decode()


def test_same_number_of_queries_at_3_and_30_units(year, desk, monkeypatch):
    year.to("preview")
    sheet = year.compute("preview")
    at(year.at, monkeypatch)
    few, reason = queries_of(desk, URL), queries_of(desk, URL + "?unit=U1&item=K1.1")
    fill_sheet(sheet, add_units(year.campaign, 60))
    assert queries_of(desk, URL) == few
    assert queries_of(desk, URL + "?unit=U1&item=K1.1") == reason
    assert "第 2 页" in desk.get(URL).content.decode()
    assert "样例市" not in desk.get(URL + "?page=2").content.decode()


def test_a_unit_page_and_its_branch(year, desk, cast, signed_in, monkeypatch):
    year.to("preview")
    at(year.at, monkeypatch)
    page = desk.get(URL + "unit/U1/").content.decode()
    assert "市教育局：" in page and "2 人评审：一般、一般，取中位数" in page
    assert '"K1.1"' in desk.get(URL + "unit/U1/?format=csv").content.decode("utf-8-sig")
    stranger = signed_in(cast("competent_department", "U2"))
    assert stranger.get(URL + "unit/U1/").status_code == 403
    assert stranger.get(URL).status_code == 403
    assert self_review
