"""What every form with a new password says and asks: the rules in words, and the password twice."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from kaoping.accounts.passwords import LEAST, LONGEST
from kaoping.web.ui.secrets import SecretField

RULES: Final = (
    f"{LEAST} 到 {LONGEST} 个字符，越长越好，可以是一句话；不限字母、数字、符号。"
    "不能全是数字，不能是常见口令，不能与登录名、姓名相近。"
)


class NewPasswordForm(forms.Form):
    """A new password, twice; what else a page asks stands before it (``field_order``)."""

    new = SecretField("新口令", "new-password", hint=RULES, new=True, longest=LONGEST)
    again = SecretField("再填一遍新口令", "new-password", required="请再填一遍新口令。", longest=LONGEST)

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        data = super().clean() or {}
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", "两遍写得不一样，请重写。")
        return data
