"""What checks named before rulebooks listed them, for the versions that were shipped then."""

from __future__ import annotations

import pytest

from kaoping.checks import all_checks
from kaoping.scoring.observations import FEEDS
from kaoping.standards import earlier, unfed
from kaoping.standards.earlier import Named, item_for, named
from kaoping.standards.loading import Rulebook, load_rulebook, rulebook_from_files
from kaoping.standards.unfed import OVERDUE
from tests.campaigns.rulebook import FILES
from tests.upgrade.loading import rulebook_texts

TEXTS = rulebook_texts("first_release")
BOOK = rulebook_from_files(TEXTS)


def derived(rubric: str) -> Rulebook:
    about = "id: mine\nversion: '1'\ntitle: 本区规则集\nissuer: 样例区\nextends: changzhou-2020\n"
    above = {f"extends/{name}": text for name, text in TEXTS.items()}
    return rulebook_from_files({"about.yaml": about, "rubric.yaml": rubric, **above})


def test_every_name_is_an_item_that_takes_what_is_recorded() -> None:
    known = {check.id for check in all_checks()} | set(FEEDS)
    names = earlier._names()[BOOK.id, BOOK.version]
    assert set(names) <= known
    for check, said in names.items():
        item = BOOK.rubric.find(said.item)
        assert item is not None and not item.children
        for source in (said.source,) if said.source else ("monitor", "retest"):
            assert "verdict" in item.sources[source], check


def test_every_check_counts_in_a_signed_year_on_the_version_shipped_first() -> None:
    assert unfed.unfed(BOOK, signed=True) == ()
    assert (named(BOOK, "P-05"), named(BOOK, OVERDUE)) == (Named("K3.4.p"), Named("G1", "register"))
    assert named(BOOK, "R-01") is None, "listed there already"
    assert item_for(BOOK, "R-01") == "G2"


def test_before_the_plan_is_signed_nothing_is_named() -> None:
    assert set(unfed.unfed(BOOK, signed=False)) == set(earlier._names()[BOOK.id, BOOK.version])


@pytest.mark.parametrize("check", [*(check.id for check in all_checks()), OVERDUE])
def test_a_rulebook_that_lists_the_check_names_nothing(check: str) -> None:
    book = load_rulebook("changzhou-2020")
    assert named(book, check) is None and item_for(book, check)


def test_another_rulebook_without_checks_counts_nothing_and_says_so() -> None:
    book = rulebook_from_files(FILES)
    assert named(book, "P-05") is None and item_for(book, "P-05") == ""
    found = unfed.unfed(book, signed=True)
    assert len(found) == len(all_checks()) + 1
    assert unfed.words(found).startswith("检查项 P-01、P-02、") and "逾期未结" in unfed.words(found)
    assert unfed.words([OVERDUE]) == "“有没有逾期未结的整改单”没有一项指标收，登记的不计分"
    assert unfed.words(()) == ""


def test_a_derived_rulebook_inherits_the_names_until_it_lists_the_check_itself() -> None:
    assert named(derived("{}\n"), "P-05") == Named("K3.4.p")
    own = derived("change: {K4.1.p: {checks: [P-05]}}\n")
    assert named(own, "P-05") is None and item_for(own, "P-05") == "K4.1.p"
    assert named(own, "P-01") == Named("K3.4.p")
