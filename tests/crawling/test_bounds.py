import re

from hypothesis import given
from hypothesis import strategies as st

from kaoping.crawling import bounds
from kaoping.crawling.bounds import bounded

TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,12})")
NAMES = ("div", "DIV", "p", "br", "IMG", "span", "table", "section", "custom-x", "textarea", "i", "abbr")
TAGS = st.builds(
    lambda end, name: f"<{end}{name} a='1'>x", st.sampled_from(("", "", "/")), st.sampled_from(NAMES)
)


def plainly(html):
    """Cut where the depth, counted tag by tag, becomes too great, or where the tags become too many."""
    depth = 0
    for number, match in enumerate(TAG.finditer(html)):
        if match[2].lower() not in bounds._FLAT:
            depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > bounds.MAX_DEPTH or number > bounds.MAX_TAGS:
            return html[: match.start()]
    return html


@given(st.lists(TAGS, max_size=60).map("".join))
def test_the_fast_pass_cuts_no_other_page_than_the_slow_one(html):
    before = bounds.MAX_DEPTH, bounds.MAX_TAGS
    bounds.MAX_DEPTH, bounds.MAX_TAGS = 6, 40
    try:
        assert bounded(html) == plainly(html)
    finally:
        bounds.MAX_DEPTH, bounds.MAX_TAGS = before


def test_too_deep_is_cut_and_wide_is_not():
    deep = "<div>" * 600
    assert bounded(deep) == "<div>" * 512
    wide = "<div>x</div>" * 3000 + "<p>" * 3000
    assert bounded(wide) == wide
