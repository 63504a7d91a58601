import io
import zipfile

import xlsxwriter
from docx import Document

from kaoping.evidence.logic import secrecy_mark
from kaoping.evidence.text import readable_text


def docx(body: str, header: str = "") -> bytes:
    document = Document()
    if header:
        document.sections[0].header.paragraphs[0].text = header
    document.add_paragraph(body)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, content)
    return out.getvalue()


def test_docx_body_and_header_are_read():
    assert secrecy_mark(readable_text("a.docx", docx("秘密★5年")))
    assert secrecy_mark(readable_text("a.docx", docx("关于政务公开的通知", "机密★10年")))
    assert not secrecy_mark(readable_text("a.docx", docx("不得涉及国家秘密的内容。")))


def test_mark_split_over_runs_is_one_mark():
    document = Document()
    paragraph = document.add_paragraph()
    for part in ("秘", "密", "★", "5年"):
        paragraph.add_run(part)
    out = io.BytesIO()
    document.save(out)
    assert secrecy_mark(readable_text("a.docx", out.getvalue()))


def test_xlsx_and_zip_are_read():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet().write(0, 0, "秘密★3年")
    book.close()
    assert secrecy_mark(readable_text("a.xlsx", out.getvalue()))
    assert secrecy_mark(readable_text("a.zip", zipped("内/文件.docx", docx("绝密★"))))
    assert not secrecy_mark(readable_text("a.zip", zipped("说明.txt", "普通说明".encode())))


def test_html_and_gbk_text_are_read():
    assert secrecy_mark(readable_text("a.html", "<p>秘密★1年</p><p>正文</p>".encode()))
    assert secrecy_mark(readable_text("a.txt", "机密★1年".encode("gb18030")))


def test_broken_files_give_no_text_and_no_error():
    assert readable_text("a.docx", b"PK\x03\x04broken") == ""
    assert readable_text("a.png", b"\x89PNG") == ""
