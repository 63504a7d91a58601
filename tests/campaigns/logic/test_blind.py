"""What names a unit is masked, what does not is left as it was."""

from hypothesis import given
from hypothesis import strategies as st

from kaoping.campaigns.logic.blind import ADDRESS, UNIT, mask_of

MASK = mask_of(
    ("常州市教育局（示例数据）", "市教育局"),
    ("http://www.jyj.changzhou.gov.cn/", "https://edu.example.cn/lm/1.html", ""),
    ("3204000012", "CZD03", ""),
)


def test_names_hosts_codes_and_addresses_are_masked_and_counted():
    text = (
        "常州市教育局印发通知，市教育局网站（jyj.changzhou.gov.cn，标识码 3204000012）见 "
        "https://WWW.JYJ.changzhou.gov.cn/a?b=1。附件在 http://elsewhere.cn/x；代码 czd03，教育局各处照办。"
    )
    found = MASK.over(text)
    assert "教育局" not in found.text and "changzhou" not in found.text.lower()
    assert "3204000012" not in found.text and "czd03" not in found.text.lower()
    assert "elsewhere" not in found.text
    assert found.text.startswith(f"{UNIT}印发通知，{UNIT}网站（{ADDRESS}")
    assert found.hits == 8


def test_words_that_name_nobody_stay():
    text = "本单位主动公开 12 条，局长办公会研究 2 次，见附件。"
    assert MASK.over(text).text == text and MASK.over(text).hits == 0


@given(st.text(max_size=80), st.sampled_from([*MASK.words, *MASK.hosts]), st.text(max_size=80))
def test_whatever_stands_around_it_a_name_never_stays(before, name, after):
    found = MASK.over(f"{before}{name.upper()}{after}")
    assert name.lower() not in found.text.lower()
    assert MASK.over(found.text).text == found.text
