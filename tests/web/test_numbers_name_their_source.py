"""A number that no text gives carries 待核 wherever it is printed until the plan is approved, and nothing does afterwards.

Which pages, tables and papers there are is read from the product: its addresses and the links it shows.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from django.test import Client

from kaoping.accounts.actor import Actor
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.checks import all_checks
from kaoping.evaluation import logic as opinions
from kaoping.publication.bundle.levels import LEVELS
from kaoping.reporting import open_numbers
from kaoping.scoring.organised import OrganisedYear
from kaoping.standards import limits
from kaoping.standards.queries import rulebook_of
from kaoping.support import clock
from tests.campaigns.examples import make_year
from tests.campaigns.numbered_rulebook import FILES, NUMBERS
from tests.web import number_rooms, product_pages
from tests.web.form_places import Room
from tests.web.outside import Visitor
from tests.web.portal import publishing
from tests.web.printed import printed
from tests.web.product_pages import Given, Walk

pytestmark = pytest.mark.django_db
INSIDE, OUTSIDE = "kaoping.config.urls_inside", "kaoping.config.urls_outside"
ROLES: Final = (
    "handler",
    "U1",
    "reviewer",
    "decider",
    "inspector",
    "system_admin",
    "security_admin",
    "auditor",
)
# Addresses that this year does not give, each with its reason; one that is given after all turns the test red.
LEFT_OUT: Final[dict[str, str]] = {
    "desk-rulebook-choose": "只把选好的两版带到差别页，差别页另走",
    "review-capture": "给专家看的是单位网页的存档，不是规则",
    "desk-evaluation-open": "到期封存的问卷才有开箱页，页上只有两位开箱人",
    "desk-material-report": "封存的材料才有涉密情况报告，报告里没有规则的数字",
    "desk-monitoring-evidence": "给人看的是抓下的网页原文，不是规则",
    "desk-rulebook-parent": "与上级规则集的差别，派生的规则集才有；差别页另走",
    "desk-rulebook-withdraw": "撤回交存的草案，草案才有；页上没有规则的数字",
    "gate-city-back": "城市统一认证回来的一步，没有页面",
    "gate-link": "一次性口令链接，登录以前的页",
}
LEFT_OUT_OUTSIDE: Final[dict[str, str]] = {
    "portal-draw": "抽取的承诺和名单，没有规则的数字；没有抽取时没有这一份",
    "portal-log-heads": "日志链头，没有规则的数字；没有封过链时没有这一份",
}
# 待核实, 待核查, 待核对 are said of cases and materials.
OPEN = re.compile(r"待核(?![实查对])")
# What no plan decides keeps its mark: a check whose own rule, and a rule whose article, has still to be looked up.
NO_PLAN_DECIDES: Final = (
    *(f"{one.title}（待核）" for one in all_checks() if one.provisional),
    "改分不能使申请人的结果比原来更差（待核）",
    "（发现后 24 小时，待核）",
    "依据保密法实施条例，条款待核",
)
ELSEWHERE = re.compile("|".join(map(re.escape, NO_PLAN_DECIDES)))
# The program's own terms, by a number that nothing else has.
TERMS = {
    "17 个工作日": "意见建议整改期限",
    "19 个工作日": "整改期限",
    "53 小时": "监测发现的确认",
    "23 天": "监测间隔",
}
PROPOSED = {
    re.compile(rf"(?<![\d.])(?<!剩 ){re.escape(number)}(?!\d)"): what
    for number, what in (NUMBERS | TERMS).items()
}


@pytest.fixture
def room(
    cast: Callable[..., Actor],
    now: Any,
    units: Any,
    stored_files: Path,
    box: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Room:
    """The open plan of a rulebook whose every number is a proposal, and a clock that follows the year."""
    for place, name, value in (
        (opinions, "OPINION_WORKING_DAYS", 17), (open_numbers, "OPINION_WORKING_DAYS", 17),
        # Until the plan is approved the program works by its own numbers: here the same as the rulebook's.
        (limits, "STANDARD", limits.Limits(order_days=19, confirm_hours=53, look_days=23)),
    ):  # fmt: skip
        monkeypatch.setattr(place, name, value)
    year = make_year(cast, now, files=FILES)
    monkeypatch.setattr(clock, "now", lambda: year.at)
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)
    return Room(year, cast)


def unmarked(given: Given) -> Iterator[str]:
    """Proposed numbers that stand in a page, table or paper without their mark."""
    for one in printed(given.kind, given.body):
        if OPEN.search(one.sentence) or OPEN.search(one.record):
            continue
        for pattern, what in PROPOSED.items():
            if pattern.search(one.sentence):
                yield f"{given.address} {what}：{one.sentence.strip()[:80]}"


def said(given: Given, words: re.Pattern[str]) -> Iterator[str]:
    """Sentences with these words."""
    for one in printed(given.kind, given.body):
        if words.search(ELSEWHERE.sub("", one.sentence)):
            yield f"{given.address} {one.sentence.strip()[:80]}"


def all_of(found: Walk, ask: Callable[[Given], Iterator[str]]) -> list[str]:
    """What is found in all that was given, once each."""
    return sorted({words for given in found.given for words in ask(given)})


def walk(room: Room, signed_in: Callable[[Actor], Client], roles: Iterable[str]) -> Walk:
    """Everything that these roles are given now."""
    people = {role: signed_in(room.who(role)) for role in roles}
    return product_pages.walk(people, INSIDE, number_rooms.values())


@pytest.mark.slow
def test_before_the_approval_every_page_and_paper_marks_them(
    room: Room, signed_in: Callable[[Actor], Client]
) -> None:
    number_rooms.routine_work(room)
    found = walk(room, signed_in, ("handler", "U1"))
    assert all_of(found, unmarked) == []
    sheet = [one for one in found.given if one.name == "desk-approval-docx" and "/plan/" in one.address]
    listed = "\n".join(one.record for given in sheet for one in printed(given.kind, given.body))
    for one in open_numbers.open_numbers(rulebook_of(room.year.campaign.rulebook_id)):
        assert one.name in listed and one.value in listed, "who signs sees each number that is only proposed"


@pytest.mark.slow
def test_afterwards_nothing_does_at_any_stage_and_every_address_was_asked(
    room: Room, signed_in: Callable[[Actor], Client]
) -> None:
    """The second rulebook is carried by no plan: it alone stays open, on its own pages."""
    number_rooms.routine_work(room)
    other = max(number_rooms.values()["version_id"], key=int)
    open_book = re.compile(rf"/desk/rulebooks/({other}/|\d+/difference/)")
    before = walk(room, signed_in, ROLES)
    named = {one.name for one in before.given if any(said(one, re.compile("建议值，待核")))}
    asked, seen, adopted = set(before.answers), before.reached | before.shows_nothing, set[str]()
    for _stage, make in number_rooms.STORY.items():
        make(room)
        found = walk(room, signed_in, ROLES)
        rest = [one for one in found.given if not open_book.match(one.address)]
        assert sorted({words for one in rest for words in said(one, OPEN)}) == [], _stage
        adopted |= {one.name for one in rest if any(said(one, re.compile("本级审定")))}
        seen |= found.reached | found.shows_nothing
    assert named <= adopted, "what named a proposal names the paper afterwards"
    assert asked - seen == set(LEFT_OUT), (
        f"没有走到：{asked - seen - set(LEFT_OUT)}；已经走到：{set(LEFT_OUT) - (asked - seen)}"
    )


def test_a_plan_sent_back_decides_nothing(room: Room, signed_in: Callable[[Actor], Client]) -> None:
    room.year.sign("plan")
    assert campaigns.adoption_of(room.year.campaign) is not None
    signed_in(room.year.head).post("/desk/approval/G1-2025/plan/return/", {"reason": "分值要改"})
    assert campaigns.adoption_of(room.year.campaign) is None
    page = signed_in(room.year.handler).get("/desk/plan/G1-2025/").content.decode()
    assert OPEN.search(page)


@pytest.fixture
def shelved(tmp_path: Path, settings: Any, now: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Walk]:
    """``shelved(level, adopted)``: what the public is given of a year published at that level."""
    settings.KAOPING_PUBLISHED = tmp_path
    monkeypatch.setenv("KAOPING_PUBLISHED", str(tmp_path))
    values = {"key": [OrganisedYear("", 2025)], "number": [1], "code": ["U1", "U2"]}

    def look(level: str, adopted: Mapping[str, str] | None) -> Walk:
        number_rooms.shelve(tmp_path, level=level, adopted=adopted)
        publishing.announce(tmp_path, now)
        return product_pages.walk({"visitor": Visitor()}, OUTSIDE, values)

    return look


@pytest.mark.parametrize("level", LEVELS)
def test_a_published_year_without_an_approved_plan_marks_them_for_everybody(
    shelved: Callable[..., Walk], level: str
) -> None:
    found = shelved(level, None)
    assert all_of(found, unmarked) == []
    assert all_of(found, lambda one: said(one, re.compile("建议值，待核")))


def test_a_published_year_names_the_paper_that_approved_them(shelved: Callable[..., Walk]) -> None:
    found = shelved("full", number_rooms.ADOPTED)
    assert all_of(found, lambda one: said(one, OPEN)) == []
    named = {one.name for one in found.given if any(said(one, re.compile("本级审定（常政公开〔2025〕3号）")))}
    assert {"portal-data-year", "portal-csv", "portal-bundle"} <= named


def test_every_address_of_the_outside_face_was_asked(shelved: Callable[..., Walk]) -> None:
    found = shelved("full", None)
    left = set(found.answers) - found.reached - found.shows_nothing
    assert left == set(LEFT_OUT_OUTSIDE), (
        f"没有走到：{left - set(LEFT_OUT_OUTSIDE)}；已经走到：{set(LEFT_OUT_OUTSIDE) - left}"
    )


def test_an_unmarked_number_would_be_found() -> None:
    page = "<table><tr><th>K1.1</th><td>37.37 分</td></tr><tr><td>31.31 分</td><td>待核</td></tr></table><p>线 91.91（待核）。另 79.79</p>"
    given = Given("x", "/x/", "", "text/html", page.encode())
    assert list(unmarked(given)) == ["/x/ K1.1 的分值：37.37 分", "/x/ 良好线：另 79.79"]
