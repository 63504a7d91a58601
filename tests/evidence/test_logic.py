import pytest

from kaoping.evidence.logic import MAX_BYTES, refusal_of_file, secrecy_mark


@pytest.mark.parametrize(
    "text",
    [
        "机密★10年",
        "绝密★长期",
        "秘密★",
        "秘 密",
        "　　机密\n某市文件",
        "标题\n秘密★5年\n正文",
        "工作秘密",
        "工作秘密★3年",
    ],
)
def test_marks_are_seen(text):
    assert secrecy_mark(text)


@pytest.mark.parametrize(
    "text",
    [
        "涉及国家秘密、商业秘密的信息不予公开。",
        "严禁上传国家秘密、工作秘密",
        "保守秘密是每个工作人员的义务",
        "《中华人民共和国保守国家秘密法》",
        "机密文件管理办法（已公开）",
        "",
    ],
)
def test_prose_about_secrets_bears_no_mark(text):
    assert secrecy_mark(text) is None


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("附件.exe", b"MZ", "类型不收"),
        ("附件", b"x", "类型不收"),
        ("附件.pdf", b"", "空文件"),
        ("附件.pdf", b"PK\x03\x04", "与扩展名 .pdf 不符"),
        ("照片.png", b"\xff\xd8\xff", "与扩展名 .png 不符"),
        ("附件.txt", b"x" * (MAX_BYTES + 1), "超过 50 MB"),
    ],
)
def test_files_are_refused_with_the_remedy(name, content, words):
    assert words in (refusal_of_file(name, content) or "")


def test_good_files_pass():
    assert refusal_of_file("佐证.PDF", b"%PDF-1.7 ...") is None
    assert refusal_of_file("名单.csv", "代码".encode()) is None
