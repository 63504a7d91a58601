import pytest

from kaoping.crawling.charset import decode

TEXT = "<html><head>{meta}</head>常州市政务公开工作考核办法</html>"


@pytest.mark.parametrize(
    ("declared", "actual", "header", "found"),
    [
        ('<meta charset="gb2312">', "gbk", None, "gb18030"),
        ('<meta charset="utf-8">', "utf-8", None, "utf-8"),
        ("", "gbk", None, "gb18030"),
        ("", "utf-8", None, "utf-8"),
        ("", "gbk", "text/html; charset=GBK", "gb18030"),
        ('<meta charset="utf-8">', "gbk", None, "gb18030"),  # wrong declaration
        ('<meta charset="gb2312">', "utf-8", "text/html; charset=utf-8", "utf-8"),  # header before meta
        ('<meta http-equiv="Content-Type" content="text/html; charset=gb2312">', "gb18030", None, "gb18030"),
        ('<meta charset="nonsense">', "utf-8", "text/html; charset=hex", "utf-8"),
        ("", "utf-8-sig", None, "utf-8"),
    ],
)
def test_right_text_whatever_is_declared(declared, actual, header, found):
    text, encoding = decode(TEXT.format(meta=declared).encode(actual), header)
    assert "政务公开工作考核办法" in text
    assert encoding == found


def test_damage_never_fails():
    text, _ = decode("政务公开".encode() * 50 + b"\xff\xfe\xff")
    assert text.startswith("政务公开")
    assert decode(b"")[0] == ""
