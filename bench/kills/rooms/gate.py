"""The door: people come in, leave by the button, change their own password, and try doors that are closed."""

from __future__ import annotations

from collections import Counter

from bench.installation import late
from bench.kills.city import PASSWORD
from bench.kills.comparing import Found, audit, each_once, each_sending, none_missing
from bench.kills.people import WORDS, Person
from bench.kills.told import Told


def come_and_go(told: Told) -> None:
    """A person comes in and leaves again and again; after leaving no page is shown."""
    number = 0
    while True:
        number += 1
        person = Person(told, "opener1", anew=True)
        page = person.browser.post("/sign-out/", {})
        if page.status != 302 or person.browser.get("/password/").location.find("/sign-in/") != 0:
            raise AssertionError(f"still signed in after sign-out: {page.status} {page.words()}")
        told.keep("sign_out", number, None, person.browser)
        told.rest(3.75)


def change_password(told: Told) -> None:
    """A person changes the own password. When the answer was cut off, the person comes in with the new one."""
    person, number, old = Person(told, "changer"), 0, PASSWORD
    while True:
        number += 1
        new = f"{PASSWORD}-{number}"
        told.go_on()
        page = person.browser.post("/password/", {"current": old, "new": new, "again": new})
        again = person.browser.unanswered > 0
        signed_out = page.location.startswith("/sign-in/")
        if not (page.status == 302 and not signed_out) and not (
            again and (signed_out or page.status in WORDS)
        ):
            raise AssertionError(f"change_password: unexpected answer {page.status} {page.words()}")
        told.keep("change_password", "changer", new, person.browser)
        if signed_out:
            person = Person(told, "changer", new, anew=True)
        old = new
        told.rest(5)


def knock(told: Told) -> None:
    """Somebody tries doors that are closed; each leaves one line of the log."""
    person, number = Person(told, "inspector"), 0
    while True:
        number += 1
        path = f"/admin/people/{number}/"
        page = person.browser.get(path, counts=True)
        if page.status != 403:
            raise AssertionError(f"open_page: unexpected answer {page.status} {page.words()}")
        told.keep("open_page", path, None, person.browser)
        told.rest(7.5)


def _sign_in(told: Told) -> Found:
    return each_sending(told, "sign_in", audit("sign_in").count())


def _sign_out(told: Told) -> Found:
    return each_sending(told, "sign_out", audit("sign_out").count())


def _change_password(told: Told) -> Found:
    """The last one that was acknowledged opens the door; the others are lines of the log."""
    changer = late("kaoping.accounts.models").Person.objects.get(username="changer")
    right = changer.check_password(told.acknowledged["change_password"]["changer"])
    sent = each_sending(told, "change_password", audit("change_password").count())
    return sent.and_also(none_missing(int(not right)))


def _open_page(told: Told) -> Found:
    entries = late("kaoping.accounts.models").AuditEntry.objects.filter(
        verb="open_page",
        refused=True,
        thing_id__startswith="/admin/people/",  # other pages turn away too: who comes second, who comes early
    )
    return each_once(told.acknowledged["open_page"], Counter(entries.values_list("thing_id", flat=True)))


WRITERS = (("come_and_go", come_and_go), ("change_password", change_password), ("knock", knock))
STORED = {
    "sign_in": _sign_in,
    "sign_out": _sign_out,
    "change_password": _change_password,
    "open_page": _open_page,
}
# A closed door is a refusal; the comparison above reads its lines.
OWN_LINES = frozenset({"open_page"})
