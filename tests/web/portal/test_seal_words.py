"""What citizens read of the seal is what holds of the storage today, and promises no more."""

from __future__ import annotations

import re
from pathlib import Path

import kaoping
from kaoping.evaluation.ballotbox import store
from kaoping.web.portal.evaluate import RECEIPT_NOTE, SEAL_LIMITS

ROOT = Path(kaoping.__file__).parent
DOCS = Path(__file__).parents[3] / "docs"
# Each says that something cannot be done which the storage of today does not prevent.
UNTRUE = re.compile(
    r"没有任何(关联|联系|记号)|(互相|相互|之间)?(不能|无法)(对上|对应)|谁也看不到(份数|结果)|本平台自己也打不开|任何人都看不到|Before it, the seal holds"
)


def test_no_word_promises_more_than_the_storage_holds() -> None:
    files = [
        path
        for place in (ROOT / "web", ROOT / "evaluation", DOCS)
        for path in place.rglob("*")
        if path.suffix in (".py", ".html", ".md")
    ]
    found = [
        f"{path.name}: {hit.group()}" for path in files for hit in UNTRUE.finditer(path.read_text("utf-8"))
    ]
    assert files and found == []


def test_the_limits_are_named_where_people_decide() -> None:
    for words in ("明文经过服务器内存", "两名开箱人口令", "截止前也能打开", "凭回执码可以找到", "写入的先后"):
        assert words in SEAL_LIMITS
    assert "请不要交给别人" in RECEIPT_NOTE
    page = (ROOT / "web/portal/templates/portal/evaluate.html").read_text("utf-8")
    assert "{{ limits }}" in page


def test_the_words_follow_the_storage() -> None:
    """The day receipt and payload no longer lie in one row, these words are to be changed."""
    source = Path(store.__file__).with_name("sqlite.py").read_text("utf-8")
    assert re.search(r"receipt\w*[^;]{0,200}payload|payload[^;]{0,200}receipt", source, re.S)
