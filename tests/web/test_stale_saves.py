"""Two people or two tabs on one stored text: a stale save is refused with both texts, and a choice follows. Without script."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kaoping.accounts.actor import Actor
from kaoping.accounts.models import AuditEntry, ReplacedText
from kaoping.campaigns.models import Campaign
from kaoping.campaigns.queries import period
from kaoping.campaigns.queries import plan as plan_reads
from kaoping.campaigns.queries import review as reviews
from kaoping.campaigns.queries import self_review as self_reviews
from kaoping.campaigns.queries.accountability import statements
from kaoping.evaluation.models import Opinion, Poll
from kaoping.rectification import queries as cases
from kaoping.registry import queries as registry
from kaoping.standards import services as standards
from kaoping.standards.loading import rulebook_from_files
from tests.campaigns.examples import Year
from tests.campaigns.rulebook import FILES
from tests.evaluation.making import announced
from tests.rectification.making import drafted
from tests.web import product_forms

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
    # What a value is called in panels and in the history, where that is not the value itself.
    words: dict[str, str] = field(default_factory=dict)
    # What only moves one way refuses the way back in words of its own; or what stands already.
    one_way: bool = False

    def said(self, value: str) -> str:
        """A value as panels and the history show it."""
        return self.words.get(value, value)

    def sending(self, value: str, place: dict[str, Any]) -> dict[str, Any]:
        """The whole form with one value for its text."""
        return {**self.base, self.mine[0]: value.format(**place)}


def _answer(year: Year) -> str:
    found = self_reviews.answers(year.form("U1")).get("K1.1")
    return found.text if found else ""


def _score(year: Year) -> str:
    row = year.assignment(year.reviewers[0], "U1")
    line = next(one for one in reviews.items_to_score(row) if one.item.code == "K1.1")
    return line.score.comment if line.score else ""


def _scored_level(year: Year) -> str:
    line = reviews.items_to_score(year.assignment(year.reviewers[0], "U1"))[0]
    return line.score.level if line.score else ""


def _opinion(year: Year) -> dict[str, Any]:
    poll = Poll.objects.create(
        organiser="G1",
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


def _announced(year: Year) -> dict[str, Any]:
    first, second = year.reviewers
    announced(handler=year.handler, openers=(first, second), year=2025, now=year.tick())
    return {}


def _versions(year: Year) -> dict[str, Any]:
    """Two further versions to choose from."""
    made = {}
    for name, number in (("second", "2"), ("third", "3")):
        files = FILES | {"about.yaml": FILES["about.yaml"].replace("version: '1'", f"version: '{number}'")}
        made[name] = standards.adopt(
            actor=year.handler, rulebook=rulebook_from_files(files), now=year.tick()
        ).pk
    return made


def _version(year: Year) -> str:
    chosen = Campaign.objects.get(pk=year.campaign.pk).rulebook
    return {"2": "version:{second}", "3": "version:{third}"}.get(chosen.version, "")


def _stated(year: Year) -> str:
    newest = statements(year.campaign).get("U1")
    return newest.ways if newest else ""


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
        "/unit/self-review/G1-2025/U1/item/K1.1/",
        "liaison",
        {"level": "good"},
        ("text", "甲写的"),
        ("text", "乙写的"),
        _answer,
    ),
    "自查的档次": Text(
        "self_review",
        "/unit/self-review/G1-2025/U1/item/K1.1/",
        "liaison",
        {"text": "说明"},
        ("level", "fair"),
        ("level", "good"),
        lambda year: getattr(self_reviews.answers(year.form("U1")).get("K1.1"), "level", ""),
        words={"fair": "一般", "good": "好"},
    ),
    "评的档次": Text(
        "review",
        "/review/{assignment}/item/K1.1/",
        "reviewer",
        {"comment": "看过"},
        ("level", "fair"),
        ("level", "good"),
        _scored_level,
        made=lambda year: {"assignment": year.assignment(year.reviewers[0], "U1").pk},
        words={"fair": "一般", "good": "好"},
    ),
    "意见的判断": Text(
        "plan",
        "/desk/evaluation/G1-2025/opinions/{opinion}/",
        "handler",
        {"answer": "答复"},
        ("reasonable", "yes"),
        ("reasonable", "no"),
        lambda year: {True: "yes", False: "no", None: ""}[Opinion.objects.get().reasonable],
        made=_opinion,
        words={"yes": "合理，要整改", "no": "不采纳"},
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
        "/desk/plan/G1-2025/priorities/",
        "handler",
        {},
        ("lines", "甲的要点"),
        ("lines", "乙的要点"),
        lambda year: plan_reads.priorities(Campaign.objects.get(pk=year.campaign.pk))["lines"],
    ),
    "一家单位的分组": Text(
        "plan",
        "/desk/plan/G1-2025/units/U1/",
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
        "/desk/evaluation/G1-2025/opinions/{opinion}/",
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
    "责任追究": Text(
        "plan",
        "/unit/report/G1-2025/U1/accountability/",
        "liaison",
        {"choice": "some", "cases": "1", "authority": "样例机关〔2025〕1 号"},
        ("ways", "甲写的方式"),
        ("ways", "乙写的方式"),
        _stated,
    ),
    "阶段日期": Text(
        "plan",
        "/desk/plan/G1-2025/stage/self_review/",
        "handler",
        {"last": "2025-12-05", "reason": "原定首日有会"},
        ("first", "2025-11-19"),
        ("first", "2025-11-18"),
        lambda year: period.stage_dates(year.campaign)["self_review"][0].isoformat(),
        one_way=True,
    ),
    "规则集": Text(
        "plan",
        "/desk/plan/G1-2025/rulebook/",
        "handler",
        {},
        ("rulebook", "version:{second}"),
        ("rulebook", "version:{third}"),
        _version,
        made=_versions,
        words={"version:{second}": "（2）", "version:{third}": "（3）"},
    ),
    "参评单位": Text(
        "plan",
        "/desk/plan/G1-2025/units/",
        "handler",
        {"kinds": ["department"], "on": "2025-11-24"},
        ("excluded", "U1 甲的理由"),
        ("excluded", "U1 乙的理由"),
        lambda year: f"U1 {registry.organisation('U1').participation_set.get().reason}",
        words={"U1 甲的理由": "甲的理由", "U1 乙的理由": "乙的理由"},
    ),
    "时间安排": Text(
        "plan",
        "/desk/plan/G1-2025/timetable/",
        "handler",
        {"timetable": "A"},
        ("level", "grades"),
        ("level", "totals"),
        lambda year: Campaign.objects.get(pk=year.campaign.pk).publication_level,
        words={"grades": "等次", "totals": "等次、总分"},
    ),
    "评议的标题和时间": Text(
        "plan",
        "/desk/evaluation/G1-2025/change/",
        "handler",
        {"opens_on": "2025-12-01", "closes_on": "2025-12-07", "reason": "改标题"},
        ("title", "甲的标题"),
        ("title", "乙的标题"),
        lambda year: Poll.objects.get().title,
        made=_announced,
        one_way=True,
    ),
}
# Forms that show something at first and save over nothing.
NOTHING_STORED = {
    "admin-relieve": "末日是提议的今天，免职只办一次",
    "desk-calendar-enter": "工作日历只增不改，已录入的另行撤销",
    "desk-case-serve": "提议的天数，下发只办一次",
    "desk-cases-serve": "提议的天数，下发只办一次",
    "desk-evaluation-cancel": "藏着的是哪一次评议，防止取消后来布置的；取消只办一次",
    "desk-evaluation-prepare": "标题和起止日是提议，一年只布置一次",
    "desk-plan-new": "年份、标题是提议，新建不改已有的方案",
    "desk-plan-void": "藏着的是哪一个年度方案，防止作废后来新建的；作废只办一次",
    "desk-stage-back": "藏着的是所见的阶段，防止多退一步；退回只增一条",
    "unit-self-review-autosave": "自查的自动保存，另有一项测试",
}
HELD_BY_HAND = {
    ("desk/year/calendar_withdraw.html", "preview.reason"): "刚填的理由",
    ("desk/monitoring/cases.html", "today|date:'Y-m-d'"): "提议的今天",
    ("desk/records/material.html", "reason"): "刚填的理由",
    ("desk/records/observation.html", "typed.reason"): "刚填的理由",
    ("desk/monitoring/monitoring_site.html", "typed"): "刚填的",
    ("desk/people/places_unit.html", "typed.located"): "刚填的",
    ("desk/people/places_unit.html", "typed.name"): "刚填的",
    ("desk/people/places_unit.html", "typed.on"): "刚填的",
    ("field/visit.html", "typed.new_place"): "刚填的",
    ("field/visit.html", "typed.note"): "刚填的",
    ("field/visit.html", "typed.place"): "刚填的",
    ("field/visit.html", "typed.visited_at"): "刚填的",
    ("ui/words_back.html", "one.value"): "没送到的内容",
}


def test_every_form_that_saves_over_what_is_stored_knows_its_edition_and_is_tried_here() -> None:
    """Found from the product: a new editing form without an edition is named here."""
    editing = product_forms.editing_forms()
    forgetful = {name for name, knows in editing.items() if not knows} - set(NOTHING_STORED)
    assert not forgetful, f"改已存内容的表单没有写明按哪一版打开：{forgetful}"
    place = dict.fromkeys(("assignment", "opinion"), 1) | {"case": "X"}
    tried = {resolve((one.post or one.page).format(**place)).url_name for one in TEXTS.values()}
    missing = set(editing) - set(NOTHING_STORED) - tried
    assert not missing, f"这些改已存内容的表单没有试过两个标签页：{missing}"
    assert set(NOTHING_STORED) <= set(editing)


def test_forms_written_by_hand_show_what_is_stored_only_with_an_edition() -> None:
    found = set(product_forms.written_over())
    assert found == set(HELD_BY_HAND), found ^ set(HELD_BY_HAND)


@pytest.fixture(params=sorted(TEXTS))
def text(request: pytest.FixtureRequest) -> Text:
    return TEXTS[request.param]


@pytest.fixture
def place(text: Text, year: Year, box: Path) -> dict[str, Any]:
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
    send = text.sending(text.theirs[1], place) | {"opened": opened}
    assert client.post(post, send).status_code == 302
    assert text.stored(year) == text.theirs[1]

    refused = client.post(post, text.sending(text.mine[1], place) | {"opened": opened})
    shown = refused.content.decode()
    assert refused.status_code in (409, 422), shown
    assert text.stored(year) == text.theirs[1]
    assert "又存过" in shown and "用我的" in shown and "用已存的" in shown
    assert _panel_word(text, text.mine[1]) in shown and _panel_word(text, text.theirs[1]) in shown

    clashing = re.findall(r'name="clashing" value="([^"]*)"', shown)[0]
    again = text.sending(text.mine[1], place) | {"opened": edition(shown), "clashing": clashing}
    # 用已存的: nothing changes, and nobody is told anything else.
    assert client.post(post, {**again, "take": "stored"}).status_code == 302
    assert text.stored(year) == text.theirs[1]
    # 用我的: the choice is stored, and what it replaced is kept.
    assert client.post(post, {**again, "take": "mine"}).status_code == 302
    assert text.stored(year) == text.mine[1]
    said = history(client, page)
    assert any(text.said(text.theirs[1]) in one for one in said), said
    _history_is_in_words(text, said[-1])


def _history_is_in_words(text: Text, page: str) -> None:
    """以前的内容 names the field, and says the word for every code."""
    for label, kept in re.findall(r"改掉的([^<]*)</p>\s*<div>(.*?)</div>", page, re.DOTALL):
        assert label
        assert re.sub("<[^>]*>", "", kept).strip() not in {"yes", "no", "True", "False", *text.words}


def _panel_word(text: Text, value: str) -> str:
    return text.said(value).strip("（）")


def history(client: Client, page: str) -> list[str]:
    """Everything that tells what was stored earlier."""
    said = [row.text for row in ReplacedText.objects.all()]
    said += [row.sentence for row in AuditEntry.objects.all()]
    said += [entry.text for one in cases.cases() for entry in cases.entries(one)]
    return [*said, client.get(page).content.decode()]


@dataclass
class Tab:
    """A form as it stands in one tab: what it saw stored, what it would send to be let in."""

    opened: str
    saw: str
    clashing: str = ""
    mine: str = ""


STEPS = st.lists(
    st.tuples(st.sampled_from(["open", "first", "second", "mine", "stored"]), st.integers(0, 2)),
    min_size=4,
    max_size=10,
)


@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@example(steps=[("first", 0), ("second", 1), ("mine", 1), ("first", 2), ("stored", 2)])
def test_three_tabs_never_lose_an_acknowledged_text(
    text: Text, place: dict[str, Any], client: Client, year: Year, steps: list[tuple[str, int]]
) -> None:
    """Whatever three tabs do with any stored text: nothing unseen is replaced, and what was replaced stays readable."""
    with transaction.atomic():
        _walk(text, place, client, year, steps)
        transaction.set_rollback(True)


def _walk(
    text: Text, place: dict[str, Any], client: Client, year: Year, steps: list[tuple[str, int]]
) -> None:
    page, post = text.page.format(**place), (text.post or text.page).format(**place)
    values = {"first": text.mine[1], "second": text.theirs[1]}
    acknowledged = []

    def fresh() -> Tab:
        return Tab(edition(client.get(page).content.decode()), text.stored(year))

    tabs = [fresh() for _ in range(3)]
    for act, number in steps:
        tab, before = tabs[number], text.stored(year)
        if act == "open":
            tabs[number] = fresh()
            continue
        if act in ("mine", "stored") and not tab.clashing:
            continue
        tab.mine = values.get(act, tab.mine)
        send = text.sending(tab.mine, place) | {"opened": tab.opened}
        if act in ("mine", "stored"):
            send |= {"clashing": tab.clashing, "take": act}
        answer = client.post(post, send)
        shown, after = answer.content.decode(), text.stored(year)
        if answer.status_code != 302:
            assert after == before, "没有存，却改了"
            assert text.one_way or "data-stale" in shown, shown
            if "data-stale" in shown:
                assert before not in (tab.saw, tab.mine), "没有人另存过，却说别处又存过"
                tab.clashing = re.findall(r'name="clashing" value="([^"]*)"', shown)[0]
                tab.opened, tab.saw = edition(shown), before
            continue
        if act == "stored":
            assert after == before
        elif tab.mine != tab.saw:
            assert before in (tab.saw, tab.mine), "替掉了没有看过的内容"
            assert after == tab.mine
        acknowledged.append(after)
        tabs[number] = fresh()
    said = history(client, page)
    for value in acknowledged:
        assert value == text.stored(year) or any(text.said(value) in one for one in said), value


@pytest.mark.parametrize("text", [TEXTS[name] for name in ("自查", "评语", "要点", "意见的答复", "单位登记")])
def test_after_another_mistake_the_form_still_knows_when_it_was_opened(
    text: Text, place: dict[str, Any], client: Client, year: Year
) -> None:
    """Shown again for a refusal of another kind, a stale form is not taken for a fresh one."""
    page = text.page.format(**place)
    opened = edition(client.get(page).content.decode())
    broken = client.post(page, {"opened": "level=0;text=0", "level": "?", "reasonable": "?", "kind": "?"})
    assert broken.status_code in (200, 409, 422)
    assert edition(broken.content.decode()) == "level=0;text=0" != opened


def test_the_autosave_is_told_the_same(year: Year, signed_in: Callable[[Actor], Client]) -> None:
    client = signed_in(year.to("self_review").liaisons["U1"])
    item = "/unit/self-review/G1-2025/U1/item/K1.1/"
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
    ).status_code in (200, 409, 422)
    stale = client.post(f"{item}save/", {"level": "good", "text": "乙另写", "opened": opened})
    assert stale.status_code == 409
    assert "乙另写" in stale.json()["stale"] and "用已存的" in stale.json()["stale"]
