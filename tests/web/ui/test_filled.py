"""What a form holds is asked for by name and kind."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from kaoping.web.ui.days import DayField
from kaoping.web.ui.filled import Filled, filled, offer
from kaoping.web.ui.numbers import WholeField


class Visit(forms.Form):
    place = forms.CharField()
    note = forms.CharField(required=False)
    seen = forms.BooleanField(required=False)
    hours = WholeField()
    spare = WholeField(required=False)
    on = DayField("日期")
    until = DayField("截止", required=False)
    what = forms.MultipleChoiceField(choices=[("a", "甲"), ("b", "乙")], required=False)
    photo = forms.FileField(required=False)


def visit(**files: SimpleUploadedFile) -> Filled:
    form = Visit({"place": "大厅", "seen": "on", "hours": "3", "on": "2026-03-02", "what": ["b", "a"]}, files)
    assert form.is_valid(), form.errors
    return filled(form)


def test_each_kind_answers_with_itself():
    one = visit(photo=SimpleUploadedFile("大厅.jpg", b"x"))
    assert (one.text("place"), one.flag("seen"), one.whole("hours")) == ("大厅", True, 3)
    assert (one.day("on"), one.several("what")) == (date(2026, 3, 2), ("b", "a"))
    assert one.file("photo").name == "大厅.jpg"


def test_what_was_left_empty_is_empty_of_its_kind():
    one = visit()
    assert (one.text("note"), one.whole_or_none("spare"), one.day_or_none("until")) == ("", None, None)
    assert (one.file("photo"), one.several("what")) == (None, ("b", "a"))


def test_a_field_left_out_for_this_reader_is_empty():
    form = Visit({"place": "大厅", "hours": "3", "on": "2026-03-02"})
    del form.fields["note"], form.fields["what"]
    assert form.is_valid()
    assert (filled(form).text("note"), filled(form).several("what")) == ("", ())


@pytest.mark.parametrize(
    ("ask", "fault"),
    [
        (lambda one: one.text("plcae"), KeyError),
        (lambda one: one.text("hours"), TypeError),
        (lambda one: one.whole("place"), TypeError),
        (lambda one: one.whole("spare"), TypeError),
        (lambda one: one.day("until"), TypeError),
        (lambda one: one.several("place"), TypeError),
    ],
)
def test_a_wrong_name_or_kind_fails_at_once(ask, fault):
    with pytest.raises(fault):
        ask(visit())


def test_choices_are_offered_to_a_field_of_choices_only():
    form = Visit()
    offer(form, "what", [("c", "丙")])
    assert list(form.fields["what"].choices) == [("c", "丙")]
    with pytest.raises(TypeError):
        offer(form, "place", [])
