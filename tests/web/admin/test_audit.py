import io
from datetime import UTC, datetime

import pytest
from python_calamine import CalamineWorkbook

from kaoping.accounts import queries
from kaoping.accounts.actor import SYSTEM
from kaoping.accounts.audit import record_act
from kaoping.accounts.chain import anchors_of
from kaoping.accounts.chain import verify as chain_verify
from kaoping.accounts.queries import audit_entries

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(cast, signed_in):
    return signed_in(cast("auditor"))


def act(sentence, now, **more):
    record_act(SYSTEM, more.pop("verb", "test"), "thing", "1", sentence, now=now, **more)


def test_says_how_long_it_is_kept_and_pages_by_fifty(auditor, now):
    for number in range(60):
        act(f"第 {number} 件", now)
    page = auditor.get("/admin/audit/?verb=test").content.decode()
    assert "至少留存六个月" in page and "不删除" in page
    assert "第 59 件" in page and "第 9 件" not in page
    assert "第 9 件" in auditor.get("/admin/audit/?verb=test&page=2").content.decode()


def test_filters(auditor, now):
    act("早先的", datetime(2025, 3, 1, 15, 59, tzinfo=UTC))
    act("次日的", datetime(2025, 3, 1, 16, 0, tzinfo=UTC))
    act("被拒绝的", now, refused=True)
    day = auditor.get("/admin/audit/?from=2025-03-01&to=2025-03-01").content.decode()
    assert "早先的" in day and "次日的" not in day  # a day ends at 24:00 in Beijing
    refused = auditor.get("/admin/audit/?refused=1&words=被拒绝").content.decode()
    assert "拒绝：被拒绝的" in refused
    for text, words in {
        "yesterday": "日期请写成",
        "2026-02-30": "没有这一天",
        "２０２６-02-03": "数字用半角",
        "0001-01-01": "请核对年份",
        "9999-12-31": "请核对年份",
    }.items():
        for name in ("from", "to"):
            assert words in auditor.get("/admin/audit/", {name: text}).content.decode()


def test_export_is_itself_logged_and_safe(auditor, now):
    act("=HYPERLINK(1)", now)
    text = auditor.get("/admin/audit/?format=csv&verb=test").content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    line = audit_entries(verb="export_audit").first()
    assert line.sentence == "导出审计日志 1 条（verb=test）。"
    book = CalamineWorkbook.from_filelike(io.BytesIO(auditor.get("/admin/audit/?format=xlsx").content))
    assert book.get_sheet_by_index(0).to_python()[0][9] == "内容"


def test_nobody_posts_to_the_log(auditor):
    assert auditor.post("/admin/audit/").status_code == 405


def test_the_head_is_printed_and_taken_out_of_the_machine(auditor, cast, signed_in, now):
    page = auditor.get("/admin/audit/").content.decode()
    head = queries.log_head()
    assert f"第 {head.number} 条" in page and head.digest[:8] in page
    answer = auditor.get("/admin/audit/head.json")
    [kept] = anchors_of(answer.json(), "下载")
    assert (kept.number, kept.digest) == (head.number, head.digest)
    assert chain_verify(queries.log_lines(), [kept]).proven == head.number
    assert (
        queries.audit_entries(verb="export_audit").first().sentence
        == "导出审计日志 1 条（最后一条的校验值）。"
    )
    assert signed_in(cast("system_admin")).get("/admin/audit/head.json").status_code == 403


def test_address_and_session_stand_beside_the_person(auditor, now):
    auditor.get("/admin/audit/?format=csv", REMOTE_ADDR="10.1.2.3")
    assert "地址 10.1.2.3，会话 " in auditor.get("/admin/audit/?verb=export_audit").content.decode()
