"""What every page promises: no inline style or script, no double id, words escaped, forms that post."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.template import Context, Template

import kaoping.web.ui
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.case import ApprovalStep
from kaoping.web.ui.parts.score import ChainStep, ScoreChain
from kaoping.web.ui.parts.table import Cell, table_of
from tests.web.ui.specimen import render

SHELLS = ("office", "public", "citizen", "inspector")
TEMPLATES = Path(kaoping.web.ui.__file__).parent / "templates"


def draw(source: str, **context: Any) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return {shell: render(shell) for shell in SHELLS}


def test_no_page_has_inline_style_or_script(pages: dict[str, str]) -> None:
    for page in pages.values():
        assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", page)


def test_ids_are_unique_and_described_things_exist(pages: dict[str, str]) -> None:
    for page in pages.values():
        ids = Counter(re.findall(r'\sid="([^"]+)"', page))
        assert [name for name, count in ids.items() if count > 1] == []
        for names in re.findall(r'aria-(?:describedby|labelledby)="([^"]+)"', page):
            assert set(names.split()) <= set(ids)


def test_every_shell_is_chinese_has_one_main_and_a_skip_link(pages: dict[str, str]) -> None:
    for page in pages.values():
        assert '<html lang="zh-CN"' in page and page.count("<main") == 1
        assert '<a class="kp-skip" href="#main">' in page
        assert "示例数据" in page and "模拟时间" in page
        assert "<title>进入“综合评定”：还有 3 项条件未完成 · 常州考评（示例数据）</title>" in page


def test_without_a_demonstration_nothing_is_called_an_example() -> None:
    page = render("public", demo=False, simulated_now=None, title="单位")
    assert "示例数据" not in page and "模拟时间" not in page


def test_the_look_stands_on_the_html_element() -> None:
    page = render("citizen", look={"theme": "dark", "mode": "elder", "density": "compact"})
    assert 'data-theme="dark" data-mode="elder" data-density="compact"' in page
    assert "data-theme" not in render("citizen").split(">")[1]


def test_public_pages_name_the_office_and_the_digest(pages: dict[str, str]) -> None:
    footer = pages["public"].split("<footer")[1]
    assert (
        "主办单位：常州市政务公开领导小组办公室" in footer and "无障碍声明" in footer and "校验值" in footer
    )


def test_users_words_are_escaped() -> None:
    evil = "<b>|</b>&"
    assert draw("{{ t|phrases }}", t=evil) == (
        '<span class="kp-phrase">&lt;b&gt;</span><span class="kp-phrase">&lt;/b&gt;&amp;</span>'
    )
    assert draw("{{ t|phrases }}", t="<i>") == "&lt;i&gt;"
    table = table_of(columns=["<x>"], rows=[["<y>"], [Cell("<z>", url='"><q>')]])
    assert not re.search(r"<[xyzq]>", draw("{% data_table t %}", t=table))
    assert '"><script>' not in draw("{% icon 'clock' label %}", label='"><script>')


def test_a_locked_action_gives_its_reason_and_a_posting_one_its_token() -> None:
    locked = draw("{% action a %}", a=Action(label="结案", disabled="须有一次通过的复测。"))
    assert "disabled" in locked and "须有一次通过的复测。" in locked
    post = draw(
        "{% action a %}",
        csrf_token="token123",
        a=Action(label="复测", url="/x", method="post", fields=(("case", 7),)),
    )
    assert 'value="token123"' in post and 'name="case" value="7"' in post and 'method="post"' in post


def test_a_field_ties_hint_and_error_to_its_input() -> None:
    class Form(forms.Form):
        """One number."""

        points = forms.DecimalField(label="自评得分", help_text="最高 6 分")

    drawn = draw("{% error_summary f %}{% field f.points %}", f=Form({"points": "x"}))
    assert "有 1 处要改" in drawn and 'href="#id_points"' in drawn
    assert 'aria-describedby="points-hint points-error"' in drawn and 'aria-invalid="true"' in drawn
    assert 'value="x"' in drawn
    assert "有" not in draw("{% error_summary f %}", f=Form())


def test_a_step_says_what_was_done_in_place_of_a_signature() -> None:
    steps = [
        ApprovalStep("经办", "done", "李娜", said="已计算"),
        ApprovalStep("第二签发人", "now", "还没有签"),
    ]
    drawn = draw("{% approval_strip s %}", s=steps)
    assert "已计算" in drawn and "待签" in drawn and "已签" not in drawn


def test_a_number_that_is_missing_in_a_chain_is_a_dash_and_a_step_without_one_is_empty() -> None:
    steps = (ChainStep("怎么算", "逐步相加"), ChainStep("得分", "满分 6", None))
    drawn = draw("{% score_chain c %}", c=ScoreChain("政策解读", "—", 6, steps))
    values = re.findall(r'kp-chain__value">(.*?)</span>', drawn)
    assert values == ["", "—"]


def test_an_unknown_icon_is_an_error_of_the_author() -> None:
    with pytest.raises(Exception, match="does not exist"):
        draw("{% icon 'no-such-glyph' %}")


def test_no_half_width_punctuation_between_han_characters() -> None:
    for path in TEMPLATES.rglob("*.html"):
        text = re.sub(r"\{[{%#].*?[%}#]\}", "", path.read_text(encoding="utf-8"))
        assert not re.search(r"[一-鿿][,;:?!()][一-鿿]", text), path.name


class Long(forms.Form):
    text = forms.CharField(max_length=30, help_text="写做了什么", widget=forms.Textarea)
    line = forms.CharField(max_length=12, help_text="一行")


def test_a_long_text_says_its_limit_and_the_browser_cuts_nothing() -> None:
    form = Long({"text": "字" * 31, "line": "字"})
    page = draw("{% field form.text %}{% field form.line %}", form=form)
    area, line = page.split("<input")
    assert "写做了什么。不超过 30 个字。" in area and "maxlength" not in area
    assert "字" * 31 in area and "30" in str(form.errors["text"])
    assert 'maxlength="12"' in line
