import pytest

from kaoping.evidence import logic
from kaoping.evidence.logic import MAX_BYTES, refusal_of_file


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


@pytest.mark.parametrize("suffix", ["ofd", "pptx", "doc", "xls", "ppt", "wps", "et", "dps"])
def test_formats_of_offices_are_taken_by_their_signature(suffix):
    right = b"PK\x03\x04" if suffix in ("ofd", "pptx") else b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    assert refusal_of_file(f"文件.{suffix}", right + b"x") is None
    assert "内容与扩展名" in str(refusal_of_file(f"文件.{suffix}", b"%PDF-1.7"))


@pytest.mark.parametrize(
    ("kind", "standing", "paper", "words"),
    [
        (logic.DESTROY, logic.KEPT, False, None),
        (logic.DESTROY, logic.SEALED, False, "书面意见"),
        (logic.DESTROY, logic.SEALED, True, None),
        (logic.DESTROY, logic.DESTROYED, True, "已经销毁"),
        (logic.DESTROY, logic.REFUSED, False, "没有这份材料"),
        (logic.UNSEAL, logic.SEALED, False, "书面意见"),
        (logic.UNSEAL, logic.SEALED, True, None),
        (logic.UNSEAL, logic.KEPT, True, "没有封存"),
        (logic.LIFT, logic.REFUSED, False, None),
        (logic.LIFT, logic.KEPT, False, "没有因密级标志拒收"),
        ("burn", logic.KEPT, False, "请选办理事项"),
    ],
)
def test_what_can_be_proposed_follows_from_where_the_bytes_stand(kind, standing, paper, words):
    said = logic.refusal_to_propose(kind, standing, reason="误传", paper=paper, pending=False)
    assert said is None if words is None else words in str(said)
    assert (
        "理由" in str(logic.refusal_to_propose(kind, standing, reason=" ", paper=paper, pending=False))
        or kind == "burn"
    )
