"""Citizens without a browser of their own: the same public form by plain HTTP, for the many that a result needs."""

from __future__ import annotations

import http.cookiejar
import re
import urllib.parse
import urllib.request

MOODS = ("satisfied", "satisfied", "basic", "satisfied", "dissatisfied", "unclear")


def evaluate(outside: str, number: int, unit: str) -> str:
    """One person evaluates one unit; the receipt."""
    jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    browser = urllib.request.build_opener(jar)
    address = f"{outside}/evaluate/{unit}/"
    with browser.open(address, timeout=30) as answer:
        page = answer.read().decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    answers = {f"q{one}": MOODS[(number * one) % len(MOODS)] for one in range(1, 5)}
    form = urllib.parse.urlencode({**hidden, "contact": "looked", **answers}).encode()
    asked = urllib.request.Request(address, form, {"Referer": outside})
    with browser.open(asked, timeout=30) as answer:
        return receipt_in(answer.read().decode())


def receipt_in(page: str) -> str:
    """The receipt that stands on a page, tags left out."""
    found = re.search(r"(?:[A-HJ-NP-Z2-9]{4}-){2}[A-HJ-NP-Z2-9]{4}", re.sub(r"<[^>]*>", "", page))
    assert found, page
    return found[0]
