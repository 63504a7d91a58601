"""Somebody signed in at the inside face, who sends one form a verb and knows what was acknowledged."""

from __future__ import annotations

import itertools

from bench.kills.browsing import Browser, File, Form, Page
from bench.kills.city import PASSWORD
from bench.kills.told import Told

# A refusal in words comes with one of these; anything else is an error page.
WORDS = (200, 409, 410, 422)
_SIGNED_IN = itertools.count(1)
# What the program says while too many files are being read: try again, nothing was stored.
_LATER = "正在读的文件太多，暂时轮不到"
_PATIENCE = 20


class Person:
    """One person with a browser; further browsers share the first one's session, ``anew`` has its own."""

    def __init__(self, told: Told, username: str, password: str = PASSWORD, *, anew: bool = False) -> None:
        self.told, self.username = told, username
        self.browser = Browser(told.port, told.loses)
        with told.entrance:
            known = told.sessions.get(username)
            if known is None or anew:
                self.enter(password)
            else:
                self.browser.cookies = dict(known)
            if not anew:
                told.sessions[username] = dict(self.browser.cookies)

    def enter(self, password: str) -> None:
        """Sign in, which is an act of its own."""
        self.told.go_on()
        page = self.browser.sign_in(self.username, password)
        if page.status != 302:
            raise AssertionError(f"{self.username} cannot sign in: {page.status} {page.words()}")
        self.told.keep("sign_in", next(_SIGNED_IN), None, self.browser)

    def act(
        self,
        verb: str,
        path: str,
        form: Form | None = None,
        *,
        key: object,
        value: object = None,
        file: File | None = None,
        shows: str = "",
        unless: str = "",
    ) -> bool:
        """Send the form of ``verb`` until it is answered, and keep the acknowledgement under ``key``.

        A success leads on to another page, or shows ``shows``. A form that was sent again may be refused in words
        because it had been taken; whether it was, the comparison says. ``unless`` names words that are no
        acknowledgement and no trouble: somebody else was first. Returns whether the form was acknowledged.
        """
        self.told.go_on()
        page = self._sent(path, form or {}, file)
        again = self.browser.unanswered > 0
        if unless and unless in page.text:
            self.told.count(verb, self.browser)
            return False
        if not (_taken(page, shows) or (again and page.status in WORDS)):
            self.told.count(verb, self.browser)
            raise AssertionError(f"{verb} at {path}: unexpected answer {page.status} {page.words()}")
        if not _taken(page, shows):
            self.told.turned_away[verb][key] = page.words()
        self.told.keep(verb, key, value, self.browser)
        return True

    def _sent(self, path: str, form: Form, file: File | None) -> Page:
        """The answer to a form. Who is told that too many files are being read does what the words say, and comes later."""
        for _ in range(_PATIENCE):
            with self.told.passing.standing_still():
                page = self.browser.post(path, form, file)
            if _LATER not in page.text:
                break
            self.told.rest(3)
        return page


class Company:
    """People of one writer by sign-in name, each signed in when first needed."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._people: dict[str, Person] = {}

    def __getitem__(self, username: str) -> Person:
        if username not in self._people:
            self._people[username] = Person(self._told, username)
        return self._people[username]


def _taken(page: Page, shows: str) -> bool:
    if shows:
        return page.status == 200 and shows in page.text
    return page.status == 302 and not page.location.startswith("/sign-in/")
