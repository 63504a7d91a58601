"""The forms by which the office acts on an order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms

from kaoping.rectification import logic
from kaoping.web.ui.case_acts import ActFields
from kaoping.web.ui.filled import filled
from kaoping.web.ui.measured import Files, Spoken, Ticked, line
from kaoping.web.ui.numbers import whole


class OrderForm(ActFields):
    """The words of an order."""

    to: ClassVar[str] = "desk-case-revise"
    at_first: ClassVar[tuple[str, ...]] = ("text",)
    text = Spoken("整改内容", rows=6)


class ServeForm(ActFields):
    """The working days of an order."""

    to: ClassVar[str] = "desk-case-serve"
    at_first: ClassVar[tuple[str, ...]] = ("days",)
    spoken: ClassVar[str] = "days"
    days = Spoken("期限（工作日）", widget=line(inputmode="numeric"))

    def term(self) -> int:
        """How many days; 0 for what is no number, which the verb refuses."""
        found = whole(self.read("days"))
        return found if found is not None and found < 1000 else 0


class BatchForm(ServeForm):
    """The drafts that are served at once."""

    to: ClassVar[str] = "desk-cases-serve"
    number = Ticked()

    def numbers(self) -> list[str]:
        """The cases that were ticked."""
        self.is_valid()
        return list(filled(self).several("number"))


class ReplyForm(ActFields):
    """The office's answer to a question."""

    to: ClassVar[str] = "desk-case-reply"
    text = Spoken("答复内容")


class HandedForm(ActFields):
    """How an order was handed over."""

    to: ClassVar[str] = "desk-case-handed"
    text = Spoken("登记送达", hint="写明怎么送达、交给了谁，如“电话告知王敏”。", widget=line())


class ExplanationForm(ActFields):
    """The office's word on an explanation."""

    to: ClassVar[str] = "desk-case-explanation"
    outcome = Spoken(
        "问题是否确实不可补救",
        widget=forms.RadioSelect(
            choices=[("confirm", "确认，结案，按规定计分"), ("decline", "退回，仍须整改")]
        ),
    )
    text = Spoken("意见（退回时必填）")


class CheckForm(ActFields):
    """A named person's check."""

    to: ClassVar[str] = "desk-case-check"
    outcome = Spoken(
        "核查结果", widget=forms.RadioSelect(choices=[("met", "已整改到位"), ("not_met", "未整改到位")])
    )
    text = Spoken("怎么核查的，看到了什么")
    photo = Files(label="照片", required=False, widget=forms.FileInput({"accept": "image/jpeg,image/png"}))


class MergeForm(ActFields):
    """Which order this one is joined with."""

    to: ClassVar[str] = "desk-case-merge"
    into = Spoken("并入哪一张", widget=forms.RadioSelect())
    text = Spoken(f"凭什么认定是同一处（至少 {logic.LEAST_REASON} 个字）")

    def offer(self, choices: Iterable[tuple[str, str]]) -> MergeForm:
        """The same form with these orders to choose from."""
        widget: Any = self.fields["into"].widget
        widget.choices = list(choices)
        return self
