"""Autosave of a self-review item: the address it saves to, and the page in real Chromium with and without network."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from kaoping.accounts.actor import Actor
from kaoping.accounts.queries import audit_entries
from kaoping.campaigns.queries import self_review as reads
from tests.campaigns.examples import Year
from tests.web.chromium import IN_CHROMIUM, WITH_CHROMIUM, Window, browse

pytestmark = pytest.mark.django_db

ITEM = "/unit/self-review/G1-2025/U1/item/K1.1/"
SAVE = f"{ITEM}save/"
ASKED = {"accept": "application/json"}


@pytest.fixture
def filling(year: Year) -> Year:
    return year.to("self_review")


@pytest.fixture
def liaison(filling: Year, signed_in: Callable[[Actor], Client]) -> Client:
    return signed_in(filling.liaisons["U1"])


def _kept(filling: Year) -> tuple[str, bool, str]:
    answer = reads.answers(filling.form("U1"))["K1.1"]
    return answer.level, answer.not_applicable, answer.text


def test_level_and_words_are_kept_and_the_time_is_told(liaison: Client, filling: Year) -> None:
    answer = liaison.post(SAVE, {"level": "good", "text": "三月开会"})
    assert answer.status_code == 200
    assert len(answer.json()["saved"]) == len("14:06:22")
    assert _kept(filling) == ("good", False, "三月开会")


def test_the_same_again_changes_nothing_and_typing_leaves_one_line_in_the_log(
    liaison: Client, filling: Year
) -> None:
    for text in ("三", "三月", "三月", "三月开会"):
        assert liaison.post(SAVE, {"level": "good", "text": text}).status_code == 200
    assert _kept(filling) == ("good", False, "三月开会")
    assert audit_entries(verb="save_answer").count() == 1


def test_a_claim_is_kept_while_its_reason_is_still_being_typed(liaison: Client, filling: Year) -> None:
    assert liaison.post(SAVE, {"level": "not_applicable", "text": ""}).status_code == 200
    assert _kept(filling) == ("", True, "")


def test_what_cannot_be_kept_is_refused_in_words(liaison: Client, filling: Year) -> None:
    unknown = liaison.post(SAVE, {"level": "excellent", "text": ""})
    assert unknown.status_code == 409
    assert "没有“excellent”这一档" in unknown.json()["refused"]
    for length, told in ((5001, "5,001"), (12000, "12,000")):
        long = liaison.post(SAVE, {"level": "good", "text": "长" * length}, headers=ASKED)
        assert long.status_code == 413
        assert f"每栏最多 5,000 字，这一栏有 {told} 字" in long.json()["refused"]
    assert "K1.1" not in reads.answers(filling.form("U1"))


def test_nobody_else_saves_here(filling: Year, signed_in: Callable[[Actor], Client]) -> None:
    assert signed_in(filling.liaisons["U2"]).post(SAVE, {"level": "good"}).status_code == 403
    assert signed_in(filling.liaisons["U1"]).get(SAVE).status_code == 405


@IN_CHROMIUM
@WITH_CHROMIUM
def test_choosing_and_typing_are_saved_and_a_lost_network_says_so_and_recovers(
    liaison: Client, filling: Year
) -> None:
    def script(window: Window) -> None:
        page = window.page
        window.open(ITEM)
        line = page.locator("[data-autosave-line]")
        assert not line.is_visible()
        page.check("input[name=level][value=good]")
        page.wait_for_selector("[data-autosave-line][data-state=saved]")
        assert line.inner_text().startswith("已自动保存，")
        assert page.locator("[data-autosave-said]").text_content().startswith("已自动保存，")
        assert window.in_test(lambda: _kept(filling)) == ("good", False, "")

        window.online = False
        page.fill("textarea[name=text]", "三月开会部署")
        page.wait_for_selector("[data-autosave-line][data-state=failed]")
        said = page.locator("[data-autosave-said]")
        assert said.text_content() == line.inner_text(), "within the minute the change of state is spoken"
        assert "没有保存成功，内容还在本页，恢复后自动再存。" in line.inner_text()
        assert page.input_value("textarea[name=text]") == "三月开会部署"
        assert window.in_test(lambda: _kept(filling)) == ("good", False, "")

        window.online = True
        page.evaluate("window.dispatchEvent(new Event('online'))")
        page.wait_for_selector("[data-autosave-line][data-state=saved]")
        assert said.text_content() == line.inner_text()

    browse(liaison, script)
    assert _kept(filling) == ("good", False, "三月开会部署")


@IN_CHROMIUM
@WITH_CHROMIUM
def test_what_is_too_long_is_told_and_not_sent_again_until_it_changes(liaison: Client, filling: Year) -> None:
    def script(window: Window) -> None:
        page = window.page
        page.clock.install()
        window.open(ITEM)
        page.check("input[name=level][value=good]")
        page.clock.run_for(1000)
        page.wait_for_selector("[data-autosave-line][data-state=saved]")
        saves = lambda: sum(path == SAVE for path, _body in window.posts)  # noqa: E731
        before = saves()
        page.fill("textarea[name=text]", "长" * 12000)
        page.clock.run_for(1000)
        page.wait_for_selector("[data-autosave-line][data-state=failed]")
        line = page.locator("[data-autosave-line]")
        assert "每栏最多 5,000 字，这一栏有 12,000 字" in line.inner_text()
        assert len(page.input_value("textarea[name=text]")) == 12000
        page.clock.run_for(60000)
        assert saves() == before + 1, "the same is not sent for ever"
        page.fill("textarea[name=text]", "短" * 20)
        page.clock.run_for(1000)
        page.wait_for_selector("[data-autosave-line][data-state=saved]")
        page.fill("textarea[name=text]", "长" * 12000)
        page.clock.run_for(1000)
        page.wait_for_selector("[data-autosave-line][data-state=failed]")
        page.fill("textarea[name=text]", "短" * 20)
        page.clock.run_for(1000)
        page.wait_for_selector("[data-autosave-line][data-state=saved]")
        assert "与已保存的相同" in line.inner_text()

    browse(liaison, script)
    assert _kept(filling) == ("good", False, "短" * 20)


@IN_CHROMIUM
@WITH_CHROMIUM
def test_an_address_of_evidence_waits_for_the_button(liaison: Client, filling: Year) -> None:
    def script(window: Window) -> None:
        window.open(ITEM)
        window.page.fill("input[name=url]", "https://edu.kaoping.test/x")
        window.page.fill("textarea[name=text]", "一句话")
        window.page.wait_for_selector("[data-autosave-line][data-state=saved]")
        assert window.page.input_value("input[name=url]") == "https://edu.kaoping.test/x"

    browse(liaison, script)
    assert _kept(filling) == ("", False, "一句话")
    assert list(reads.answers(filling.form("U1"))["K1.1"].artefacts.all()) == []


@IN_CHROMIUM
@WITH_CHROMIUM
def test_the_button_waits_for_words_that_are_still_on_their_way(liaison: Client, filling: Year) -> None:
    def script(window: Window) -> None:
        page = window.page
        window.open(ITEM)
        window.hold("save")
        page.check("input[name=level][value=good]")
        page.wait_for_selector("[data-autosave-line][data-state=saving]")
        page.fill("textarea[name=text]", "最后写的")
        page.click("button[value=next]")
        assert page.locator("input[type=hidden][name=then]").count() == 1  # it has not gone yet
        window.release()
        page.wait_for_url("**/item/K1.2/")

    browse(liaison, script)
    assert _kept(filling) == ("good", False, "最后写的")
