"""What bears a mark and what only speaks of secrets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.evidence.marks import WINDOW, mark_in_name, secrecy_mark, starred_mark

MARKED = [
    "秘密★5年", "机密★10年", "绝密★", "  机 密  ", "機密", "绝　密★长期", "工作秘密", "工作秘密★3年", "机密 10年", "密级：机密",
    "密级:秘密级", "密 级： 机 密", "文号：常政1号  密级：机密  保密期限：10年", "机\u200b密\u200b★1年", "机密☆1年", "机·密★", "机-密",
    "000001 机密★1年 特急", "（机密）", "【秘密】", "机\n密\n★\n一年", "正文第一段 秘密★1年 正文", "密级：绝密★", "祕密", "机密 十年",
    "机密*", "「机密★10年」", "机密级", "秘密级★5年", "机密 长期", "密级：机密（10年）", "机密⭐10年", "机密★５年", " " * 60 + "机密",
    "标题\n秘密★5年\n正文",
]  # fmt: skip
ORDINARY = [
    "关于保密审查的通知", "《中华人民共和国保守国家秘密法》", "不得涉及国家秘密、工作秘密。", "机密文件的管理办法由保密办制定", "密级：绝密、机密、秘密",
    "密级：□绝密 □机密 □秘密", "标志形式为“秘密★1年”，写在左上角", "国家秘密的密级分为绝密、机密、秘密三级", "1.属于国家秘密", "商业秘密", "保守机密",
    "机密性、完整性", "司机，密切配合", "密级", "保密审查意见：经审查，不涉及国家秘密", "司机\n密切", "国家秘密", "泄露秘密",
    "绝密级国家秘密是最重要的国家秘密", "秘密事项范围", "严禁上传国家秘密、工作秘密", "保守秘密是每个工作人员的义务", "机密文件管理办法（已公开）", "",
]  # fmt: skip


@pytest.mark.parametrize("text", MARKED)
def test_marks_are_seen(text):
    assert secrecy_mark(text)


@pytest.mark.parametrize("text", ORDINARY)
def test_prose_about_secrets_bears_no_mark(text):
    assert secrecy_mark(text) is None


@pytest.mark.parametrize("before", [WINDOW - 3, WINDOW - 1, WINDOW, WINDOW + 1, 2 * WINDOW - 1])
@pytest.mark.parametrize("filler", ["字", "\n", "字\n"])
def test_a_mark_is_seen_wherever_the_text_is_cut(before, filler):
    text = (filler * before)[:before] + "\n机密★10年\n" + filler * 50
    assert secrecy_mark(text)


@pytest.mark.parametrize(
    "name", ["秘密★5年.pdf", "机密-方案.docx", "（机密）关于x的通知.docx", "内/绝密.txt", "機密_a.doc"]
)
def test_names_bear_marks(name):
    assert mark_in_name(name)


@pytest.mark.parametrize(
    "name",
    ["保密审查表.docx", "商业秘密保护办法.pdf", "机密文件清单.xlsx", "国家秘密.pdf", "IMG_2025.jpg", ""],
)
def test_ordinary_names_bear_none(name):
    assert mark_in_name(name) is None


def test_in_bytes_only_the_star_counts():
    assert starred_mark("x机密★y") and not starred_mark("\n机密\n")


@given(st.text(alphabet=st.characters(blacklist_categories=())))
def test_any_text_can_be_looked_at(text):
    secrecy_mark(text)
    mark_in_name(text)
