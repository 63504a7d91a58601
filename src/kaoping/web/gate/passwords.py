"""What every form with a new password says and asks: the rules in words, a field that browsers know."""

from __future__ import annotations

from typing import Final

from django import forms

RULES: Final = "至少 12 个字符，越长越好，可以是一句话；不限字母、数字、符号。不能全是数字，不能是常见口令，不能与登录名、姓名相近。"


def secret_field(label: str, autocomplete: str, hint: str = "") -> forms.CharField:
    """A field whose content is never shown again."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=200,
        strip=False,
        error_messages={"required": f"请填{label}。"},
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )
