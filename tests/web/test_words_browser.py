"""Typed words in real Chromium: the session over, two tabs, a colleague, no network, seven days."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import axe_playwright_python
import pytest
from django.conf import settings as live
from django.test import Client

from kaoping.accounts.actor import Actor
from kaoping.accounts.models import Person
from kaoping.campaigns.queries import review as reviews
from kaoping.campaigns.queries import self_review as reads
from kaoping.support import clock
from kaoping.web.gate.words import keeper_of
from tests.campaigns.examples import Year
from tests.conftest import PASSWORD
from tests.web.chromium import IN_CHROMIUM, WITH_CHROMIUM, Window, browse, over

pytestmark = [pytest.mark.django_db, IN_CHROMIUM, WITH_CHROMIUM]

ITEM = "/unit/self-review/G1-2025/U1/item/K1.1/"
NEXT = "/unit/self-review/G1-2025/U1/item/K1.2/"
WORD = "三月开会部署"
KEPT = "Object.keys(localStorage).filter(k => k.startsWith('kp-words:'))"
LOOSE = "Object.keys(sessionStorage).filter(k => k.startsWith('kp-words:'))"


@pytest.fixture
def enter(monkeypatch: pytest.MonkeyPatch) -> Callable[[Actor], Client]:
    """A client of a person that is asked for its check marks, as browsers are."""

    def make(actor: Actor) -> Client:
        client = Client(enforce_csrf_checks=True)
        person = Person.objects.get(pk=actor.id)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


def end_session(client: Client) -> None:
    client.cookies.pop(live.SESSION_COOKIE_NAME, None)


def in_here(page: Any, actor: Actor) -> None:
    """Sign in in the panel, by keyboard."""
    page.wait_for_selector("[data-over] input[name=username]")
    page.fill("[data-over] input[name=username]", actor.username)
    page.fill("[data-over] input[name=password]", PASSWORD)
    page.keyboard.press("Enter")


def changes_password(page: Any) -> None:
    """The step of the panel for who has to change it, after which the words are saved."""
    page.fill("[data-over] input[name=current]", PASSWORD)
    for name in ("new", "again"):
        page.fill(f"[data-over] input[name={name}]", "xin-kouling-2025")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-over]", state="detached")
    page.wait_for_selector("[data-autosave-line][data-state=saved]")


def keep_and_leave(window: Window) -> None:
    """Write into an order, see that it is kept, and go to another page."""
    window.open(CASE)
    window.page.fill("textarea", WORD)
    window.page.wait_for_selector("[data-words-line][data-state=saved]")
    window.open("/desk/plan/G1-2025/")


@pytest.fixture
def filling(year: Year, monkeypatch: pytest.MonkeyPatch) -> Year:
    year.to("self_review")
    monkeypatch.setattr(clock, "now", lambda: year.tick())
    return year


def kept(year: Year) -> str:
    found = reads.answers(year.form("U1")).get("K1.1")
    return found.text if found else ""


def test_an_autosave_that_meets_a_closed_door_signs_in_in_place_and_goes_on(
    filling: Year, enter: Callable[[Actor], Client]
) -> None:
    me = filling.liaisons["U1"]
    client = enter(me)

    def script(window: Window) -> None:
        page = window.page
        window.open(ITEM)
        window.in_test(lambda: end_session(client))
        page.fill("textarea[name=text]", WORD)
        page.wait_for_selector("[data-over]")
        # A wrong password is said in the panel, the words stay where they are.
        page.wait_for_selector("[data-over] input[name=username]")
        page.fill("[data-over] input[name=username]", me.username)
        page.fill("[data-over] input[name=password]", "wrong")
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-over] .kp-errors")
        assert "登录名或口令不对" in page.inner_text("[data-over]")
        in_here(page, me)
        page.wait_for_selector("[data-autosave-line][data-state=saved]")
        window.until(f"!{KEPT}.length && !{LOOSE}.length")
        assert page.input_value("textarea[name=text]") == WORD

    browse(client, script)
    assert kept(filling) == WORD


def test_a_forced_change_of_password_is_a_step_of_the_panel(
    filling: Year, enter: Callable[[Actor], Client]
) -> None:
    me = filling.liaisons["U1"]
    client = enter(me)

    def script(window: Window) -> None:
        page = window.page
        window.open(ITEM)
        window.in_test(lambda: end_session(client))
        window.in_test(lambda: Person.objects.filter(pk=me.id).update(must_change_password=True))
        page.fill("textarea[name=text]", WORD)
        in_here(page, me)
        page.wait_for_selector("[data-over] input[name=again]")
        changes_password(page)

    browse(client, script)
    assert kept(filling) == WORD


def test_words_that_are_sealed_late_do_not_close_the_step_of_the_panel(
    filling: Year, enter: Callable[[Actor], Client]
) -> None:
    """Who has to change the password is not in yet, whatever is answered meanwhile."""
    me = filling.liaisons["U1"]
    client = enter(me)

    def script(window: Window) -> None:
        page = window.page
        window.open(ITEM)
        window.in_test(lambda: end_session(client))
        window.in_test(lambda: Person.objects.filter(pk=me.id).update(must_change_password=True))
        window.hold("/words/seal/")
        page.fill("textarea[name=text]", WORD)
        in_here(page, me)
        page.wait_for_selector("[data-over] input[name=again]")
        with page.expect_response("**/words/seal/"):
            window.release()
        window.until("document.querySelector('[data-over] input[name=again]') !== null")
        changes_password(page)

    browse(client, script)
    assert kept(filling) == WORD


def test_the_second_tab_signed_in_again_and_the_first_goes_on(
    filling: Year, enter: Callable[[Actor], Client]
) -> None:
    """The check mark of the first tab is dead; nobody has to know."""
    me = filling.liaisons["U1"]
    client = enter(me)

    def script(window: Window) -> None:
        page = window.page
        window.open(ITEM)
        window.in_test(lambda: client.force_login(_person(me), backend=live.AUTHENTICATION_BACKENDS[1]))
        page.fill("textarea[name=text]", WORD)
        with page.expect_navigation():
            page.click("button[value=next]")
        page.wait_for_url(f"**{NEXT}")

    browse(client, script)
    assert kept(filling) == WORD


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("address", [ITEM, "/desk/plan/G1-2025/units/"], ids=["autosave", "kept"])
def test_what_is_said_while_typing_moves_no_button(
    year: Year, enter: Callable[[Actor], Client], monkeypatch: pytest.MonkeyPatch, address: str, width: int
) -> None:
    """A press that is under way when the line appears, or says more, still meets its button."""
    monkeypatch.setattr(clock, "now", lambda: year.tick())
    if address == ITEM:
        year.to("self_review")
    client = enter(year.liaisons["U1"] if address == ITEM else year.handler)

    def script(window: Window) -> None:
        page = window.page
        page.set_viewport_size({"width": width, "height": 900})
        window.open(address)
        form = page.locator("main form:has(textarea)").first
        button = form.locator("button.kp-button").last

        def place() -> Any:
            return button.evaluate(
                "one => { const at = one.getBoundingClientRect(); return [at.x + scrollX, at.y + scrollY]; }"
            )

        stood = place()
        form.locator("textarea").first.fill(WORD)
        line = page.locator("[data-autosave-line], [data-words-line]").first
        page.wait_for_selector("[data-state=saved]")
        assert line.is_visible()
        assert place() == stood
        window.online = False
        form.locator("textarea").first.fill(WORD + "，又开会部署")
        page.wait_for_selector("[data-state=failed]")
        assert place() == stood

    browse(client, script)


def test_a_press_without_network_is_answered_where_everything_was_saved(
    filling: Year, enter: Callable[[Actor], Client]
) -> None:
    """The autosave has nothing to say any more; that the button did nothing is said all the same."""

    def script(window: Window) -> None:
        page = window.page
        window.open(ITEM)
        page.fill("textarea[name=text]", WORD)
        page.wait_for_selector("[data-autosave-line][data-state=saved]")
        window.online = False
        page.click("button[value=next]")
        page.wait_for_selector("[data-autosave-line][data-state=failed]")
        assert "没有提交" in page.inner_text("[data-autosave-line]")
        window.online = True
        page.click("button[value=next]")
        page.wait_for_url(f"**{NEXT}")

    browse(enter(filling.liaisons["U1"]), script)


def _person(actor: Actor) -> Person:
    return Person.objects.get(pk=actor.id)


def test_two_tabs_and_a_colleague(filling: Year, enter: Callable[[Actor], Client]) -> None:
    client = enter(filling.liaisons["U1"])

    def script(window: Window) -> None:
        first, second = window.page, window.tab()
        window.open(ITEM)
        window.open(ITEM, second)
        first.fill("textarea[name=text]", "甲写的第一段")
        first.wait_for_selector("[data-autosave-line][data-state=saved]")
        second.check("input[name=level][value=good]")
        second.wait_for_selector("[data-autosave-line][data-state=saved]")
        assert "情况说明别处存过新的" in second.inner_text("[data-autosave-line]")
        assert window.in_test(lambda: kept(filling)) == "甲写的第一段"
        second.fill("textarea[name=text]", "乙另写一段")
        second.wait_for_selector("[data-stale]")
        shown = second.inner_text("[data-stale]")
        assert "甲写的第一段" in shown and "乙另写一段" in shown
        assert window.in_test(lambda: kept(filling)) == "甲写的第一段"
        with second.expect_navigation():
            second.click("button[name=take][value=mine]")
        assert second.input_value("textarea[name=text]") == "乙另写一段"
        second.click("summary:has-text('以前的内容')")
        assert "甲写的第一段" in second.inner_text(".kp-replaced")

    browse(client, script)
    assert kept(filling) == "乙另写一段"


def test_without_network_the_words_wait_in_this_tab_and_go_when_it_is_back(
    year: Year, enter: Callable[[Actor], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    year.to("review")
    monkeypatch.setattr(clock, "now", lambda: year.tick())
    row = year.assignment(year.reviewers[0], "U1")
    item, later = f"/review/{row.pk}/item/K1.1/", f"/review/{row.pk}/item/K1.2/"

    def score() -> str:
        return next(one for one in reviews.items_to_score(row) if one.item.code == "K1.1").score

    def script(window: Window) -> None:
        page = window.page
        window.open(item)
        window.online = False
        page.fill("textarea[name=comment]", WORD)
        page.wait_for_selector("[data-words-line][data-state=failed]")
        assert "没有网络，未提交。内容只存在这个标签页" in page.inner_text("[data-words-line]")
        page.check("input[name=level][value=good]")
        page.click("form button.kp-button--primary")
        window.until("document.querySelector('[data-words-line]').textContent.includes('没有提交')")
        assert page.input_value("textarea[name=comment]") == WORD
        # 下一项 and back: nothing is thrown away, with or without network for the words.
        page.click("nav a:has-text('下一项')")
        page.wait_for_url(f"**{later}")
        window.online = True
        window.open(item)
        page.wait_for_selector("[data-words-note]")
        assert page.input_value("textarea[name=comment]") == WORD
        assert page.is_checked("input[name=level][value=good]")
        page.wait_for_selector("[data-words-line][data-state=saved]")
        assert "已存在本机，未提交" in page.inner_text("[data-words-line]")
        assert page.evaluate(f"!{LOOSE}.length")
        assert window.in_test(score) is None
        with page.expect_navigation():
            page.click("form button.kp-button--primary")
        page.wait_for_url(f"**{later}")
        window.until(f"!{KEPT}.length")

    browse(enter(year.reviewers[0]), script)
    assert score().comment == WORD


CASE = "/desk/plan/G1-2025/units/"


def test_another_person_on_the_same_machine_sees_nothing_and_the_first_gets_it_back(
    year: Year, enter: Callable[[Actor], Client], cast: Callable[..., Actor]
) -> None:
    me, colleague = year.handler, cast("office_handler", name="王蕾")
    client = enter(me)

    def script(window: Window) -> None:
        page = window.page
        window.open(CASE)
        window.in_test(lambda: end_session(client))
        page.fill("textarea", WORD)
        # The colleague signs in in the panel of the first: the page goes, the words stay hidden.
        in_here(page, colleague)
        page.wait_for_url(
            "**/desk/board/G1-2025/"
        )  # behind all turns: another way begun now would be interrupted
        window.settle()
        window.open(CASE)
        page.wait_for_load_state("networkidle")
        assert page.input_value("textarea") == "" and WORD not in page.content()
        assert page.locator("[data-words-note]").count() == 0
        everything = page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
        assert WORD not in everything
        assert page.evaluate(KEPT)
        # The first comes back.
        window.in_test(lambda: client.force_login(_person(me), backend=live.AUTHENTICATION_BACKENDS[1]))
        window.open(CASE)
        page.wait_for_selector("[data-words-note]")
        assert page.input_value("textarea") == WORD
        # … and does not want it any more.
        page.click("text=不要这些，恢复原样")
        assert page.input_value("textarea") == ""
        assert not page.evaluate(KEPT)

    browse(client, script)


def test_words_that_come_back_late_are_not_put_over_what_is_written_now(
    year: Year, enter: Callable[[Actor], Client]
) -> None:
    """On a slow network somebody has begun to write before the words of the last time are fetched."""

    def script(window: Window) -> None:
        page = window.page
        keep_and_leave(window)
        window.hold("/words/open/")
        window.open(CASE)
        page.fill("textarea", "现在写的")
        window.release()
        page.wait_for_selector("[data-words-note]")
        assert page.input_value("textarea") == "现在写的"
        assert "没有放回" in page.inner_text("[data-words-note]")
        # Both texts can be had.
        page.click("text=换成没有提交的内容")
        assert page.input_value("textarea") == WORD
        page.click("text=不要这些，恢复原样")
        assert page.input_value("textarea") == "现在写的"

    browse(enter(year.handler), script)


def test_after_seven_days_the_browser_forgets(year: Year, enter: Callable[[Actor], Client]) -> None:
    def script(window: Window) -> None:
        page = window.page
        window.open(CASE)
        page.fill("textarea", WORD)
        page.wait_for_selector("[data-words-line][data-state=saved]")
        for days, there in ((6.9, True), (7.1, False)):
            page.add_init_script(
                f"(() => {{ const real = Date.now; Date.now = () => real() + {days} * 24 * 3600 * 1000; }})()"
            )
            window.open("/desk/plan/G1-2025/")
            assert bool(page.evaluate(KEPT)) is there
            # Init scripts add up; the next one counts from the clock of the machine.
            page.evaluate("0")
            if there:
                days_so_far = days
                page.add_init_script(
                    f"(() => {{ const real = Date.now; Date.now = () => real() - {days_so_far} * 24 * 3600 * 1000; }})()"
                )

    browse(enter(year.handler), script)


def test_signing_out_asks_first(year: Year, enter: Callable[[Actor], Client]) -> None:
    client = enter(year.handler)

    def script(window: Window) -> None:
        page = window.page
        keep_and_leave(window)
        page.click(".kp-menu summary")
        page.click("form[data-sign-out] button")
        asks = page.locator("[data-sign-out-asks]")
        assert "本机还存着 1 处没有提交的内容" in asks.inner_text()
        assert asks.locator("a").get_attribute("href") == CASE
        page.click("text=先不退出")
        assert page.evaluate(KEPT)
        page.click("form[data-sign-out] button")
        with page.expect_navigation():
            page.click("text=删去并退出")
        page.wait_for_url("**/sign-in/")
        assert not page.evaluate(KEPT) and not page.evaluate(LOOSE)

    browse(client, script)


def test_passwords_and_files_are_never_kept(
    year: Year, enter: Callable[[Actor], Client], cast: Callable[..., Actor]
) -> None:
    def script(window: Window) -> None:
        page = window.page
        window.open("/admin/people/new/")
        page.evaluate(
            "document.querySelector('main form').insertAdjacentHTML('beforeend', '<input type=password name=word>')"
        )
        page.fill("input[name=word]", "绝不留下的口令")
        page.fill("input[name=name]", "新人")
        page.wait_for_selector("[data-words-line][data-state=saved]")
        bodies = [unquote_plus(body.decode()) for path, body in window.posts if path == "/words/seal/"]
        assert bodies and all("新人" in one and "绝不留下" not in one for one in bodies)

    browse(enter(cast("system_admin")), script)


def test_closing_the_tab_asks_while_words_stand_nowhere_else(
    year: Year, enter: Callable[[Actor], Client]
) -> None:
    def script(window: Window) -> None:
        page = window.page
        window.open(CASE)
        asked: list[str] = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        page.fill("textarea", WORD)
        page.wait_for_selector("[data-words-line][data-state=saved]")
        window.open("/desk/plan/G1-2025/")
        assert asked == []
        window.open(CASE)
        page.wait_for_selector("[data-words-note]")
        window.online = False
        page.click("textarea")
        page.keyboard.type("再写")
        page.wait_for_selector("[data-words-line][data-state=failed]")
        page.reload()
        assert asked == ["beforeunload"]
        assert page.input_value("textarea").endswith("再写") or "再写" in page.input_value("textarea")

    browse(enter(year.handler), script)


AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")


@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (360, "dark"), (1440, "light"), (1440, "dark")])
def test_the_panels_are_readable_and_nothing_runs_off_the_side(
    filling: Year, enter: Callable[[Actor], Client], width: int, theme: str
) -> None:
    me = filling.liaisons["U1"]
    client = enter(me)

    def look(window: Window, name: str) -> None:
        page = window.page
        assert over(page) <= 0, name
        page.evaluate("() => { " + AXE + " }")
        found = page.evaluate("axe.run()")["violations"]
        assert [(one["id"], [node["html"][:90] for node in one["nodes"]]) for one in found] == [], name

    def script(window: Window) -> None:
        page = window.page
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        window.open(ITEM)
        opened = page.input_value("input[name=opened]")
        window.in_test(lambda: filling.answer("U1", "K1.1", level="good", text="王蕾写的一段。" * 12))
        page.fill("textarea[name=text]", "我写的一段，写得不一样。" * 9)
        page.wait_for_selector("[data-stale]")
        look(window, "stale")
        window.open(ITEM)
        window.in_test(lambda: end_session(client))
        page.fill("textarea[name=text]", WORD)
        page.wait_for_selector("[data-over] input[name=username]")
        look(window, "over")
        in_here(page, me)
        page.wait_for_selector("[data-over]", state="detached")
        window.open("/unit/cases/")
        page.evaluate(
            "sessionStorage.setItem('kp-words:"
            + me.id
            + ":/x', JSON.stringify({at: Date.now(), where: '/x', fields: {}}))"
        )
        page.click(".kp-menu summary")
        page.click("form[data-sign-out] button")
        page.wait_for_selector("[data-sign-out-asks]")
        look(window, "sign-out")
        window.in_test(lambda: client.cookies.load({"kaoping_present": keeper_of(me.id)}))
        window.in_test(lambda: end_session(client))
        window.in_test(lambda: client.post(ITEM, {"text": WORD}))
        window.open("/sign-in/")
        look(window, "sign-in")
        window.in_test(lambda: client.force_login(_person(me), backend=live.AUTHENTICATION_BACKENDS[1]))
        window.open(ITEM)
        look(window, "held")
        window.open("/words/held/")
        look(window, "back")
        assert opened

    browse(client, script)
