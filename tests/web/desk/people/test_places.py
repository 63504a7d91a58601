"""The register of places at the desk: lists, forms, the import, and who may."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kaoping.registry.queries import places

pytestmark = pytest.mark.django_db
LIST, UNIT, IMPORT = "/desk/visits/places/", "/desk/visits/places/U1/", "/desk/visits/places/import/"
HALL = {"act": "add", "name": "大厅", "kind": "hall", "located": "政务服务中心"}


@pytest.fixture
def desk(cast, signed_in, units):
    return signed_in(cast("office_handler"))


def text(response):
    return response.content.decode()


def test_a_place_is_added_renamed_and_closed(desk, cast, signed_in):
    assert "还没有地点" in text(desk.get(UNIT)) and "市教育局" in text(desk.get(LIST))
    assert desk.post(UNIT, HALL).status_code == 302
    page = text(desk.get(UNIT))
    assert "大厅（政务服务中心）" in page and "政务服务大厅，编号 U1-1" in page and "地点 1 处" in page
    assert '<option value="大厅">大厅（政务服务中心）</option>' in text(
        signed_in(cast("inspector")).get("/field/visit/U1/")
    )
    assert desk.post(UNIT, {"act": "rename", "which": "U1-1", "name": "一楼大厅"}).status_code == 302
    assert "也写作“大厅”" in text(desk.get(UNIT))
    for form, words in (
        ({"act": "close", "which": "U1-1", "on": "昨天"}, "请写最后一天"),
        ({"act": "close", "which": "", "on": "2025-06-30"}, "请选是哪一处"),
        ({"act": "rename", "which": "U1-1", "name": ""}, "请写地点的名称"),
        ({**HALL, "name": "窗口", "kind": ""}, "请选地点的类别"),
    ):
        refused = desk.post(UNIT, form)
        assert refused.status_code == 422 and words in text(refused)
    assert 'value="窗口"' in text(refused)
    assert desk.post(UNIT, {"act": "close", "which": "U1-1", "on": "2025-06-30"}).status_code == 302
    assert "末日 2025年6月30日" in text(desk.get(UNIT))
    assert "大厅" not in text(signed_in(cast("inspector")).get("/field/visit/U1/"))


def test_who_reads_changes_nothing(cast, signed_in, units):
    signer = signed_in(cast("second_signer"))
    assert "登记一处" not in text(signer.get(UNIT)) and "导入地点名单" not in text(signer.get(LIST))
    assert signer.post(UNIT, HALL).status_code == 422 and places.spots("U1") == []
    assert signer.get(IMPORT).status_code == 403
    assert signed_in(cast("liaison", "U1")).get(LIST).status_code == 403


def test_a_table_is_imported_or_says_everything_that_is_wrong(desk):
    assert "导入地点名单" in text(desk.get(LIST)) and "所在地" in text(desk.get(IMPORT))

    def send(body):
        return desk.post(IMPORT, {"file": SimpleUploadedFile("地点.csv", body.encode())})

    wrong = send("单位代码,地点名称,类别\nU9,大厅,政务服务大厅\nU1,查阅点,车站\n")
    assert wrong.status_code == 422 and "2 处要改" in text(wrong) and "名录里没有 U9" in text(wrong)
    assert places.spots("U1") == []
    assert "请先选一个" in text(desk.post(IMPORT))
    done = desk.post(
        IMPORT,
        {
            "file": SimpleUploadedFile(
                "地点.csv", "单位代码,地点名称,类别\nU1,查阅点,政府信息查阅点\n".encode()
            )
        },
        follow=True,
    )
    assert "已登记 1 处" in text(done) and [one.name for one in places.spots("U1")] == ["查阅点"]
