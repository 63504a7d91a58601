"""用已存的 stays chosen: a field that was given up is not stored by a later save of the form that is shown again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser, LexborNode

from kaoping.accounts.actor import Actor
from kaoping.campaigns.queries import plan as plan_reads
from kaoping.campaigns.queries import review as reviews
from kaoping.campaigns.queries import self_review as self_reviews
from kaoping.evaluation import queries as polls
from kaoping.evaluation.models import Opinion, Poll
from kaoping.registry import queries as registry
from tests.campaigns.examples import Year
from tests.web.test_stale_saves import TEXTS

pytestmark = pytest.mark.django_db


def _score(year: Year) -> dict[str, str]:
    row = year.assignment(year.reviewers[0], "U1")
    line = next(one for one in reviews.items_to_score(row) if one.item.code == "K1.1")
    return reviews.said(line.score)


def _answer(year: Year) -> dict[str, str]:
    found = self_reviews.answers(year.form("U1")).get("K1.1")
    return {"level": found.level, "text": found.text} if found else {}


# Form → (field that is given up: the other's, mine), (field that clashes later: the other's, mine), what is stored.
FORMS: dict[str, tuple[tuple[str, str, str], tuple[str, str, str], Callable[[Year], dict[str, Any]]]] = {
    "自查": (("level", "good", "fair"), ("text", "甲写的", "乙写的"), _answer),
    "评语": (("level", "good", "fair"), ("comment", "这边写的", "那边写的"), _score),
    "意见的答复": (
        ("reasonable", "yes", "no"),
        ("answer", "甲的答复", "乙的答复"),
        lambda _year: polls.answer_said(Opinion.objects.get()),
    ),
    "单位登记": (
        ("group", "甲组", "乙组"),
        ("short_name", "甲简称", "乙简称"),
        lambda _year: {name: getattr(registry.organisation("U1"), name) for name in ("group", "short_name")},
    ),
    "一家单位的分组": (
        ("group", "甲组", "乙组"),
        ("reason", "甲的理由", "乙的理由"),
        lambda year: plan_reads.participation_of(year.campaign, registry.organisation("U1")),
    ),
    "评议的标题和时间": (
        ("title", "甲的标题", "乙的标题"),
        ("closes_on", "2025-12-08", "2025-12-09"),
        lambda _year: polls.announced(Poll.objects.get()),
    ),
}


# What some forms do not go without.
NEEDED = {"意见的答复": {"answer": "先答的"}, "一家单位的分组": {"reason": "先写的理由"}}


def written(page: str) -> dict[str, Any]:
    """What the form with an edition would send as it stands, without a button."""
    tree = LexborHTMLParser(page)
    form = next(one for one in tree.css("form") if one.css_first('[name="opened"]'))
    found: dict[str, Any] = {}
    for node in form.css("[name]"):
        value = _value(node)
        if value is not None:
            found[node.attributes["name"] or ""] = value
    return found


def _value(node: LexborNode) -> str | None:
    given = node.attributes
    if node.tag == "button" or given.get("type") in ("file", "submit"):
        return None
    if given.get("type") in ("radio", "checkbox"):
        return (given.get("value") or "on") if "checked" in given else None
    if node.tag == "textarea":
        return node.text().strip()
    if node.tag == "select":
        chosen = node.css_first("option[selected]") or node.css_first("option")
        return (chosen.attributes.get("value") or "") if chosen else ""
    return given.get("value") or ""


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_later_clash_of_another_field_does_not_bring_back_what_was_given_up(
    name: str, year: Year, box: Path, signed_in: Callable[[Actor], Client]
) -> None:
    (first, theirs, mine), (second, their_words, my_words), stored = FORMS[name]
    text = TEXTS[name]
    year.to(text.stage)
    place = text.made(year)
    who = {"liaison": year.liaisons["U1"], "reviewer": year.reviewers[0], "handler": year.handler}
    client = signed_in(who[text.by])
    page = text.page.format(**place)
    blank = written(client.get(page).content.decode())

    def refused(data: dict[str, Any]) -> dict[str, Any]:
        answer = client.post(page, data)
        shown = answer.content.decode()
        assert answer.status_code in (409, 422), (answer.status_code, shown[:500])
        assert "用已存的" in shown, shown
        return written(shown)

    base = text.base | NEEDED.get(name, {}) | {first: theirs}
    saved = client.post(page, blank | base)
    assert saved.status_code == 302, saved.content.decode()
    asked = refused(blank | base | {first: mine})
    # Meanwhile the other goes on writing, and so does the writer; the one field is given up, the other clashes.
    fresh = written(client.get(page).content.decode())
    assert client.post(page, fresh | text.base | {first: theirs, second: their_words}).status_code == 302
    again = refused(asked | {second: my_words, "take": "stored"})
    assert again[first] == theirs
    assert client.post(page, again | {"take": "mine"}).status_code == 302
    assert stored(year)[first] == theirs
    assert stored(year)[second] == my_words


def test_a_mistake_beside_the_choice_does_not_bring_it_back(
    year: Year, box: Path, signed_in: Callable[[Actor], Client]
) -> None:
    """The text is too long when 用已存的 is pressed: it is said, and the next save stores the other's level still."""
    client = signed_in(year.to("self_review").liaisons["U1"])
    page = "/unit/self-review/G1-2025/U1/item/K1.1/"
    blank = written(client.get(page).content.decode())
    assert client.post(page, blank | {"level": "good"}).status_code == 302
    asked = written(client.post(page, blank | {"level": "fair"}).content.decode())
    long = client.post(page, asked | {"text": "长" * 5001, "take": "stored"})
    again = written(long.content.decode())
    assert long.status_code == 409 and again["level"] == "good"
    assert client.post(page, again | {"text": "短"}).status_code == 302
    assert _answer(year) == {"level": "good", "text": "短"}


def test_a_whole_that_was_given_up_beside_a_mistake_is_asked_about_once_more(
    year: Year, box: Path, signed_in: Callable[[Actor], Client]
) -> None:
    """What is stored as one and typed in several fields cannot be shown as stored: the next save does not take it back."""
    client, text = signed_in(year.liaisons["U1"]), TEXTS["责任追究"]
    blank = written(client.get(text.page).content.decode())
    assert client.post(text.page, blank | text.base | {"ways": "甲写的方式"}).status_code == 302
    mine = text.base | {"ways": "乙写的方式"}
    asked = written(client.post(text.page, blank | mine).content.decode())
    broken = client.post(text.page, asked | mine | {"cases": "一", "take": "stored"})
    again = written(broken.content.decode())
    assert broken.status_code == 409
    later = client.post(text.page, again | mine)
    assert later.status_code == 409 and "用已存的" in later.content.decode()
    assert text.stored(year) == "甲写的方式"
