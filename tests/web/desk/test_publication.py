import io
import zipfile

import pytest

from kaoping.campaigns.services import sign_off
from kaoping.publication import queries
from tests.web.desk.campaign import at

pytestmark = pytest.mark.django_db
URL = "/desk/publication/2025/"


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


def test_before_signing_every_step_says_what_is_missing(year, desk):
    page = desk.get(URL).content.decode()
    assert "还没有签发" in page and "去签发" in page
    assert "计分表还没有签发冻结" in desk.get(URL + "freeze/").content.decode()


def test_freeze_approve_publish_withdraw(signed, desk, signed_in, monkeypatch):
    assert "等冻结" in desk.get(URL).content.decode()
    assert desk.post(URL + "freeze/", {"confirm_year": "25"}).status_code == 409
    assert desk.post(URL + "freeze/", {"confirm_year": "2025"}).status_code == 302
    release = queries.latest(2025)
    page = desk.get(URL).content.decode()
    assert release.full_digest[:8] in page and "kaoping verify" in page
    early = desk.get(URL + f"{release.pk}/publish/").content.decode()
    assert "还不能公开" in early and "结果呈批表缺经办签批" in early
    head = signed_in(signed.head)
    assert head.get(URL + "freeze/").status_code == 200
    signed.sign("result")
    at(signed.tick(), monkeypatch)
    assert "可以公开" in desk.get(URL).content.decode()
    assert desk.post(URL + f"{release.pk}/publish/", {"confirm_year": "2025"}).status_code == 302
    assert "已经公开" in desk.get(URL).content.decode()
    assert "年度考核" in desk.get("/desk/board/2025/").content.decode()
    report = desk.get("/desk/report/2025/U1/").content.decode()
    assert "（已定，2025年" in report
    assert "由办公室负责人办理" in desk.get(URL + f"{release.pk}/withdraw/").content.decode()
    assert head.post(URL + f"{release.pk}/withdraw/", {"reason": ""}).status_code == 409
    assert head.post(URL + f"{release.pk}/withdraw/", {"reason": "一家单位的分组写错"}).status_code == 302
    page = desk.get(URL).content.decode()
    assert "已撤回" in page and "一家单位的分组写错" in page


def test_bundles_are_downloaded(signed, desk, cast, signed_in):
    desk.post(URL + "freeze/", {"confirm_year": "2025"})
    release = queries.latest(2025)
    for part in ("full", "public"):
        content = desk.get(URL + f"{release.pk}/{part}.zip").content
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert "manifest.json" in archive.namelist()
    assert signed_in(cast("reviewer")).get(URL + f"{release.pk}/full.zip").status_code == 403
