"""One order, two readers: the page of the desk and that of the unit are one template, filled from one typed part."""

from __future__ import annotations

import pytest

from kaoping.rectification.services import order
from kaoping.web.ui.parts.case_page import CaseShell
from tests.rectification.making import drafted

pytestmark = pytest.mark.django_db


@pytest.fixture
def served(cast, units, now):
    return order.serve(actor=cast("office_handler", name="陈静"), numbers=[drafted(now).number], now=now)[0]


@pytest.fixture
def readers(cast, units, signed_in):
    return {  # the unit first: its first look is an entry
        "unit": signed_in(cast("liaison", "U1", name="周敏")),
        "desk": signed_in(cast("office_handler", name="李明")),
    }


def shells(readers, served):
    return {name: one.get(f"/{name}/cases/{served.number}/") for name, one in readers.items()}


def test_both_are_one_template_and_one_part(readers, served):
    pages = shells(readers, served)
    for page in pages.values():
        assert "ui/case.html" in [one.name for one in page.templates]
        assert type(page.context["shell"]) is CaseShell
    desk, unit = (pages[name].context["shell"] for name in ("desk", "unit"))
    assert desk.strip == unit.strip and desk.reminders == unit.reminders
    assert [one.title for one in desk.entries] == [one.title for one in unit.entries]


def test_readers_differ_by_data(readers, served):
    pages = shells(readers, served)
    desk, unit = (pages[name].context["shell"] for name in ("desk", "unit"))
    assert [one.title for one in desk.under] == ["现在可以做的", "登记人工核查", "答复单位"]
    assert [one.title for one in unit.beside] == ["回复整改情况", "不可补救的", "整改以后", "有疑问"]
    assert desk.beside == () and unit.under == () and unit.sources is None and unit.seen == ()
    assert "签收" in [one.label for one in unit.arrival.actions] and desk.arrival.forms[0].button == "登记"


@pytest.mark.parametrize(
    ("who", "act", "field"),
    [("desk", "reply", "reply-text"), ("unit", "ask", "ask-text"), ("unit", "explain", "explain-text")],
)
def test_a_refusal_stands_at_its_field_and_the_summary_leads_there(readers, served, who, act, field):
    """What was typed stays; of several forms on the page only the one that was sent bears the mistake."""
    answer = readers[who].post(f"/{who}/cases/{served.number}/{act}/", {"text": " "})
    page = answer.content.decode()
    assert answer.status_code == 422 and f'href="#{field}"' in page
    assert f'id="{field}-error"' in page and page.count("kp-field--error") == 1


@pytest.mark.parametrize("who", ["desk", "unit"])
def test_a_field_s_ids_are_its_own(readers, served, who):
    page = readers[who].get(f"/{who}/cases/{served.number}/").content.decode()
    ids = [one.split('"')[0] for one in page.split(' id="')[1:]]
    assert len(ids) == len(set(ids))
