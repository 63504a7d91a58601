"""The lines of a page are those of a plain walk over its tree, whatever the markup; squeezing is one rule."""

import re

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from kaoping.crawling import text
from kaoping.crawling.text import elements, flatten, lines_of, squeeze

BLANKS = re.compile(r"[ \t\r\f\v\u00a0\u3000\u2000-\u200a]+")
INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")
TAGS = (
    "div",
    "p",
    "span",
    "b",
    "td",
    "tr",
    "table",
    "li",
    "br",
    "script",
    "select",
    "option",
    "svg",
    "h1",
    "xmp",
)
ATTRIBUTES = (
    "",
    ' hidden=""',
    ' style="display: none"',
    ' style="DISPLAY:NONE;x"',
    ' a"b="c>d"',
    ' title=">"',
)
PIECES = st.one_of(
    st.text("甲乙ab \n\t\r\v\u3000\u00a0\u200b\u2003&<>\"'/", max_size=8),
    st.builds(lambda tag, more: f"<{tag}{more}>", st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)),
    st.sampled_from([f"</{tag}>" for tag in TAGS]),
    st.sampled_from(
        ["<!-- > -->", "&nbsp;", "&lt;", "<x-y>", "</x-y>", "<template>", "</body>", "<?php ?>", "<"]
    ),
)


def plain_squeeze(piece):
    return BLANKS.sub(" ", INVISIBLE.sub("", piece).replace("\n", " ")).strip()


def plain_walk(node, out):
    """Depth first, one step after another, as the rule is told."""
    for child in node.iter(include_text=True):
        tag = child.tag or "-"
        if tag == "-text":
            out.append(child.text_content.replace("\n", " "))
        elif tag[0] not in "-_!#" and tag not in text._UNSEEN:
            edge = "\n" if tag in text._BLOCKS else ""
            out.append(edge)
            style = (child.attributes.get("style") or "").replace(" ", "").lower()
            if "hidden" not in child.attributes and "display:none" not in style:
                plain_walk(child, out)
            out.append(edge)
    return out


def read(html):
    tree = LexborHTMLParser(html)
    return flatten(tree, elements(tree))


@given(st.lists(PIECES, max_size=30).map("".join))
def test_lines_are_those_of_the_plain_walk(html):
    tree = LexborHTMLParser(html)
    expected = [plain_squeeze(line) for line in "".join(plain_walk(tree.body, [])).split("\n")]
    assert list(read(html).lines) == [line for line in expected if line]


@given(st.text("甲a \n\t\r\f\v\u00a0\u3000\u2000\u2005\u200a\u200b\u200f\u2060\ufeff\u00ad", max_size=40))
def test_squeezing_is_one_rule(piece):
    assert squeeze(piece) == plain_squeeze(piece)
    assert list(lines_of(piece)) == [line for line in map(plain_squeeze, piece.split("\n")) if line]


def test_hidden_and_unseen_things_are_not_text():
    html = (
        '<div>看得见</div><p hidden>甲</p><p style="color:red; Display : None">乙</p><script>丙</script>'
        "<noscript>丁</noscript><select><option>戊</select>后面<span>同行</span>"
    )
    assert read(html).lines == ("看得见", "后面同行")


def test_elements_are_sorted_by_kind_in_page_order():
    tree = LexborHTMLParser(
        "<title>t</title><base href=/x/><a>1</a><h1>一</h1><a href=b>2</a><a href=c>3</a><h1>二</h1>"
    )
    found = elements(tree)
    assert [node.text() for node in found["a"]] == ["2", "3"]
    assert [node.text() for node in found["h1"]] == ["一", "二"]
    assert len(found["base"]) == len(found["title"]) == 1
    assert found["tr"] == []


def test_a_hostile_page_costs_bounded_work(monkeypatch):
    monkeypatch.setattr(text, "MAX_NODES", 50)
    assert len("".join(read("<b>x</b>" * 1000).lines)) <= 50
    monkeypatch.setattr(text, "MAX_CHARS", 100)
    assert sum(map(len, read("<p>0123456789</p>" * 40).lines)) <= 100
