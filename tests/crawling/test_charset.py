import encodings
import pkgutil
from encodings import aliases

import pytest

from kaoping.crawling.charset import _OF_THE_WEB, decode, decoded

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


def names():
    """Every name that Python knows an encoding by, and some that nobody does."""
    modules = {one.name for one in pkgutil.iter_modules(encodings.__path__)}
    return sorted(
        modules | set(aliases.aliases) | {"undefined", "nosuch", "中文", "x" * 300, "utf-8\0", "../x"}
    )


@pytest.mark.parametrize("where", ["meta", "header"])
def test_no_declared_name_raises_or_makes_the_page_unreadable(where):
    """A page in UTF-8 that calls itself by any name: read as what its bytes are, unless the name is of the web and fits them."""
    for name in names():
        meta = f'<meta charset="{name}">' if where == "meta" else ""
        data = TEXT.format(meta=meta).encode()
        found = decoded(data, f"text/html; charset={name}" if where == "header" else None)
        assert "<html>" in found.text, name
        assert found.encoding in _OF_THE_WEB, name
        assert found.text.encode(), name  # no half character that nothing could store


@pytest.mark.parametrize("name", ["undefined", "unicode_escape", "cp037", "utf-7", "rot13", "hex", "nosuch"])
def test_a_declaration_that_no_browser_knows_is_a_fact(name):
    found = decoded(TEXT.format(meta=f"<meta charset={name}>").encode())
    assert "政务公开工作考核办法" in found.text and found.encoding == "utf-8"
    assert name in found.fault and "不是网页所用的编码" in found.fault


def test_marks_and_names_of_two_bytes_that_the_content_contradicts():
    data = TEXT.format(meta='<meta charset="utf-16">').encode()
    for sent, header in ((data, None), (data, "text/html; charset=utf-16"), (b"\xff\xfe" + data, None)):
        assert "政务公开工作考核办法" in decode(sent, header)[0]
    assert "编码标记" in decoded(b"\xff\xfe" + data).fault
    real = TEXT.format(meta="").encode("utf-16")
    assert decoded(real) == (TEXT.format(meta=""), "utf-16-le", "")


def test_a_wrong_declaration_is_told_and_a_right_one_with_a_damaged_byte_is_not():
    assert "utf-8" in decoded(TEXT.format(meta='<meta charset="utf-8">').encode("gbk")).fault
    assert decoded(TEXT.format(meta='<meta charset="utf-8">').encode() + b"\xff").fault == ""
    assert decoded(TEXT.format(meta='<meta charset="gb2312">').encode("gbk")).fault == ""
