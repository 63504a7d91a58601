"""From every imported line there is a way to its batch, and from there to taking it back whole; what came late says so."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kaoping.accounts.queries import audit_entries
from kaoping.evidence import queries as ledger
from tests.campaigns.test_withdrawal import imported, lines_of, mixed, seen
from tests.support.sheetmaking import book
from tests.web.desk.campaign import at
from tests.web.desk.records import test_materials as materials

pytestmark = pytest.mark.django_db
LATE = "到达时本轮已截止，存档不计分"


def text(response):
    return response.content.decode()


def bring(year, *, after):
    year.to(after)
    day = year.at.date().isoformat()
    imported(year, f"U1,K3.3,件数,1,{day},错的", f"U2,K3.3,件数,2,{day},错的")
    uid = lines_of(year, "register")[0]
    return uid, f"/desk/ledger/batch/{ledger.batch_of(uid)}/"


def test_a_line_leads_to_its_batch_and_the_batch_is_taken_back(year, signed_in, monkeypatch):
    uid, url = bring(year, after="routine")
    year.compute("provisional")
    at(year.tick(), monkeypatch)
    desk = signed_in(year.handler)
    for page in ("/desk/ledger/", f"/desk/ledger/{uid}/", "/desk/scoring/G1-2025/unit/U1/"):
        assert f'href="{url}"' in text(desk.get(page)), page
    room = text(desk.get("/desk/scoring/G1-2025/?unit=U1&item=K3.3"))
    assert f'href="{url}"' in room
    page = text(desk.get(url))
    assert "这一批导入 2 条" in page and f"{url}undo/" in page and "下载留存的文件" in page
    assert LATE not in page
    assert "至少 4 个字" in text(desk.get(f"{url}undo/"))
    assert "至少写 4 个字" in text(desk.post(f"{url}undo/", {"reason": "错"}))
    assert desk.post(f"{url}undo/", {"reason": "登记有误"}).status_code == 302
    page = text(desk.get(url))
    assert "撤回，未重复办理" in page and "登记有误" in page and f"{url}undo/" not in page
    again = desk.post(f"{url}undo/", {"reason": "登记有误"})
    assert again.status_code == 409 and "已经由经办甲于" in text(again)


def test_who_only_reads_sees_the_batch_and_no_button(year, signed_in, monkeypatch):
    _uid, url = bring(year, after="routine")
    at(year.tick(), monkeypatch)
    page = signed_in(year.signer).get(url)
    assert page.status_code == 200 and "undo/" not in text(page)
    assert signed_in(year.signer).get(f"{url}undo/").status_code == 403
    assert signed_in(year.liaisons["U1"]).get(url).status_code == 403


def test_a_destroyed_file_is_named_as_such_and_no_longer_offered(year, signed_in, monkeypatch):
    uid, url = bring(year, after="routine")
    at(year.tick(), monkeypatch)
    digest = ledger.as_engine(ledger.batch_rows(ledger.batch_of(uid)).first()).artefacts[0].sha256
    handler, head = signed_in(year.handler), signed_in(year.head)
    assert f"/desk/artefact/{digest}/" in text(handler.get(url))
    assert materials.propose(handler, digest, "destroy").status_code == 302
    confirm = f"/desk/materials/proposal/{ledger.open_proposal(digest).pk}/confirm/"
    page = head.get(f"/desk/materials/{digest}/")
    assert f'<a href="/desk/ledger/{uid}/">台账记录的依据：' in text(page)
    assert ">台账记录的依据：register:" not in text(page) and "U1 register:" not in text(page)
    assert head.post(confirm, {"seen": materials.seen(page)}).status_code == 302
    for address in (url, f"/desk/ledger/{uid}/"):
        shown = text(handler.get(address))
        assert "已由两人销毁" in shown and f"/desk/artefact/{digest}/" not in shown, address


def test_after_the_round_what_counts_stays_and_what_came_late_says_so(year, signed_in, monkeypatch):
    _uid, url = bring(year, after="review")
    year.to("preview")
    desk = signed_in(year.handler)
    at(year.tick(), monkeypatch)
    assert "评审已经结束" in text(desk.get(f"{url}undo/"))
    day = year.at.date().isoformat()
    upload = ("单位代码,指标,种类,取值,观察日期,理由\n" + f"U1,K3.3,件数,3,{day},在后\n").encode()
    sent = {"file": SimpleUploadedFile("后来.csv", upload), "no_secret": "1"}
    done = desk.post("/desk/ledger/import/", sent, follow=True)
    page = text(done)
    assert "已导入 1 条" in page and LATE in page and "/desk/ledger/batch/" in done.request["PATH_INFO"]
    assert LATE in text(desk.get("/desk/ledger/"))
    assert LATE in desk.get("/desk/ledger/?format=csv").content.decode("utf-8-sig")
    late = lines_of(year, "register")[-1]
    assert LATE in text(desk.get(f"/desk/ledger/{late}/"))
    undo = f"{done.request['PATH_INFO']}undo/"
    assert "本来就没有计入得分" in text(desk.get(undo))
    assert desk.post(undo, {"reason": "登记有误"}).status_code == 302
    gone = ledger.successor_of(late)
    assert LATE in text(desk.get(f"/desk/ledger/{gone}/"))  # what takes it back says the same


def test_what_may_be_done_with_a_late_line_says_that_it_never_counted(year, signed_in, monkeypatch):
    year.to("preview")
    line = seen(year)
    at(year.tick(), monkeypatch)
    desk = signed_in(year.handler)
    page = text(desk.get(f"/desk/ledger/{line}/"))
    assert "提请审定" in page and "本来就没有计入得分" in page and "不再计入得分" not in page


def test_the_same_file_again_says_by_whom_and_when_and_shows_the_batch(year, signed_in, monkeypatch):
    year.to("routine")
    at(year.tick(), monkeypatch)
    desk = signed_in(year.handler)
    upload = f"单位代码,指标,种类,取值,观察日期\nU1,K3.3,件数,3,{year.at.date().isoformat()}\n".encode()
    pages = [
        desk.post(
            "/desk/ledger/import/",
            {"file": SimpleUploadedFile("台账.csv", upload), "no_secret": "1"},
            follow=True,
        )
        for _ in range(2)
    ]
    assert "已导入 1 条" in text(pages[0])
    assert "这份文件已经由经办甲于" in text(pages[1]) and "已导入 1 条" not in text(pages[1])
    assert pages[0].request["PATH_INFO"] == pages[1].request["PATH_INFO"]
    assert audit_entries().filter(verb="import_register").count() == 1


def test_a_record_offers_no_button_that_can_only_be_refused_and_a_refusal_keeps_the_reason(
    year, signed_in, monkeypatch
):
    year.to("review")
    mixed(year, "early")
    open_line = lines_of(year, "register")[-1]
    at(year.tick(), monkeypatch)
    desk = signed_in(year.handler)
    url = f"/desk/ledger/{open_line}/"
    assert "撤回整批导入" in text(desk.get(url))
    short = desk.post(f"{url}move/", {"act": "undo", "reason": "错甲"})
    assert short.status_code == 409
    assert "至少写 4 个字" in text(short) and ">错甲</textarea>" in text(short)
    year.to("preview")
    at(year.tick(), monkeypatch)
    page = text(desk.get(url))
    assert "撤回整批导入" not in page and "第 2 行属于 2025 年度" in page


def test_the_page_gives_an_empty_table_that_can_be_filled_and_sent(year, signed_in, monkeypatch):
    year.to("plan")
    at(year.tick(), monkeypatch)
    client = signed_in(year.handler)
    page = client.get("/desk/ledger/import/").content.decode()
    assert "每一列怎么填" in page
    empty = client.get("/desk/ledger/import/?format=csv").content.decode("utf-8-sig")
    day = year.at.date().isoformat()
    filled = (empty.rstrip() + f"\nU1,K3.3,件数,3,{day},在后,\n").encode()
    sent = client.post(
        "/desk/ledger/import/", {"file": SimpleUploadedFile("a.csv", filled), "no_secret": "1"}
    )
    assert sent.status_code == 302


def test_the_same_row_in_another_file_is_named_with_who_brought_it_first(year, signed_in, monkeypatch):
    year.to("plan")
    at(year.tick(), monkeypatch)
    client, day = signed_in(year.handler), year.at.date().isoformat()
    head, row = "单位代码,指标,种类,取值,观察日期,理由\n", f"U1,K3.3,件数,3,{day},逾期\n"

    def send(*rows):
        file = SimpleUploadedFile("a.csv", (head + "".join(rows)).encode())
        return client.post("/desk/ledger/import/", {"file": file, "no_secret": "1"})

    assert send(row).status_code == 302
    again = send(row, f"U2,K3.3,件数,1,{day},逾期\n")
    assert again.status_code == 422
    assert "第 2 行：与台账里" in text(again)
    assert f"由{year.handler.name}导入的一条完全相同" in text(again)
    assert len(lines_of(year, "register")) == 1
    assert send().status_code == 422
    assert "列名下面没有内容" in text(send())
    undo = f"/desk/ledger/batch/{ledger.batch_of(lines_of(year, 'register')[0])}/undo/"
    assert client.post(undo, {"reason": "登记有误"}).status_code == 302
    assert send(row, f"U2,K3.3,件数,1,{day},逾期\n").status_code == 302


def test_what_of_a_workbook_was_not_read_is_said_after_the_import_and_beside_its_faults(
    year, signed_in, monkeypatch
):
    year.to("plan")
    at(year.tick(), monkeypatch)
    client, day = signed_in(year.handler), year.at.date().isoformat()

    def send(unit):
        def fill(made):
            old, new = made.add_worksheet("去年"), made.add_worksheet("今年")
            for sheet in (old, new):
                sheet.write_row(0, 0, ["单位代码", "指标", "种类", "取值", "观察日期"])
                sheet.write_row(1, 0, [unit, "K3.3", "件数", 3, day])
            old.hide()
            new.activate()

        file = SimpleUploadedFile("台账.xlsx", book(fill))
        return text(client.post("/desk/ledger/import/", {"file": file, "no_secret": "1"}, follow=True))

    said = "工作表 “去年” 是隐藏的，没有读"
    refused = send("U9")
    assert "表“今年”A2（单位代码）：名录里没有“U9”" in refused and said in refused
    done = send("U1")
    assert "已导入 1 条" in done and said in done
