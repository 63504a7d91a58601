"""People at their browsers: each member of the cast has a browser context of their own and is signed in once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import Browser, Page, Response, expect

from tests.journeys.cast import PASSWORD
from tests.journeys.installation import Installation, wait_for
from tests.journeys.screens import DESK, PHONE, Screens

File = Mapping[str, Any]
# Seconds between two readings of a page that waits for background work: reading takes the processor that the work needs.
RELOAD = 0.5


def a_file(name: str, content: bytes, media_type: str = "application/octet-stream") -> File:
    """A file as the browser's file chooser hands it over."""
    return {"name": name, "mimeType": media_type, "buffer": content}


class Desk:
    """One person's page: addresses, labels and buttons, as that person uses them."""

    def __init__(self, page: Page, base: str, screens: Screens, *, looks: bool = True) -> None:
        self.page, self.base, self.screens, self.looks = page, base, screens, looks
        screens.listen(page)

    def go(self, path: str, *, status: int = 200) -> Desk:
        """Open an address, and look at the screen."""
        answer = self.page.goto(urljoin(self.base, path))
        return self._arrived(answer, status)

    def press(self, name: str, *, within: str = "body", status: int = 200, nth: int = 0) -> Desk:
        """Press a button that sends its form, and look at the screen that comes."""
        button = self.page.locator(within).get_by_role("button", name=name, exact=True).nth(nth)
        expect(button).to_be_enabled()
        with self.page.expect_navigation() as moved:
            button.click()
        return self._arrived(moved.value, status)

    def follow(self, name: str, *, within: str = "body", nth: int = 0) -> Desk:
        """Follow a link by its words."""
        with self.page.expect_navigation() as moved:
            self.page.locator(within).get_by_role("link", name=name).nth(nth).click()
        return self._arrived(moved.value, 200)

    def fill(self, label: str, value: str) -> Desk:
        """Write into the field of that label."""
        self._field(label).fill(value)
        return self

    def fill_year(self, year: str) -> Desk:
        """Type the year that confirms what cannot be undone."""
        self.page.locator("[name=confirm_year]").fill(year)
        return self

    def choose(self, label: str, option: str) -> Desk:
        """Choose from the list of that label."""
        self._field(label).select_option(label=option)
        return self

    def tick(self, label: str, *, nth: int = 0) -> Desk:
        """Tick a box or choose one of several."""
        self.page.get_by_label(label).nth(nth).check()
        return self

    def attach(self, label: str, file: File) -> Desk:
        """Choose a file."""
        self._field(label).set_input_files(file)  # type: ignore[arg-type]
        return self

    def sees(self, *words: str) -> Desk:
        """Every one of these stands on the page."""
        text = self.text()
        missing = [one for one in words if one not in text]
        assert not missing, (self.page.url, missing, text)
        return self

    def sees_not(self, *words: str) -> Desk:
        """None of these stands on the page."""
        text = self.text()
        found = [one for one in words if one in text]
        assert not found, (self.page.url, found, text)
        return self

    def cannot(self, name: str) -> Desk:
        """The button is there and locked."""
        expect(self.page.get_by_role("button", name=name, exact=True).first).to_be_disabled()
        return self

    def offers_no(self, name: str, *, within: str) -> Desk:
        """No link of these words leads on."""
        expect(self.page.locator(within).get_by_role("link", name=name, exact=True)).to_have_count(0)
        return self

    def download(self, name: str, *, within: str = "body") -> tuple[str, bytes]:
        """Follow a link to a file; its name and content."""
        with self.page.expect_download() as handed:
            self.page.locator(within).get_by_role("link", name=name).first.click()
        return handed.value.suggested_filename, Path(handed.value.path()).read_bytes()

    def send(self, path: str, fields: Mapping[str, Any], *, status: int = 200) -> str:
        """Send a form with this person's session, without drawing it: for the many like the one that was drawn."""
        token = next(
            one["value"] for one in self.page.context.cookies(self.base) if str(one["name"]).endswith("csrf")
        )
        answer = self.page.context.request.post(
            urljoin(self.base, path),
            headers={"X-CSRFToken": str(token), "Referer": self.base},
            multipart=dict(fields),
        )
        assert answer.status == status, (path, answer.status, answer.text()[:2000])
        return answer.text()

    def until(self, words: str) -> Desk:
        """Read the page again until these words stand on it: something works in the background."""

        def there() -> bool:
            self.page.reload()
            return words in self.text()

        wait_for(there, words, every=RELOAD)
        return self._arrived(None, 200)

    def until_gone(self, words: str) -> Desk:
        """Read the page again until these words no longer stand on it."""

        def gone() -> bool:
            self.page.reload()
            return words not in self.text()

        wait_for(gone, f"“{words}”消失", every=RELOAD)
        return self._arrived(None, 200)

    def _field(self, label: str) -> Any:
        return self.page.get_by_label(re.compile(f"^{re.escape(label)}(（可不填）)?$"))

    def _arrived(self, answer: Response | None, status: int) -> Desk:
        if answer is not None:
            assert answer.status == status, (self.page.url, answer.status, self.text()[:1500])
        if self.looks:
            self.screens.look(self.page, status)
        return self

    def text(self) -> str:
        """What stands on the page, folded parts too, in single spaces."""
        return " ".join((self.page.locator("body").text_content() or "").split())


