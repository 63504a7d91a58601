"""The navigation: a handful of screens in one row, more of them by trade, each of them open to whom it leads."""

import pytest

from kaoping.accounts.actor import Actor
from kaoping.registry.models import Organisation
from kaoping.support import clock
from kaoping.web.gate.navigation import ENTRIES, ONE_ROW, TRADES, entries_for, navigation_for
from tests.campaigns.conftest import year

__all__ = ["year"]

ROLES = sorted({role for entry in ENTRIES for role in entry.roles})


def holder(*roles):
    return Actor("1", "x", "某人", tuple((role, "") for role in roles))


def labels(links):
    return [one.label for one in links]


def test_the_office_is_led_by_six_trades_in_the_order_of_the_year():
    found = navigation_for(holder("office_handler"), "/desk/plan/G1-2025/units/")
    assert labels(found.main) == ["年度", "平时考核", "社会评议", "自查评审", "评分发布", "台账名录"]
    assert labels(one for one in found.main if one.current) == ["年度"]
    assert (found.of, labels(found.below)) == ("年度", ["年度看板", "年度方案", "工作日历"])
    assert labels(one for one in found.below if one.current) == ["年度方案"]


def test_a_trade_leads_to_its_first_screen_that_the_role_sees():
    found = navigation_for(holder("leading_group"), "/desk/board/")
    assert next(one.url for one in found.main if one.label == "复核") == "/desk/appeals/", (
        "自查 is not theirs"
    )


def test_a_trade_of_one_screen_has_no_second_row():
    found = navigation_for(holder("office_handler"), "/desk/evaluation/G1-2025/")
    assert labels(one for one in found.main if one.current) == ["社会评议"] and found.below == ()


@pytest.mark.parametrize(
    ("path", "trade", "screen"),
    [
        ("/desk/approval/G1-2025/plan/", "年度", "年度方案"),
        ("/desk/clock/", "年度", "年度看板"),
        ("/desk/severe/G1-2025/new/", "评分发布", "单项否决、重大减分"),
        ("/desk/artefact/ab/", "台账名录", "台账"),
    ],
)
def test_every_screen_stands_under_a_trade(path, trade, screen):
    found = navigation_for(holder("office_handler"), path)
    assert labels(one for one in found.main if one.current) == [trade]
    assert labels(one for one in found.below if one.current) == [screen]


@pytest.mark.parametrize(
    "role", ["liaison", "reviewer", "inspector", "auditor", "appeal_decider", "ballot_opener"]
)
def test_who_has_a_handful_of_screens_has_them_in_one_row(role):
    found = navigation_for(holder(role), "/")
    assert 0 < len(found.main) <= ONE_ROW and found.below == ()
    assert labels(found.main) == labels(entries_for(holder(role)))


def test_one_entry_is_current():
    found = navigation_for(holder("system_admin"), "/admin/health/")
    assert labels(one for one in found.main if one.current) == ["运行"]


def test_who_also_has_another_trade_s_role_keeps_it_in_the_first_row():
    found = navigation_for(holder("office_head", "auditor"), "/admin/audit/")
    assert labels(found.main)[-2:] == ["口令", "审计日志"]
    assert labels(one for one in found.main if one.current) == ["审计日志"] and found.below == ()


def test_an_entry_is_seen_only_by_its_roles():
    assert "审计日志" not in {one.label for one in entries_for(holder("system_admin"))}


def test_no_screen_is_named_twice():
    names = [entry.url_name for entry in ENTRIES]
    assert len(set(names)) == len(names)
    assert len({trade.label for trade in TRADES}) == len(TRADES)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_every_screen_opens_for_whom_it_is_named(year, cast, signed_in, monkeypatch, role):
    monkeypatch.setattr(clock, "now", lambda: year.at)
    of = {"liaison": "U1", "competent_department": "U1", "district_office": "D1"}
    Organisation.objects.create(
        code="D1", name="样例区人民政府", short_name="样例区", kind="district_government", order=9
    )
    client = signed_in(cast(role, of.get(role)))
    for one in navigation_for(holder(role), "/").main:
        found = navigation_for(holder(role), one.url)
        for link in found.below or (one,):
            page = client.get(link.url, follow=True)
            assert page.status_code == 200, link.label
            # Who walks with a phone has a bar of the own below the page.
            assert role == "inspector" or f'href="{link.url}" aria-current="page"' in page.content.decode()
