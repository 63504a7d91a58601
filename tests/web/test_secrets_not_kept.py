"""Passwords, passphrases, keys and one-time codes are never kept in the browser or given back: found from the product."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.test import RequestFactory

from kaoping.web.ui.typed import SECRET, typed_in
from tests.web import product_forms

_SECRET_WORDS = re.compile(r"口令|密钥|验证码|核对码")


def secrets() -> list[tuple[str, str, forms.Field]]:
    """Every secret field of every form of the inside face, by what it is and by what it is called."""
    found = {}
    for name, view in product_forms.views().items():
        for made in product_forms.used_by(view)[0]:
            for field_name, field in made.base_fields.items():
                attrs = field.widget.attrs
                if (
                    isinstance(field.widget, forms.PasswordInput)
                    or str(attrs.get("autocomplete", "")) == "one-time-code"
                    or (isinstance(field, forms.CharField) and _SECRET_WORDS.search(str(field.label or "")))
                ):
                    found[made.__name__, field_name] = (name, field_name, field)
    return list(found.values())


def test_there_are_secrets_to_look_at() -> None:
    names = {field for _view, field, _made in secrets()}
    assert {"password", "code", "current", "new", "again", "own_passphrase", "passphrase_1"} <= names


@pytest.mark.parametrize(
    ("view", "name", "field"), secrets(), ids=lambda one: one if isinstance(one, str) else ""
)
def test_a_secret_is_told_to_the_browser_and_known_to_the_server(
    view: str, name: str, field: forms.Field
) -> None:
    """The script of kept words goes by kind and ``autocomplete``; what is sent in vain goes by name."""
    told = field.widget.attrs.get("autocomplete")
    assert isinstance(field.widget, forms.PasswordInput) or told in product_forms.NOT_KEPT, (view, name)
    assert SECRET.search(name), (view, name)
    sent = RequestFactory().post("/x/", {name: "938201", "reason": "三月开会"})
    typed = typed_in(sent, "/x/")
    assert [one.name for one in typed.fields] == ["reason"]


def test_secrets_written_in_templates_by_hand_are_known_too() -> None:
    for view, made in product_forms.views().items():
        for template in product_forms.used_by(made)[1]:
            for tag in re.findall(r"<input\b[^>]*>", product_forms.source_of(template)):
                if 'type="password"' in tag or "one-time-code" in tag:
                    name = re.search(r'name="([\w-]+)"', tag)
                    assert name and SECRET.search(name[1]), (view, template, tag)
