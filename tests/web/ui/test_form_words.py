"""No form of the program answers with a stock sentence of the framework."""

import importlib
import pkgutil

import pytest
from django import forms
from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.utils.functional import Promise

import kaoping.web
from kaoping.web.admin.people import PersonForm
from kaoping.web.desk.scoring.severe import SevereForm
from kaoping.web.desk.years import ReasonForm
from kaoping.web.gate.passwords import NewPasswordForm
from kaoping.web.ui.templatetags import ui


def every_form():
    for module in pkgutil.walk_packages(kaoping.web.__path__, "kaoping.web."):
        importlib.import_module(module.name)
    waiting, found = [forms.BaseForm], []
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if one.__module__.startswith("kaoping."):
            found.append(one)
    return found


FORMS = every_form()


def test_the_walk_meets_them_all():
    assert len(FORMS) > 40 and {PersonForm, SevereForm, ReasonForm} <= set(FORMS)


@pytest.mark.parametrize("form", FORMS, ids=lambda one: f"{one.__module__}.{one.__qualname__}")
def test_no_stock_sentence_stands_behind_a_field(form):
    for name, field in form.base_fields.items():
        stock = {code: words for code, words in field.error_messages.items() if isinstance(words, Promise)}
        stock |= {
            type(one).__name__: one.message for one in field.validators if isinstance(one.message, Promise)
        }
        assert not stock, (name, stock)


def test_they_say_what_to_do():
    long = ReasonForm({"reason": "字" * 501})
    assert long.errors["reason"] == ["最多 500 个字，现在 501 个字，请删短后再提交。"]
    assert PersonForm({"name": "名" * 61, "username": "chenjing"}).errors["name"] == [
        "最多 60 个字，现在 61 个字，请删短后再提交。"
    ]
    both = PersonForm({"name": "名" * 61, "username": "a" * 61})
    assert [one.text for one in ui.error_summary(both)["mistakes"]] == [
        "姓名：最多 60 个字，现在 61 个字，请删短后再提交。",
        "登录名：最多 60 个字，现在 61 个字，请删短后再提交。",
    ]
    assert "再填一遍新口令" in NewPasswordForm({"new": "a"}).errors["again"][0]

    class Odd(forms.Form):
        one = forms.ChoiceField(choices=[("a", "甲")])
        some = forms.MultipleChoiceField(choices=[("a", "甲")])
        text = forms.CharField(validators=[MinLengthValidator(4)])
        file = forms.FileField()
        day = forms.DateField()

    found = Odd({"one": "XX", "some": ["XX"], "text": "字", "day": "昨天"}).errors
    assert found["one"] == ["请从列出的选项里选一项。"] and found["some"] == ["请从列出的选项里选。"]
    assert found["text"] == ["至少写 4 个字，现在 1 个字，请补充。"]
    assert found["file"] == ["请选一个文件。"] and "2025-01-31" in found["day"][0]
    assert Odd({}).errors["one"] == ["请选一项。"]
    assert isinstance(MaxLengthValidator.message, str)
