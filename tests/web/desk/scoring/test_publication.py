import io
import zipfile

import docx
import pytest

from kaoping.campaigns.services import sign_off
from kaoping.campaigns.services.accountability import state_accountability
from kaoping.publication import queries, services
from kaoping.registry.queries.organisers import main_year
from tests.web.desk.campaign import at

pytestmark = pytest.mark.django_db
URL = "/desk/publication/G1-2025/"


@pytest.fixture
def desk(year, signed_in, settings, tmp_path):
    settings.KAOPING_PUBLISHED = tmp_path / "published"
    (tmp_path / "published" / "releases").mkdir(parents=True)
    return signed_in(year.handler)


@pytest.fixture
def signed(year, monkeypatch):
    year.to("appeals")
    year.at = year.campaign.appeals_close_at
    year.compute()
    sign_off.sign_off(actor=year.signer, campaign=year.campaign, typed_year="2025", now=year.tick())
    year.advance()
    at(year.tick(), monkeypatch)
    return year


@pytest.fixture
def published(signed, desk, monkeypatch):
    """The year and its published release."""
    desk.post(URL + "freeze/", {"confirm_year": "2025"})
    signed.sign("result")
    at(signed.tick(), monkeypatch)
    release = queries.latest(main_year(2025))
    assert desk.post(URL + f"{release.pk}/publish/", {"confirm_year": "2025"}).status_code == 302
    return signed, queries.by_id(release.pk)


def test_before_signing_every_step_says_what_is_missing(year, desk):
    page = desk.get(URL).content.decode()
    assert "还没有签发" in page and "去签发" in page
    assert "计分表还没有签发冻结" in desk.get(URL + "freeze/").content.decode()


def test_freeze_approve_publish_withdraw(signed, desk, signed_in, monkeypatch):
    assert "等冻结" in desk.get(URL).content.decode()
    assert desk.post(URL + "freeze/", {"confirm_year": "25"}).status_code == 409
    assert desk.post(URL + "freeze/", {"confirm_year": "2025"}).status_code == 302
    release = queries.latest(main_year(2025))
    page = desk.get(URL).content.decode()
    assert release.full_digest[:8] in page and "kaoping verify" in page
    early = desk.get(URL + f"{release.pk}/publish/").content.decode()
    assert "还不能公开" in early and "结果呈批表缺经办、办公室负责人、领导小组领导签批" in early
    head = signed_in(signed.head)
    assert head.get(URL + "freeze/").status_code == 200
    signed.sign("result")
    at(signed.tick(), monkeypatch)
    assert "可以公开" in desk.get(URL).content.decode()
    assert desk.post(URL + f"{release.pk}/publish/", {"confirm_year": "2025"}).status_code == 302
    assert "已经公开" in desk.get(URL).content.decode()
    assert "年度考核" in desk.get("/desk/board/G1-2025/").content.decode()
    report = desk.get("/desk/report/G1-2025/U1/").content.decode()
    assert "（已定，2025年" in report
    assert "由办公室负责人办理" in desk.get(URL + f"{release.pk}/withdraw/").content.decode()
    said = {"reason": "一家单位的分组写错", "confirm_year": "2025"}
    for wrong in ({"reason": ""}, {"reason": "错"}, {"confirm_year": ""}, {"confirm_year": "2024"}):
        refused = head.post(URL + f"{release.pk}/withdraw/", said | wrong)
        assert refused.status_code == 409, wrong
    assert head.post(URL + f"{release.pk}/withdraw/", said).status_code == 302
    page = desk.get(URL).content.decode()
    assert "已撤回" in page and "一家单位的分组写错" in page


def test_a_withdrawn_year_s_report_texts_say_when_it_was_out_and_why_it_is_gone(
    published, desk, signed_in, monkeypatch
):
    year, release = published
    services.withdraw(
        actor=year.head, release=release, reason="一家单位的分组写错。", typed_year="2025", now=year.tick()
    )
    at(year.tick(), monkeypatch)
    words = "2025年度政务公开工作考核结果2025年"
    unit = signed_in(year.liaisons["U1"])
    for client, url in (
        (desk, "/desk/report/G1-2025/U1/"),
        (desk, "/desk/report/G1-2025/city/"),
        (unit, "/unit/report/G1-2025/U1/"),
    ):
        page = client.get(url).content.decode()
        assert words in page and "现在没有有效的结果" in page, url
        assert "撤回理由：一家单位的分组写错。" in page and "正在进行" not in page, url
    assert "还没有定" not in page and "考核结果已撤回" in page
    listed = desk.get("/desk/report/G1-2025/").content.decode()
    assert "考核结果已撤回" in listed and "未定" not in listed.split("<table")[1]
    state_accountability(
        actor=year.liaisons["U1"], campaign=year.campaign, unit="U1", choice="none", now=year.tick()
    )
    for client, url in ((desk, "/desk/report/G1-2025/U1/docx/"), (unit, "/unit/report/G1-2025/U1/docx/")):
        file = docx.Document(io.BytesIO(client.get(url).content))
        text = "".join(one.text for one in file.paragraphs)
        assert words in text and "正在进行" not in text, url


def test_bundles_are_downloaded(signed, desk, cast, signed_in):
    desk.post(URL + "freeze/", {"confirm_year": "2025"})
    release = queries.latest(main_year(2025))
    for part in ("full", "public"):
        content = desk.get(URL + f"{release.pk}/{part}.zip").content
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert "manifest.json" in archive.namelist()
    assert signed_in(cast("reviewer")).get(URL + f"{release.pk}/full.zip").status_code == 403
