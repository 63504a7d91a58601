"""Whole numbers in forms: half-width digits and nothing else, in every form."""

import ast
from pathlib import Path

import pytest
from django import forms

import kaoping.web
from kaoping.web.ui.numbers import WholeField


@pytest.mark.parametrize("typed", ["-5", "１０", "3_0", "1e3", "1" + "0" * 30, "+1", "1.0", "²", "1,000"])
def test_what_is_no_plain_whole_number_is_refused(typed):
    with pytest.raises(forms.ValidationError):
        WholeField().clean(typed)


def test_plain_numbers_and_nothing_are_read():
    assert WholeField().clean(" 12 ") == 12
    assert WholeField(required=False).clean("") is None
    with pytest.raises(forms.ValidationError):
        WholeField(max_value=9).clean("4000")


def test_no_form_reads_numbers_as_python_does():
    loose = {"IntegerField", "DecimalField", "FloatField"}
    found = [
        f"{path.name}:{node.lineno}"
        for path in Path(kaoping.web.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in loose
    ]
    assert found == []
