"""Days that people type: one field and one reader, bounded, so that no date leads past what a calendar can hold."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from kaoping.foreign.days import day_fault, strict_day

FIRST: Final = date(1949, 10, 1)  # no organ is older
LAST: Final = date(2100, 12, 31)
OUTSIDE: Final = f"日期应在 {FIRST.year} 年到 {LAST.year} 年之间，请核对年份。"


def typed_day(text: str) -> date | None:
    """The day typed as ``2025-01-31``; null for what is none and for what lies outside every register and log."""
    day = strict_day(text.strip())
    return day if day is not None and FIRST <= day <= LAST else None


def typed_fault(text: str) -> str:
    """Why ``typed_day`` read no day, as a sentence."""
    return OUTSIDE if strict_day(text.strip()) else f"{day_fault(text)}。"


class DayField(forms.DateField):
    """One day of a form, with the browser's own picker; refused outside ``FIRST`` to ``LAST``."""

    def __init__(self, label: str, *, help_text: str = "", required: bool = True, **rest: Any) -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            required=required,
            widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            error_messages={
                "required": f"请填{label}。",
                "invalid": "日期请写成 2025-01-31 的样子，数字用半角。",
            },
            **rest,
        )

    def to_python(self, value: Any) -> date | None:
        """The day as the picker sends it; Django's own reader takes shortened, localised and full-width ones too."""
        if value in self.empty_values or isinstance(value, date):
            return super().to_python(value)
        day = strict_day(str(value).strip())
        if day is None:
            raise ValidationError(f"{day_fault(value)}。", code="invalid")
        return day

    def clean(self, value: Any) -> date | None:
        """The day within the bounds. Raises ``ValidationError`` in words."""
        day: date | None = super().clean(value)
        if day is not None and not FIRST <= day <= LAST:
            raise ValidationError(OUTSIDE)
        return day
