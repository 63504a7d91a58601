import hashlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kaoping.beijing import end_of_day
from kaoping.rectification import queries
from kaoping.rectification.jobs import capture_link
from kaoping.rectification.models import CaseEntry
from kaoping.rectification.services import order
from kaoping.support import clock
from kaoping.web.ui.wording import short_hash
from tests.crawling.serving import page as page_of
from tests.crawling.serving import serve
from tests.rectification.making import drafted

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(units, now):
    return drafted(now)


@pytest.fixture
def served(draft, cast, now):
    return order.serve(actor=cast("office_handler"), numbers=[draft.number], now=now)[0]


@pytest.fixture
def client(cast, signed_in, units):
    return signed_in(cast("liaison", "U1", name="周敏"))


class TestDoors:
    def test_a_draft_is_not_there_yet(self, client, draft):
        assert client.get(f"/unit/cases/{draft.number}/").status_code == 404
        assert "没有整改单" in client.get("/unit/cases/").content.decode()

    def test_another_unit_sees_nothing(self, cast, signed_in, served):
        other = signed_in(cast("liaison", "U2"))
        assert served.number not in other.get("/unit/cases/").content.decode()
        assert other.get(f"/unit/cases/{served.number}/").status_code == 404
        for verb in ("answer", "sign", "explain", "ask", "retest"):
            assert other.post(f"/unit/cases/{served.number}/{verb}/").status_code == 404

    def test_others_are_sent_away(self, cast, signed_in, units):
        assert signed_in(cast("reviewer")).get("/unit/cases/").status_code == 403


