"""No acknowledged text disappears without a line of history: colleagues and tabs as a state machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaoping.accounts.actor import Actor, Stale, Who
from kaoping.accounts.logic import Opened, disappears, edition_of
from kaoping.accounts.models import ReplacedText
from kaoping.accounts.queries import last_act, replaced_texts
from kaoping.campaigns.logic.self_review import said
from kaoping.campaigns.queries import self_review as reads
from kaoping.campaigns.services import self_review as verbs
from tests.campaigns.examples import Year, make_year

pytestmark = pytest.mark.django_db

WORDS = st.text(alphabet="甲乙丙\n", max_size=5)
LEVELS = st.sampled_from(["", "good", "fair"])
TABS = st.integers(0, 2)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("open"), TABS, st.none(), st.none()),
        st.tuples(st.just("write"), TABS, LEVELS, WORDS),
        st.tuples(st.just("level"), TABS, LEVELS, st.none()),
        st.tuples(st.just("mine"), TABS, st.none(), st.none()),
        st.tuples(st.just("stored"), TABS, st.none(), st.none()),
    ),
    max_size=14,
)


class Tab:
    """A form as it stands in one tab."""

    def __init__(self) -> None:
        self.fields = {"level": "", "text": ""}
        self.opened = Opened()
        self.clash: Stale | None = None


@pytest.fixture
def filling(cast: Callable[..., Actor], now: datetime, units: object, stored_files: object) -> Year:
    return make_year(cast, now).to("self_review")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_no_acknowledged_text_disappears_without_a_line(filling: Year, steps: list[tuple]) -> None:
    with transaction.atomic():
        _walk(filling, steps)
        transaction.set_rollback(True)


def _walk(filling: Year, steps: list[tuple]) -> None:
    form, tabs = filling.form("U1"), [Tab() for _ in range(3)]
    acknowledged: list[tuple[str, str]] = []

    def stored() -> dict[str, str]:
        return said(reads.answers(form).get("K1.1"))

    def save(tab: Tab, opened: Opened) -> None:
        try:
            verbs.save_answer(
                actor=filling.liaisons["U1"],
                self_review=form,
                item="K1.1",
                opened=opened,
                now=filling.tick(),
                **tab.fields,
            )
        except Stale as stale:
            tab.clash, before = stale, stored()
            for name, (_mine, theirs) in stale.clashes.items():
                assert before[name] == theirs
            return
        tab.clash = None
        tab.opened = Opened(edition_of(tab.fields))
        acknowledged.extend((name, text) for name, text in stored().items() if text)

    for tab in tabs:
        tab.opened = Opened(edition_of(stored()))
    for act, number, level, text in steps:
        tab = tabs[number]
        if act == "open":
            tab.fields, tab.clash = stored(), None
            tab.opened = Opened(edition_of(tab.fields))
        elif act in ("write", "level"):
            tab.fields = {**tab.fields, "level": level, **({"text": text} if text is not None else {})}
            save(tab, tab.opened)
        elif tab.clash is not None and act == "mine":
            save(tab, Opened(tab.clash.edition))
        elif tab.clash is not None:
            save(tab, Opened(tab.clash.edition, frozenset(tab.clash.clashes)))
            tab.fields = stored()
            tab.opened = Opened(edition_of(tab.fields))

    answer = reads.answers(form).get("K1.1")
    lines = {(row.field, row.text) for row in replaced_texts("answer", answer.pk)} if answer else set()
    for name, words in acknowledged:
        kept = not disappears(words, stored()[name]) or any(
            field == name and not disappears(words, old) for field, old in lines
        )
        assert kept, (name, words, stored(), lines)


def test_the_line_says_who_when_and_what_it_was(filling: Year) -> None:
    filling.answer("U1", "K1.1", level="good", text="三月开会")
    filling.answer("U1", "K1.1", level="fair", text="没有开会")
    answer = reads.answers(filling.form("U1"))["K1.1"]
    rows = {row.field: row for row in replaced_texts("answer", answer.pk)}
    assert {name: row.text for name, row in rows.items()} == {"text": "三月开会", "level": "good"}
    assert rows["text"].actor_name == "联络员U1"
    assert rows["text"].at == filling.at
    assert answer.saved_by is not None and answer.saved_by.name == "联络员U1"


def test_typing_on_leaves_no_lines(filling: Year) -> None:
    for text in ("三", "三月", "三月开", "三月开会"):
        filling.answer("U1", "K1.1", level="good", text=text)
    answer = reads.answers(filling.form("U1"))["K1.1"]
    assert not replaced_texts("answer", answer.pk).exists()


def test_a_line_of_history_stays(filling: Year) -> None:
    filling.answer("U1", "K1.1", level="good", text="三月开会")
    filling.answer("U1", "K1.1", level="good", text="")
    row = ReplacedText.objects.get(field="text")
    for change in (row.delete, row.save):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_who_did_it_last_is_read_from_the_log(filling: Year) -> None:
    assert last_act("campaign", "G1-2025", "set_priorities")[0].name == "经办甲"
    assert last_act("campaign", "G1-2025", "nothing") == (Who(""), None)
