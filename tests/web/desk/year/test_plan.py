import pytest

from kaoping.accounts.queries import audit_entries
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.registry.models import Organisation
from kaoping.registry.queries.organisers import main_year
from tests.web.desk.campaign import add_units, queries_of

pytestmark = pytest.mark.django_db
URL = "/desk/plan/G1-2025/"


@pytest.fixture
def desk(year, signed_in):
    return signed_in(year.handler)


class TestNew:
    def test_a_year_is_opened_with_the_shipped_rulebook(self, cast, signed_in, units, now):
        client = signed_in(cast("office_handler"))
        assert "随程序提供" in client.get("/desk/plan/new/").content.decode()
        data = {
            "year": "2026",
            "title": "2026 年度考核",
            "rulebook": "shipped:changzhou-2020",
            "timetable": "A",
            "level": "full",
        }
        assert client.post("/desk/plan/new/", data).headers["Location"] == "/desk/plan/G1-2026/"
        assert campaigns.of(main_year(2026)).publication_level == "full"
        page = client.get("/desk/plan/G1-2026/").content.decode()
        assert "方案还缺要点、参评单位" in page and "待核" in page

    def test_what_was_typed_stays_when_it_is_refused(self, desk, year):
        data = {
            "year": "2025",
            "title": "又一个 2025",
            "rulebook": f"version:{year.campaign.rulebook_id}",
            "timetable": "B",
            "level": "full",
        }
        response = desk.post("/desk/plan/new/", data)
        page = response.content.decode()
        assert response.status_code == 409
        assert "2025 年度考核已经建立" in page and "又一个 2025" in page and "有误" not in page

    def test_only_the_handler(self, year, signed_in):
        client = signed_in(year.head)
        assert client.get("/desk/plan/new/").status_code == 403
        assert "填写要点" not in client.get(URL).content.decode()
        assert client.post(URL + "priorities/", {"lines": "改"}).status_code == 403


class TestChanges:
    def test_priorities_with_their_item(self, year, desk):
        response = desk.post(URL + "priorities/", {"lines": "一、做好解读｜K3.3\n二、回应关切"})
        assert response.status_code == 302
        rows = [(row.text, row.item) for row in campaigns.priorities(year.campaign)]
        assert rows == [("一、做好解读", "K3.3"), ("二、回应关切", "")]
        wrong = desk.post(URL + "priorities/", {"lines": "三｜K9.9"}).content.decode()
        assert "第 1 行的代码“K9.9”不在规则集里" in wrong and "三｜K9.9" in wrong

    def test_units_with_reasons(self, year, desk):
        data = {"kinds": ["department"], "on": "2025-11-24", "excluded": "U2 本年度新设立"}
        assert desk.post(URL + "units/", data).status_code == 302
        page = desk.get(URL).content.decode()
        assert "本年度新设立" in page and "不参评" in page
        silent = desk.post(URL + "units/", data | {"excluded": "U2"}).content.decode()
        assert "第 1 行没有理由" in silent
        assert desk.post(URL + "units/U2/", {"participates": "yes", "group": "市级部门"}).status_code == 302
        refused = desk.post(URL + "units/U2/", {"participates": "no"})
        assert refused.status_code == 409 and "不参评要写明理由" in refused.content.decode()

    def test_timetable_and_level(self, year, desk):
        assert desk.post(URL + "timetable/", {"timetable": "B", "level": "totals"}).status_code == 302
        page = desk.get(URL).content.decode()
        assert "B 次年初" in page and "等次、总分" in page

    def test_rulebook(self, year, desk):
        assert desk.post(URL + "rulebook/", {"rulebook": "shipped:changzhou-2020"}).status_code == 302
        assert campaigns.of(main_year(2025)).rulebook.rulebook == "changzhou-2020"
        assert any("采用规则集" in entry.sentence for entry in audit_entries())

    def test_after_a_signature_nothing_changes(self, year, desk):
        year.sign("plan")
        page = desk.get(URL).content.decode()
        assert "填写要点" not in page and "请先由签批人点“退回”" in page
        locked = desk.post(URL + "timetable/", {"timetable": "B", "level": "totals"}).content.decode()
        assert "请先由签批人点“退回”" in locked
        assert campaigns.of(main_year(2025)).timetable == "A"


def test_files_and_the_same_number_of_queries(year, desk):
    Organisation.objects.filter(code="U1").update(short_name="=1+1")
    text = desk.get(URL + "?format=csv").content.decode("utf-8-sig")
    assert '"U1"' in text and '"=1+1"' not in text
    few = queries_of(desk, URL)
    add_units(year.campaign, 30)
    assert queries_of(desk, URL) == few
