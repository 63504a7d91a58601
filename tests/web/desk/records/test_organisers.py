"""Who organises in this installation: the list, another organiser entered, and its first year begun by its own people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kaoping.accounts.actor import Actor
from kaoping.accounts.queries import audit_entries
from kaoping.registry.models import Organisation, Organiser
from tests.campaigns.examples import Year
from tests.cast import Cast

pytestmark = pytest.mark.django_db
URL = "/desk/register/organisers/"
Enter = Callable[[Actor], Client]


@pytest.fixture
def district(units: object) -> Organisation:
    return Organisation.objects.create(
        code="D1", name="某区人民政府", short_name="某区", kind="district_government", parent="G1", order=9
    )


def enter(client: Client, **given: str) -> Any:
    return client.post(URL + "new/", {"code": "D1", "office": "某区政务公开办"} | given)


def test_the_main_one_stands_there_before_it_organised_anything(
    cast: Cast, signed_in: Enter, units: object
) -> None:
    page = signed_in(cast("office_head")).get(URL).content.decode()
    assert "样例市人民政府" in page and "本平台的主办单位" in page and "第一次组织考核时登记" in page
    assert "登记组织单位" not in page


def test_another_is_entered_and_its_people_begin_its_year(
    year: Year, district: Organisation, cast: Cast, signed_in: Enter
) -> None:
    office = signed_in(year.handler)
    assert enter(office)["Location"] == URL
    page = office.get(URL).content.decode()
    assert "某区人民政府" in page and "某区政务公开办" in page and "还没有年度考核" in page
    assert audit_entries(verb="add_organiser")[0].sentence == "登记组织单位 某区，办公室为某区政务公开办。"
    theirs = signed_in(cast("office_handler", "D1"))
    made = theirs.post(
        "/desk/plan/new/",
        {
            "year": "2025",
            "title": "某区 2025 年度考核",
            "rulebook": f"version:{year.campaign.rulebook_id}",
            "timetable": "A",
            "level": "first_level",
        },
    )
    assert made["Location"] == "/desk/plan/D1-2025/"
    told = theirs.get("/desk/plan/D1-2025/").content.decode()
    assert "某区政务公开办" in told, "the head of the page names the office that works here"
    assert "2025 年：制定方案" in office.get(URL).content.decode()
    assert office.get("/desk/plan/D1-2025/").status_code == 403


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"code": "G1"}, "请从列表里选单位"),
        ({"code": "nobody"}, "请从列表里选单位"),
        ({"office": " "}, "请写办公室的名称"),
        ({"office": "办\u202e公室"}, "办公室的名称"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_entered(
    year: Year, district: Organisation, signed_in: Enter, given: dict[str, str], words: str
) -> None:
    page = enter(signed_in(year.handler), **given)
    assert page.status_code in (409, 422) and words in page.content.decode()
    assert not Organiser.objects.filter(main=False).exists()


def test_only_the_main_office_enters_one(district: Organisation, cast: Cast, signed_in: Enter) -> None:
    for role in ("office_head", "leading_group", "auditor"):
        assert enter(signed_in(cast(role))).status_code == 403
    Organiser.objects.create(code="U1", office="教育局办公室", since="2025-01-01T00:00:00Z")
    assert enter(signed_in(cast("office_handler", "U1"))).status_code == 403
    assert not Organiser.objects.filter(code="D1").exists()
