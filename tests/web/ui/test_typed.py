"""From which page of ours a request came."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from kaoping.web.ui.typed import came_from


def came(referer: str) -> str:
    return came_from(RequestFactory().get("/", headers={"referer": referer}))


def test_a_page_of_ours_is_the_way_back():
    assert came("http://testserver/desk/cases/?page=2") == "/desk/cases/?page=2"
    assert came("https://testserver/desk/") == "/desk/"


@pytest.mark.parametrize(
    "referer",
    [
        "",
        "http://elsewhere.example/desk/",
        "javascript:alert(1)",
        "http://testserver//elsewhere.example/desk/",
        "http://testserver/\\elsewhere.example/",
        "http://[testserver/",
        "/desk/",
    ],
)
def test_what_is_no_page_of_ours_leads_nowhere(referer):
    assert came(referer) == ""