@dataclass
class Journey:
    """The installation, the browser, and the people who have signed in so far."""

    installation: Installation
    browser: Browser
    screens: Screens = field(default_factory=Screens)
    _desks: dict[str, Desk] = field(default_factory=dict)

    def at(self, day: str, hour: int = 9, minute: int = 0) -> None:
        """Simulated time moves on to this hour of this day in Beijing."""
        self.installation.at(date.fromisoformat(day), hour, minute)

    def desk(self, username: str) -> Desk:
        """Where a member of the cast sits, signed in with the password that the person chose."""
        if username not in self._desks:
            desk = self.stranger(phone=username == "jiancha")
            desk.go("/sign-in/").fill("登录名", username).fill("口令", PASSWORD.format(username)).press(
                "登录"
            )
            self._desks[username] = desk
        return self._desks[username]

    def enter(self, username: str, first_password: str, *, drawn: bool = True) -> Desk:
        """The first sign-in of anybody: the password that somebody else made is only good for a new one."""
        own = PASSWORD.format(username)
        desk = self._desks[username] = self.stranger(phone=username == "jiancha")
        if not drawn:
            desk.page.context.request.get(f"{desk.base}/sign-in/")
            desk.send("/sign-in/", {"username": username, "password": first_password})
            desk.send("/password/", {"current": first_password, "new": own, "again": own})
            return desk
        desk.go("/sign-in/").fill("登录名", username).fill("口令", first_password).press("登录")
        desk.sees("现在的口令是别人给的，只能用来改口令")
        desk.fill("现在的口令", first_password).fill("新口令", own).fill("再填一遍新口令", own).press(
            "改口令"
        )
        return desk

    def enter_by_link(self, username: str, link: str, *, drawn: bool = True) -> Desk:
        """The first sign-in of somebody who was handed a one-time link: sets the password, signs in, confirms the notice."""
        own = PASSWORD.format(username)
        desk = self._desks[username] = self.stranger(phone=username == "jiancha")
        path = "/" + link.split("/", 3)[3]
        if not drawn:
            desk.page.context.request.get(f"{desk.base}{path}")
            desk.send(path, {"new": own, "again": own})
            desk.send("/sign-in/", {"username": username, "password": own})
            desk.send("/password/notice/", {})
            return desk
        desk.go(path).fill("新口令", own).fill("再填一遍新口令", own).press("设定口令")
        desk.fill("登录名", username).fill("口令", own).press("登录").press("是我本人设定的")
        return desk

    def stranger(self, *, phone: bool = False) -> Desk:
        """Somebody at the inside face who has not signed in."""
        return self._new(self.installation.inside, viewport=PHONE if phone else DESK)

    def citizen(self, *, script: bool = True) -> Desk:
        """Somebody at the outside face; without script nothing can look at the screen but the person."""
        return self._new(self.installation.outside, looks=script, viewport=DESK, java_script_enabled=script)

    def _new(self, base: str, *, looks: bool = True, **options: Any) -> Desk:
        context = self.browser.new_context(locale="zh-CN", accept_downloads=True, **options)
        context.set_default_timeout(20_000)
        return Desk(context.new_page(), base, self.screens, looks=looks)
