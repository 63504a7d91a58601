"""The screen on which an organiser hands in its own rulebook, sees what it would change, and takes it back."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kaoping.registry.models import Organisation
from kaoping.standards import queries
from tests.campaigns.rulebook import FILES
from tests.standards.test_pack import zipped

pytestmark = pytest.mark.django_db
URL = "/desk/rulebooks/"
OWN = {
    "about.yaml": "id: county\nversion: '2026.1'\nextends: small\ntitle: 某区规则集\nissuer: 某区办公室\n",
    "rubric.yaml": "change:\n  K1.1: {evidence: 会议纪要}\n",
}


@pytest.fixture
def desk(year, signed_in):
    Organisation.objects.create(code="D1", name="某区人民政府", short_name="某区", kind="district_government")
    return signed_in(year.handler)


def upload(content, name="r.zip"):
    return {"file": SimpleUploadedFile(name, content, "application/zip")}


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def handed_in(desk):
    page = desk.post(URL + "hand-in/", upload(zipped(OWN)))
    kept = re.search(r'name="kept" value="([^"]+)"', page.content.decode())[1]
    return page, desk.post(URL + "hand-in/", {"confirm": "1", "kept": kept, "organiser": "G1"})


def test_the_differences_are_shown_before_anything_is_kept(desk):
    assert "交存自己的规则集" in text(desk.get(URL))
    assert "先看会改什么" in text(desk.get(URL + "hand-in/"))
    page, done = handed_in(desk)
    told = text(page)
    assert "某区规则集 2026.1 可以交存" in told and "会议纪要" in told and "与上级规则集的差别" in told
    assert done.status_code == 302
    [draft] = [one for one in queries.versions() if one.draft]
    assert (draft.rulebook, draft.organiser) == ("county", "G1")
    told = text(desk.get(f"{URL}{draft.pk}/"))
    assert "草案" in told and "某区" in told and "经办甲" in told
    assert "会议纪要" in text(desk.get(f"{URL}{draft.pk}/parent/"))
    assert desk.get(f"{URL}{draft.pk}/parent/?format=csv").status_code == 200
    assert "草案" in text(desk.get(URL)) and "草案" in text(desk.get("/desk/plan/G1-2025/rulebook/"))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "请先选规则集的 ZIP"),
        ({"kept": "%%%"}, "请先选规则集的 ZIP"),
        ({"kept": "UEsDBA=="}, "不是 ZIP"),
        (upload(b"PK\x03\x04"), "不是 ZIP"),
        (upload(zipped(OWN | {"rubric.yaml": "unscored: zero\n"})), "考核办法第十条"),
        (upload(zipped(OWN | {"../x.yaml": "x"})), "不该有的路径"),
        (upload(zipped(FILES | {"rubric.yaml": FILES["rubric.yaml"].replace("领导", "领导组")})), "不能交存"),
    ],
)
def test_what_is_wrong_is_said_on_the_page_and_nothing_is_kept(desk, given, words):
    page = desk.post(
        URL + "hand-in/", given | ({"confirm": "1", "organiser": "G1"} if words == "不能交存" else {})
    )
    assert page.status_code == 409
    assert ("已有另一份内容" if words == "不能交存" else words) in text(page)
    assert not [one for one in queries.versions() if one.draft]


def test_a_draft_is_taken_back_with_a_reason(desk):
    handed_in(desk)
    [draft] = [one for one in queries.versions() if one.draft]
    url = f"{URL}{draft.pk}/withdraw/"
    assert "撤回草案" in text(desk.get(f"{URL}{draft.pk}/")) and desk.get(url).status_code == 200
    assert desk.post(url, {"reason": "版本号写错了"}).status_code == 302
    assert draft not in queries.versions()
    told = text(desk.get(f"{URL}{draft.pk}/"))
    assert "已撤回" in told and "版本号写错了" in told
    assert "已撤回" in text(desk.get(URL))


def test_others_see_the_list_and_no_way_in(desk, year, signed_in):
    handed_in(desk)
    [draft] = [one for one in queries.versions() if one.draft]
    other = signed_in(year.head)
    assert "交存自己的规则集" not in text(other.get(URL))
    for path in (f"{URL}hand-in/", f"{URL}{draft.pk}/withdraw/"):
        assert other.get(path).status_code == 403
        assert other.post(path, {"reason": "不该由我办"}).status_code == 403
    assert desk.get(f"{URL}999/withdraw/").status_code == 404