class TestCase:
    def test_list_and_page(self, client, served):
        page = client.get("/unit/cases/").content.decode()
        assert "1 张整改单" in page and "剩 15 个工作日" in page
        assert served.number in client.get("/unit/cases/?format=csv").content.decode("utf-8-sig")
        page = client.get(f"/unit/cases/{served.number}/").content.decode()
        assert "请整改后回复" in page and "请按公文原件改正文号" in page
        assert "整改后请申请复测" in page and "安排复测" not in page  # the office's button is not the unit's
        assert 'href="#reply"' in page

    def test_after_the_reply_no_reminder_to_come_is_listed(self, client, served, cast, signed_in):
        pages = (
            (client, f"/unit/cases/{served.number}/"),
            (signed_in(cast("office_handler", name="经办乙")), f"/desk/cases/{served.number}/"),
        )
        for reader, address in pages:
            page = reader.get(address).content.decode()
            assert " 计划</span>" in page and "不再提醒" not in page
        given = {"text": "已按公文原件改正文号。", "url": "http://a.kaoping.test/1.html"}
        assert client.post(f"/unit/cases/{served.number}/answer/", given).status_code == 302
        for reader, address in pages:
            page = reader.get(address).content.decode()
            assert " 计划</span>" not in page and "已回复，待核实，不再提醒" in page

    def test_in_time_is_spoken_of_only_while_the_deadline_lies_ahead(self, client, served, monkeypatch):
        address = f"/unit/cases/{served.number}/answer/"
        given = {"text": "已按公文原件改正文号。", "url": "http://a.kaoping.test/1.html"}
        assert "是否按期整改到位以这次复测为准" in client.post(address, given, follow=True).content.decode()
        after = end_of_day(served.due_on) + timedelta(minutes=1)
        monkeypatch.setattr(clock, "now", lambda: after)
        again = client.post(address, given | {"text": "又改了附件里的文号。"}, follow=True).content.decode()
        assert "是否整改到位以这次复测为准" in again and "按期" not in again

    def test_an_answer_without_proof_keeps_the_words(self, client, served):
        answer = client.post(f"/unit/cases/{served.number}/answer/", {"text": "已经改好"})
        page = answer.content.decode()
        assert answer.status_code == 422 and "请附一份材料" in page and "已经改好" in page

    def test_the_address_of_an_answer_is_archived_only_with_its_digest(
        self, client, served, cast, signed_in, now, settings
    ):
        settings.KAOPING_CRAWL_ALLOW = ["127.0.0.0/8"]
        url = f"/unit/cases/{served.number}/"
        body = "<html><h1>改正后的文件</h1></html>"
        digest = hashlib.sha256(body.encode()).hexdigest()
        head = signed_in(cast("office_head"))
        with serve({"/ok": page_of(body)}) as site:
            answer = {"text": "已按公文原件改正文号。", "url": f"{site.root}gone"}
            assert client.post(f"{url}answer/", answer).status_code == 302
            entry = CaseEntry.objects.get(case=served, kind="answer")
            shown = client.get(url).content.decode()
            assert "抓取中" in shown and "已存档" not in shown
            assert "404" in capture_link(entry_id=entry.pk, now=now)
            again = f"{url}retry/{entry.pk}/"
            shown = client.get(url).content.decode()
            assert "未能抓取" in shown and "再抓一次" in shown and again in shown
            said = head.get(f"/desk/cases/{served.number}/").content.decode()
            assert "未能抓取" in said and "再抓一次" not in said
            assert signed_in(cast("liaison", "U2")).post(again).status_code == 404
            assert client.post(again).status_code == 302
            assert "抓取中" in client.get(url).content.decode()
            site.table["/gone"] = page_of(body)
            assert capture_link(entry_id=entry.pk, now=now) == "已存档"
        for path, reader in ((url, client), (f"/desk/cases/{served.number}/", head)):
            shown = reader.get(path).content.decode()
            assert "已存档" in shown and short_hash(digest) in shown
            assert b"".join(reader.get(f"{path}file/{digest}/")).decode() == body
        assert client.post(again).status_code == 422

    def test_an_inside_address_is_no_answer(self, client, served):
        answer = {"text": "已按公文原件改正文号。", "url": "http://10.0.0.1/"}
        refused = client.post(f"/unit/cases/{served.number}/answer/", answer)
        assert refused.status_code == 422 and "存不了档" in refused.content.decode()

    def test_the_error_of_an_answer_stands_at_its_field(self, client, served):
        page = client.post(f"/unit/cases/{served.number}/answer/", {"text": ""}).content.decode()
        assert 'id="answer-text-error"' in page and 'aria-invalid="true"' in page

    def test_opening_and_signing_are_noted_once(self, client, served):
        url = f"/unit/cases/{served.number}"
        for _ in range(2):
            assert "已查看" in client.get(f"{url}/").content.decode()
        assert [one.kind for one in queries.entries(served)].count("seen") == 1
        assert client.post(f"{url}/sign/").status_code == 302
        page = client.get(f"{url}/").content.decode()
        assert "已送达" in page and ">签收</button>" not in page and "不发短信、邮件" in page

    def test_what_cannot_be_repaired_is_explained(self, client, served):
        url = f"/unit/cases/{served.number}"
        short = client.post(f"{url}/explain/", {"text": "不能"})
        assert short.status_code == 422 and 'id="explain-text-error"' in short.content.decode()
        assert client.post(f"{url}/explain/", {"text": "公开时已超过期限，不能补救。"}).status_code == 302
        page = client.get(f"{url}/").content.decode()
        assert "已说明不可补救，待确认" in page and 'id="reply"' not in page

    def test_answer_with_files(self, client, served, stored_files):
        files = [SimpleUploadedFile("说明.txt", "改好了".encode()), SimpleUploadedFile("二.txt", b"x")]
        done = client.post(
            f"/unit/cases/{served.number}/answer/", {"text": "已改", "file": files, "no_secret": "1"}
        )
        assert done.status_code == 302 and queries.case(served.number).state == "answered"
        page = client.get(f"/unit/cases/{served.number}/").content.decode()
        assert "说明.txt" in page and "二.txt" in page
        sha = next(one.sha256 for one in queries.entries(served) if one.text == "说明.txt")
        assert client.get(f"/unit/cases/{served.number}/file/{sha}/").content.decode() == "改好了"

    def test_a_marked_file_is_refused_in_words(self, client, served, stored_files):
        secret = SimpleUploadedFile("a.txt", "秘密★3年".encode())
        answer = client.post(
            f"/unit/cases/{served.number}/answer/", {"text": "已改", "file": secret, "no_secret": "1"}
        )
        assert answer.status_code == 422 and "密级标志" in answer.content.decode()

    def test_it_says_what_closes_it_and_offers_no_button_that_cannot_do_it(self, client, served):
        page = client.get(f"/unit/cases/{served.number}/").content.decode()
        assert "还不能结案" in page and "申请结案" not in page
        assert client.post(f"/unit/cases/{served.number}/close/").status_code == 404

    def test_questions(self, client, served):
        assert client.post(f"/unit/cases/{served.number}/ask/", {"text": "哪一篇？"}).status_code == 302
        assert "哪一篇？" in client.get(f"/unit/cases/{served.number}/").content.decode()
