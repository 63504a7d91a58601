import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from kaoping.accounts.queries import audit_entries
from kaoping.registry import queries
from kaoping.registry.models import Organisation

pytestmark = pytest.mark.django_db
ROSTER = "code,name,kind,group\nU1,样例市教育局,department,市级部门\nU3,样例市气象局,vertical,垂管单位\n"


@pytest.fixture
def office(cast, signed_in, units):
    return signed_in(cast("office_handler"))


def upload(client, text, name="名录.csv"):
    return client.post("/desk/register/import/", {"file": SimpleUploadedFile(name, text.encode())})


class TestDoors:
    @pytest.mark.parametrize("role", ["reviewer", "inspector"])
    def test_who_does_not_see_it(self, cast, signed_in, units, role):
        client = signed_in(cast(role))
        assert client.get("/desk/register/").status_code == 403
        assert client.get("/desk/register/unit/U1/").status_code == 403

    @pytest.mark.parametrize("role", ["office_head", "leading_group"])
    def test_who_sees_and_does_not_change(self, cast, signed_in, units, role):
        client = signed_in(cast(role))
        page = client.get("/desk/register/").content.decode()
        assert "市教育局" in page and "导入名录" not in page
        for part in ("import", "unit/U1/edit", "unit/U1/close", "unit/U1/columns"):
            assert client.get(f"/desk/register/{part}/").status_code == 403
        assert upload(client, ROSTER).status_code == 403
        assert queries.organisation("U3") is None


class TestList:
    def test_filters_and_files(self, office):
        assert "市水利局" not in office.get("/desk/register/?words=教育").content.decode()
        assert "没有符合条件" in office.get("/desk/register/?kind=township").content.decode()
        text = office.get("/desk/register/?format=csv").content.decode("utf-8-sig")
        assert text.splitlines()[0].startswith('"code","name","short_name","kind"')
        book = CalamineWorkbook.from_filelike(io.BytesIO(office.get("/desk/register/?format=xlsx").content))
        assert len(book.get_sheet_by_index(0).to_python()) == 4

    def test_a_downloaded_list_is_imported_again_unchanged(self, office):
        text = office.get("/desk/register/?format=csv&show=all").content.decode("utf-8-sig")
        assert "与名录完全一样" in upload(office, text).content.decode()

    def test_an_empty_register_says_what_fills_it(self, cast, signed_in):
        assert "名录还是空的" in signed_in(cast("office_handler")).get("/desk/register/").content.decode()

    def test_same_number_of_queries_at_3_and_300(self, office, django_assert_num_queries):
        with CaptureQueriesContext(connection) as few:
            office.get("/desk/register/")
        Organisation.objects.bulk_create(
            Organisation(code=f"T{n}", name=f"第{n}镇", short_name=f"第{n}镇", kind="township", order=n)
            for n in range(300)
        )
        with django_assert_num_queries(len(few)):
            office.get("/desk/register/")


class TestImport:
    def test_preview_then_confirm(self, office):
        page = upload(office, ROSTER).content.decode()
        assert "新增 1 个，修改 1 个" in page and "分组：空 → 市级部门" in page
        assert queries.organisation("U3") is None
        kept = re.search(r'name="kept" value="([^"]+)"', page).group(1)
        done = office.post("/desk/register/import/", {"confirm": "1", "name": "名录.csv", "kept": kept})
        assert done.status_code == 302
        assert queries.organisation("U3").group == "垂管单位"
        assert audit_entries(verb="import_roster").first().sentence.startswith("导入名录 名录.csv：新增 1 个")

    def test_errors_name_line_field_and_remedy_and_nothing_is_stored(self, office):
        answer = upload(office, ROSTER + "U4,样例市财政局,bureau,\n")
        page = answer.content.decode()
        assert (
            answer.status_code == 422
            and "没有导入" in page
            and "第 4 行 C 列（类别）：没有“bureau”这个类别" in page
        )
        assert "确认导入" not in page and queries.organisation("U3") is None

    def test_no_file_and_a_tampered_page(self, office):
        none = office.post("/desk/register/import/", {})
        assert none.status_code == 422 and "请先选一个" in none.content.decode()
        bad = office.post("/desk/register/import/", {"confirm": "1", "kept": "***"})
        assert bad.status_code == 422 and "预览带回的文件读不出来，没有导入" in bad.content.decode()

    def test_a_file_that_is_too_large_is_called_too_large(self, office, monkeypatch):
        monkeypatch.setattr("kaoping.web.ui.requests.MAX_BYTES", 30)
        for address in ("/desk/register/import/", "/desk/ledger/import/"):
            sent = {"file": SimpleUploadedFile("名录.csv", ROSTER.encode()), "no_secret": "1"}
            page = office.post(address, sent).content.decode()
            assert "超过 10 MB，没有读" in page and "请先选" not in page


class TestOneOrganisation:
    def test_page_and_missing(self, office, cast):
        cast("liaison", "U1", name="周联络")
        page = office.get("/desk/register/unit/U1/").content.decode()
        assert "周联络" in page and "市政府" in page and "没有登记栏目" in page
        assert office.get("/desk/register/unit/NONE/").status_code == 404

    def test_edit_keeps_the_input_and_says_what_is_wrong(self, office):
        data = {"name": "样例市教育局", "kind": "department", "site_url": "jyj", "participates": "on"}
        answer = office.post("/desk/register/unit/U1/edit/", data)
        page = answer.content.decode()
        assert answer.status_code == 422 and "不是网址" in page and 'value="jyj"' in page
        data["site_url"] = "http://jyj.kaoping.test/"
        assert office.post("/desk/register/unit/U1/edit/", data).status_code == 302
        assert queries.organisation("U1").site_url == "http://jyj.kaoping.test/"

    def test_a_closing_without_its_day_is_turned_back(self, office):
        answer = office.post("/desk/register/unit/U1/close/", {"successor": "U2"})
        assert answer.status_code == 422 and "请填最后一天" in answer.content.decode()

    def test_merged(self, office):
        office.post("/desk/register/unit/U1/close/", {"valid_to": "2025-11-20", "successor": "U2"})
        assert "已撤销" in office.get("/desk/register/unit/U1/").content.decode()
        assert "承接" in office.get("/desk/register/unit/U2/").content.decode()
        assert "市教育局" in office.get("/desk/register/?show=closed").content.decode()
        assert "市教育局" not in office.get("/desk/register/").content.decode()

    def test_columns(self, office):
        row = {
            "form-TOTAL_FORMS": "1",
            "form-INITIAL_FORMS": "0",
            "form-0-name": "要闻",
            "form-0-kind": "news",
        }
        wrong = office.post(
            "/desk/register/unit/U1/columns/", {**row, "form-0-url": "x", "form-0-period_days": "14"}
        )
        assert wrong.status_code == 422 and "第 1 个栏目：请写完整网址" in wrong.content.decode()
        row |= {"form-0-url": "http://jyj.kaoping.test/yw/", "form-0-period_days": "14"}
        assert office.post("/desk/register/unit/U1/columns/", row).status_code == 302
        assert "要闻" in office.get("/desk/register/unit/U1/").content.decode()
        # Sent once more, because its answer was lost, the form says the same and empties nothing.
        assert office.post("/desk/register/unit/U1/columns/", row).status_code == 302
        assert "要闻" in office.get("/desk/register/unit/U1/").content.decode()
