"""Two people or two tabs on one stored text: a stale save is refused with both texts, and a choice follows. Without script."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pytest
from django.test import Client

from kaoping.accounts.actor import Actor
from kaoping.accounts.models import AuditEntry, ReplacedText
from kaoping.campaigns.models import Campaign
from kaoping.campaigns.queries import plan as plan_reads
from kaoping.campaigns.queries import review as reviews
from kaoping.campaigns.queries import self_review as self_reviews
from kaoping.evaluation.models import Opinion, Poll
from kaoping.rectification import queries as cases
from kaoping.registry import queries as registry
from tests.campaigns.examples import Year
from tests.rectification.making import drafted

pytestmark = pytest.mark.django_db


@dataclass
class Text:
    """One editable stored text: where, by whom, what the two send, and what is stored (one string that both show)."""

    stage: str
    page: str
    by: str
    base: dict[str, Any]
    mine: tuple[str, str]
    theirs: tuple[str, str]
    stored: Callable[[Year], str]
    post: str = ""
    made: Callable[[Year], dict[str, Any]] = field(default=lambda _year: {})


def _answer(year: Year) -> str:
    found = self_reviews.answers(year.form("U1")).get("K1.1")
    return found.text if found else ""


def _score(year: Year) -> str:
    row = year.assignment(year.reviewers[0], "U1")
    line = next(one for one in reviews.items_to_score(row) if one.item.code == "K1.1")
    return line.score.comment if line.score else ""


def _opinion(year: Year) -> dict[str, Any]:
    poll = Poll.objects.create(
        year=2025,
        uid="poll-2025",
        title="评议",
        state="open",
        opens_at=year.at,
        closes_at=year.at,
        questionnaire={},
        units=[{"code": "U1", "name": "样例市教育局"}],
        public_key="0" * 64,
    )
    one = Opinion.objects.create(
        uid="o1", poll=poll, unit="U1", text="公众的话", arrived_on=year.at.date(), collected_at=year.at
    )
    return {"opinion": one.pk}


COLUMNS = {
    "form-TOTAL_FORMS": "1",
    "form-INITIAL_FORMS": "0",
    "form-MIN_NUM_FORMS": "0",
    "form-MAX_NUM_FORMS": "300",
    "form-0-url": "http://u1.kaoping.test/",
    "form-0-kind": "news",
    "form-0-period_days": "14",
}
UNIT = {"name": "样例市教育局", "short_name": "市教育局", "kind": "department", "participates": "on"}

TEXTS = {
    "自查": Text(
        "self_review",
        "/unit/self-review/2025/U1/item/K1.1/",
        "liaison",
        {"level": "good"},
        ("text", "甲写的"),
        ("text", "乙写的"),
        _answer,
    ),
    "评语": Text(
        "review",
        "/review/{assignment}/item/K1.1/",
        "reviewer",
        {"level": "good"},
        ("comment", "这边写的"),
        ("comment", "那边写的"),
        _score,
        made=lambda year: {"assignment": year.assignment(year.reviewers[0], "U1").pk},
    ),
    "要点": Text(
        "plan",
        "/desk/plan/2025/priorities/",
        "handler",
        {},
        ("lines", "甲的要点"),
        ("lines", "乙的要点"),
        lambda year: plan_reads.priorities(Campaign.objects.get(pk=year.campaign.pk))["lines"],
    ),
    "一家单位的分组": Text(
        "plan",
        "/desk/plan/2025/units/U1/",
        "handler",
        {"participates": "no", "group": "市级部门"},
        ("reason", "甲的理由"),
        ("reason", "乙的理由"),
        lambda year: registry.organisation("U1").participation_set.get().reason,
    ),
    "整改内容": Text(
        "plan",
        "/desk/cases/{case}/",
        "handler",
        {},
        ("text", "甲改的整改内容"),
        ("text", "乙改的整改内容"),
        lambda year: cases.cases().get().order_text,
        post="/desk/cases/{case}/revise/",
        made=lambda year: {"case": drafted(year.at).number},
    ),
    "意见的答复": Text(
        "plan",
        "/desk/evaluation/2025/opinions/{opinion}/",
        "handler",
        {"reasonable": "no"},
        ("answer", "甲的答复"),
        ("answer", "乙的答复"),
        lambda year: Opinion.objects.get().answer,
        made=_opinion,
    ),
    "单位登记": Text(
        "plan",
        "/desk/register/unit/U1/edit/",
        "handler",
        UNIT,
        ("group", "甲组"),
        ("group", "乙组"),
        lambda year: registry.organisation("U1").group,
    ),
    "栏目计划": Text(
        "plan",
        "/desk/register/unit/U1/columns/",
        "handler",
        COLUMNS,
        ("form-0-name", "甲栏目"),
        ("form-0-name", "乙栏目"),
        lambda year: "".join(one.name for one in registry.columns_of("U1")),
    ),
    "承接单位": Text(
        "plan",
        "/desk/register/unit/U1/close/",
        "handler",
        {"successor": "U2"},
        ("valid_to", "2025-12-30"),
        ("valid_to", "2025-12-31"),
        lambda year: str(registry.organisation("U1").valid_to or ""),
    ),
}


@pytest.fixture(params=sorted(TEXTS))
def text(request: pytest.FixtureRequest) -> Text:
    return TEXTS[request.param]


@pytest.fixture
def place(text: Text, year: Year) -> dict[str, Any]:
    year.to(text.stage)
    return text.made(year)


@pytest.fixture
def client(text: Text, place: dict[str, Any], year: Year, signed_in: Callable[[Actor], Client]) -> Client:
    who = {"liaison": year.liaisons["U1"], "reviewer": year.reviewers[0], "handler": year.handler}
    return signed_in(who[text.by])


def edition(page: str) -> str:
    found = re.findall(r'name="opened" value="([^"]*)"', page)
    assert found, "这张表单没有写明它是按哪一版打开的"
    return unescape(found[0])


def test_a_stale_save_shows_both_texts_and_stores_nothing(
    text: Text, place: dict[str, Any], client: Client, year: Year
) -> None:
    page = text.page.format(**place)
    post = (text.post or text.page).format(**place)
    opened = edition(client.get(page).content.decode())
    send = {**text.base, text.theirs[0]: text.theirs[1], "opened": opened}
    assert client.post(post, send).status_code == 302
    assert text.stored(year) == text.theirs[1]

    refused = client.post(post, {**text.base, text.mine[0]: text.mine[1], "opened": opened})
    shown = refused.content.decode()
    assert refused.status_code in (409, 422), shown
    assert text.stored(year) == text.theirs[1]
    assert "又存过" in shown and "用我的" in shown and "用已存的" in shown
    assert text.mine[1] in shown and text.theirs[1] in shown

    clashing = re.findall(r'name="clashing" value="([^"]*)"', shown)[0]
    again = {
        **text.base,
        text.mine[0]: text.mine[1],
        "opened": edition(shown),
        "clashing": clashing,
    }
    # 用已存的: nothing changes, and nobody is told anything else.
    assert client.post(post, {**again, "take": "stored"}).status_code == 302
    assert text.stored(year) == text.theirs[1]
    # 用我的: the choice is stored, and what it replaced is kept.
    assert client.post(post, {**again, "take": "mine"}).status_code == 302
    assert text.stored(year) == text.mine[1]
    lines = [row.text for row in ReplacedText.objects.all()]
    said = [*lines, *(row.sentence for row in AuditEntry.objects.all())]
    said += [entry.text for one in cases.cases() for entry in cases.entries(one)]
    assert any(text.theirs[1] in one for one in said), lines


@pytest.mark.parametrize("text", [TEXTS[name] for name in ("自查", "评语", "要点", "意见的答复", "单位登记")])
def test_after_another_mistake_the_form_still_knows_when_it_was_opened(
    text: Text, place: dict[str, Any], client: Client, year: Year
) -> None:
    """Shown again for a refusal of another kind, a stale form is not taken for a fresh one."""
    page = text.page.format(**place)
    opened = edition(client.get(page).content.decode())
    broken = client.post(page, {"opened": "level=0;text=0", "level": "?", "reasonable": "?", "kind": "?"})
    assert broken.status_code in (200, 409)
    assert edition(broken.content.decode()) == "level=0;text=0" != opened


def test_the_autosave_is_told_the_same(year: Year, signed_in: Callable[[Actor], Client]) -> None:
    client = signed_in(year.to("self_review").liaisons["U1"])
    item = "/unit/self-review/2025/U1/item/K1.1/"
    opened = edition(client.get(item).content.decode())
    first = client.post(f"{item}save/", {"level": "good", "text": "甲写的第一段", "opened": opened})
    # The second tab only chose a level: the words of the first stay, and its page is told that they are newer.
    second = client.post(f"{item}save/", {"level": "fair", "text": "", "opened": opened})
    assert second.status_code == 409  # both chose a level
    level_only = client.post(f"{item}save/", {"level": "good", "text": "", "opened": opened}).json()
    assert "情况说明" in level_only["newer"]
    assert _answer(year) == "甲写的第一段"
    # … and the same page saves on without taking them away.
    third = client.post(f"{item}save/", {"level": "fair", "text": "", "opened": level_only["opened"]})
    assert third.status_code == 200
    assert _answer(year) == "甲写的第一段"
    # The first goes on writing; then somebody writes against the text.
    assert client.post(
        f"{item}save/", {"level": "good", "text": "甲改了", "opened": first.json()["opened"]}
    ).status_code in (200, 409)
    stale = client.post(f"{item}save/", {"level": "good", "text": "乙另写", "opened": opened})
    assert stale.status_code == 409
    assert "乙另写" in stale.json()["stale"] and "用已存的" in stale.json()["stale"]
