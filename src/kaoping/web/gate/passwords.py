"""What every form with a new password says and asks: the rules in words, a field that browsers know."""

from __future__ import annotations

from typing import Any, Final

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


class NewPasswordForm(forms.Form):
    """A new password, twice; what else a page asks stands before it (``field_order``)."""

    new = secret_field("新口令", "new-password", RULES)
    again = secret_field("再写一遍新口令", "new-password")

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        data = super().clean() or {}
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", "两遍写得不一样，请重写。")
        return data
