"""The screens of the city's sign-in in real Chromium, at both widths, light and dark, without a fault that axe finds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from kaoping.accounts.actor import Actor
from tests.web.chromium import IN_CHROMIUM, WITH_CHROMIUM, Window, browse
from tests.web.gate.test_city import STRONG, anna, back, city, password, there
from tests.web.gate.test_sign_in_browser import seen

__all__ = ["anna", "city"]
pytestmark = [pytest.mark.django_db, IN_CHROMIUM, WITH_CHROMIUM]


def test_the_screens_of_the_city_s_sign_in(anna: Actor, city: object) -> None:
    def look(path: str, name: str, words: str) -> Callable[[Window], None]:
        def script(window: Window) -> None:
            window.open(path)
            assert words in window.page.inner_text("main"), name
            seen(window, name)

        return script

    Client().get("/sign-in/")  # the first page of a process takes its time
    browse(Client(), look("/sign-in/", "city-sign-in", "从统一身份认证登录"))
    binding = Client()
    password(binding)
    browse(binding, look("/second-factor/", "city-factors", "登记统一身份"))
    back(binding, city.signed_in(there(binding, "?for=bind"), sub="320400-17", **STRONG))
    browse(binding, look("/second-factor/city/", "city-bind", "320400-17"))
    binding.post("/second-factor/city/")
    browse(binding, look("/second-factor/", "city-bound", "统一身份认证"))
    half = Client()
    password(half)
    browse(half, look("/sign-in/second/", "city-second", "去统一身份认证验证"))
    browse(Client(), look("/sign-in/city/left/", "city-left", "退出统一身份认证"))


def test_what_came_to_nothing_is_told(city: object) -> None:
    def look(window: Window) -> None:
        window.page.goto("http://testserver/sign-in/city/back/?code=x&state=y")
        assert "对不上" in window.page.inner_text("main")
        seen(window, "city-failed")

    browse(Client(), look)
