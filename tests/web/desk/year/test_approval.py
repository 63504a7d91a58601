import io

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kaoping.campaigns.queries import campaign as campaigns

pytestmark = pytest.mark.django_db
URL = "/desk/approval/G1-2025/plan/"


def scan(name="呈批表.pdf", content=b"%PDF-1.4 signed"):
    return SimpleUploadedFile(name, content)


def test_three_persons_sign_in_order_and_the_scan_is_attached(year, signed_in):
    handler, head, leader = map(signed_in, (year.handler, year.head, year.leader))
    assert "等经办签批" in handler.get(URL).content.decode()
    early = head.post(URL + "sign/", {"opinion": "同意"}).content.decode()
    assert "现在等经办签批" in early
    refused = handler.get(URL + "scan/").content.decode()
    assert "呈批表还缺经办、办公室负责人、领导小组领导签批" in refused
    assert handler.post(URL + "sign/", {"opinion": "拟请批准"}).status_code == 302
    again = handler.get(URL).content.decode()
    assert "一人只签一处" in again
    assert head.post(URL + "sign/", {"opinion": "同意"}).status_code == 302
    assert leader.post(URL + "sign/", {"opinion": "同意"}).status_code == 302
    assert "待经办附签字扫描件" in leader.get(URL).content.decode()
    sent = handler.post(URL + "scan/", {"file": scan(), "no_secret": "1", "document_no": "样政〔2025〕1号"})
    assert sent.status_code == 302
    page = handler.get(URL).content.decode()
    assert "样政〔2025〕1号" in page and "拟请批准" in page
    state = campaigns.approval_state(year.campaign, "plan")
    assert state.complete
    assert handler.get(f"/desk/artefact/{state.scan.sha256}/").content == b"%PDF-1.4 signed"


def test_sending_back_clears_the_signatures(year, signed_in):
    year.sign("plan")
    head = signed_in(year.head)
    silent = head.post(URL + "return/", {"reason": " "})
    assert silent.status_code == 409 and "请写明理由" in silent.content.decode()
    assert head.post(URL + "return/", {"reason": "单位名单要改"}).status_code == 302
    page = head.get(URL).content.decode()
    assert "单位名单要改" in page and "等经办签批" in page


def test_a_marked_file_is_refused_and_the_number_stays(year, signed_in):
    year.sign("plan")
    client = signed_in(year.handler)
    marked = client.post(
        URL + "scan/", {"file": scan("机密★1年.txt", "机密★1年".encode()), "document_no": "样〔2025〕2号"}
    )
    assert marked.status_code == 409
    assert "样〔2025〕2号" in marked.content.decode()


def test_the_sheet_prints_and_downloads(year, signed_in):
    client = signed_in(year.handler)
    page = client.get(URL + "print/").content.decode()
    assert "呈批表" in page and "签名" in page
    response = client.get(URL + "docx/")
    assert "wordprocessingml" in response["Content-Type"]
    tables = docx.Document(io.BytesIO(response.content)).tables
    cells = [cell.text for table in tables for row in table.rows for cell in row.cells]
    assert "2025 年度考核" in cells and "领导小组领导" in cells


def test_the_result_has_its_own_sheet_later(year, signed_in):
    page = signed_in(year.handler).get("/desk/approval/G1-2025/result/").content.decode()
    assert "结果呈批在“签发冻结”阶段办理" in page
