"""Every page, table and paper that a face of the product gives, found from its addresses and its own links: no list.

An address with an argument is tried with what the installation holds under that name; an argument nobody knows is an error.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, URLPattern, get_resolver, resolve, reverse

_LINK: Final = re.compile(r'<a\b[^>]*?\bhref="([^"]+)"')
# So many pages of one screen, asked with the same questions, are opened.
MOST: Final = 2
Values = Mapping[str, Sequence[object]]


@dataclass(frozen=True, slots=True)
class Given:
    """What an address answered with: a page, a table or a file."""

    name: str
    address: str
    who: str
    kind: str
    body: bytes


@dataclass
class Walk:
    """What was given, and by which names of addresses nothing was, with the codes that they answered."""

    given: list[Given] = field(default_factory=list)
    answers: dict[str, Counter[int]] = field(default_factory=dict)

    @property
    def reached(self) -> set[str]:
        """The names of the addresses that gave something."""
        return {one.name for one in self.given}

    def only_takes(self, name: str) -> bool:
        """Whether an address of this name said that it only takes what is sent: it says so to everybody."""
        return self.answers.get(name, Counter())[405] > 0

    @property
    def shows_nothing(self) -> set[str]:
        """The names of the addresses that only take what is sent (405), or only lead on to another (302)."""
        silent = {301, 302, 403, 405}
        return {name for name, codes in self.answers.items() if set(codes) <= silent and set(codes) - {403}}


def patterns(urlconf: str) -> dict[str, URLPattern]:
    """Every address of a face by name; the product names each once."""
    return {one.name: one for one in _flat(get_resolver(urlconf).url_patterns) if one.name}


def _flat(found: Any) -> Iterator[URLPattern]:
    for one in found:
        if isinstance(one, URLPattern):
            yield one
        else:
            yield from _flat(one.url_patterns)


def addresses(urlconf: str, name: str, pattern: URLPattern, values: Values) -> Iterator[str]:
    """The address with everything that the installation holds for its arguments."""
    names = list(pattern.pattern.converters)
    for given in itertools.product(*(values[one] for one in names)):
        yield reverse(name, urlconf=urlconf, kwargs=dict(zip(names, given, strict=True)))


def walk(people: Mapping[str, Client], urlconf: str, values: Values) -> Walk:
    """Ask every address as each of ``people``, and follow every link of what they were given."""
    found, seen = Walk(answers={name: Counter() for name in patterns(urlconf)}), Counter[str]()
    for who, client in people.items():
        _walk_as(who, client, urlconf, values, found, seen)
    return found


def _walk_as(who: str, client: Client, urlconf: str, values: Values, found: Walk, seen: Counter[str]) -> None:
    waiting = deque(["/"])
    for name, pattern in patterns(urlconf).items():
        if name not in found.reached:
            waiting.extend(addresses(urlconf, name, pattern, values))
    known = set(waiting)
    while waiting:
        address = waiting.popleft()
        shape, name = _shape(address, urlconf), _name(address, urlconf)
        if seen[shape] == MOST or found.only_takes(name):
            continue
        response = client.get(address)
        found.answers.setdefault(name, Counter())[response.status_code] += 1
        if response.status_code in (301, 302):
            more = [urljoin(address, response["Location"])]
        elif response.status_code == 200:
            seen[shape] += 1
            one = Given(
                name, address, who, response.get("Content-Type", "").partition(";")[0], content(response)
            )
            found.given.append(one)
            more = links(one) if one.kind == "text/html" else []
        else:
            continue
        for one in more:
            if one not in known and not urlsplit(one).netloc:
                known.add(one)
                waiting.append(one)


def content(response: Any) -> bytes:
    """The whole body, also of a file that is sent piece by piece."""
    if response.streaming:
        body = b"".join(response.streaming_content)
        response.close()
        return body
    return bytes(response.content)


def links(page: Given) -> list[str]:
    """Addresses of the same face that a page links to, without fragments."""
    found = [urlsplit(urljoin(page.address, unescape(one))) for one in _LINK.findall(page.body.decode())]
    own = [one for one in found if not one.scheme and not one.netloc and not one.path.startswith("/static/")]
    return list(dict.fromkeys(one._replace(fragment="").geturl() for one in own))


def _name(address: str, urlconf: str) -> str:
    try:
        return resolve(urlsplit(address).path, urlconf=urlconf).url_name or address
    except Resolver404:
        return address


def _shape(address: str, urlconf: str) -> str:
    asked = sorted(one.partition("=")[0] for one in urlsplit(address).query.split("&"))
    if "format" in asked:
        asked.append(urlsplit(address).query.rpartition("format=")[2][:4])
    return f"{_name(address, urlconf)}?{'&'.join(asked)}"
