"""The draft of the privacy impact assessment says what the program stores and how long, and names nobody's office."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.conf import settings

from kaoping.accounts import links, throttle
from kaoping.accounts.models import Person
from kaoping.support import ageing, logic, sealing
from tests.docs.documents import ROOT

PAGE = (ROOT / "docs/handbook/privacy-assessment.md").read_text(encoding="utf-8")
ABOUT_PEOPLE = {"address", "browser", "ip_address", "username", "actor_name", "by"}
# Which process holds a job: no person.
NO_PERSON = {"claimed_by"}


def row(what: str) -> list[str]:
    """The cells of the row that begins with ``what``."""
    [found] = re.findall(rf"^\| {re.escape(what)}(?:（[^|]*）)? \|(.+)\|$", PAGE, re.MULTILINE)
    return [cell.strip() for cell in found.split("|")]


@pytest.mark.parametrize("rule", ageing.RULES, ids=lambda one: one.setting)
def test_terms_and_floors_are_those_of_the_code(rule: ageing.Rule) -> None:
    assert row(rule.what) == [f"{rule.days} 天", f"{rule.floor} 天", f"`{rule.setting}`"]


def test_the_other_terms_too() -> None:
    session = row("会话")[0]
    assert f"{settings.SESSION_COOKIE_AGE // 60} 分钟" in session
    assert f"{settings.KAOPING_SESSION_HOURS} 小时" in session
    assert row("登录过的浏览器")[0] == f"{throttle.KNOWN_FOR.days} 天"
    assert f"{links.LIFE.total_seconds() / 3600:.0f} 小时" in row("口令链接")[0]
    assert row("没有提交的文字")[0] == f"{sealing.KEPT_FOR.days} 天"
    jobs = row("办完的后台任务")[0]
    assert f"{logic.KEEP_DONE.days} 天" in jobs and f"{logic.KEEP_TICKS.days} 天" in jobs


def test_the_admins_page_says_the_same() -> None:
    admin = (ROOT / "docs/handbook/admin.md").read_text(encoding="utf-8")
    for rule in ageing.RULES:
        assert f"| {rule.days} 天 | `{rule.setting}` | {rule.floor} 天 |" in admin
    assert f"最后一次登录后 {throttle.KNOWN_FOR.days} 天" in admin


def test_every_table_that_knows_a_person_is_named_and_no_other() -> None:
    found = set()
    for model in apps.get_models():
        for one in model._meta.get_fields():
            name = one.name
            person = getattr(one, "concrete", False) and one.related_model is Person
            if person or ((name in ABOUT_PEOPLE or name.endswith("_by")) and name not in NO_PERSON):
                found.add(model._meta.db_table)
    found.add(Person._meta.db_table)
    named = set(re.findall(r"`((?:[a-z]+)_[a-z]+)`", PAGE))
    assert found <= named, found - named
    known = {model._meta.db_table for model in apps.get_models()}
    assert named <= known, named - known


def test_no_table_keeps_what_the_page_says_is_not_kept() -> None:
    forbidden = (
        "phone",
        "mobile",
        "id_number",
        "id_card",
        "email",
        "birth",
        "home_address",
        "face",
        "fingerprint",
    )
    for model in apps.get_models():
        for one in model._meta.get_fields():
            assert not any(word in one.name for word in forbidden), (model._meta.db_table, one.name)


def test_what_only_the_office_knows_is_left_to_it() -> None:
    assert PAGE.count("由本单位填") > 20 and "待核" in PAGE
