"""Every form with a text on the inside, found by walking the links of everybody's pages: no list to forget one in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve
from selectolax.lexbor import LexborHTMLParser

from kaoping.accounts.actor import Actor

TEXTS = "textarea, input:not([type]), input[type=text], input[type=url]"
# As many pages of one kind as are looked at: the first stand for the others.
_ENOUGH = 2


@dataclass(frozen=True)
class Found:
    """A form: whose, on which page, where it goes, and its text fields by name."""

    actor: Actor
    page: str
    action: str
    kind: str
    texts: tuple[str, ...]


def kind_of(address: str) -> str:
    """The name of the address a form goes to."""
    return resolve(urlsplit(address).path).url_name


def forms_of(actor: Actor, client: Client, *, extra: tuple[str, ...] = ()) -> Iterator[Found]:
    """Walk from the front page, and from ``extra`` pages, along links inside; every kind of form once."""
    seen: set[str] = set()
    kinds: dict[str, int] = {}
    given: set[str] = set()
    todo = ["/", *extra]
    while todo:
        page = todo.pop(0)
        try:
            name = kind_of(page)
        except Resolver404:
            continue
        if page in seen or kinds.get(name, 0) >= _ENOUGH:
            continue
        seen.add(page)
        kinds[name] = kinds.get(name, 0) + 1
        answer: Any = client.get(page)
        if answer.status_code in (301, 302):
            todo.insert(0, urljoin(page, answer.headers["Location"]))
            continue
        if answer.status_code != 200 or "text/html" not in answer.headers.get("Content-Type", ""):
            continue
        tree = LexborHTMLParser(answer.content.decode())
        for form in tree.css("main form[method=post]"):
            texts = tuple(
                one.attributes["name"] or ""
                for one in form.css(TEXTS)
                if one.attributes.get("autocomplete") != "off" and "disabled" not in one.attributes
            )
            action = urljoin(page, form.attributes.get("action") or page)
            if texts and kind_of(action) not in given and "data-not-kept" not in form.attributes:
                given.add(kind_of(action))
                yield Found(actor, page, action, kind_of(action), texts)
        for link in tree.css("a[href]"):
            to = urljoin(page, link.attributes["href"] or "")
            if to.startswith("/") and "format=" not in to:
                todo.append(to.partition("#")[0])


def once(found: Iterable[Found]) -> list[Found]:
    """Every kind of form once, whoever has it."""
    return list({one.kind: one for one in reversed(list(found))}.values())[::-1]
