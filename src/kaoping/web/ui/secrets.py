"""The field for whatever is typed unseen: passwords, and the openers' passphrases."""

from __future__ import annotations

from typing import Any, Final

from django import forms

# Characters; bounds what is hashed. What a new one may have is its own rule.
LONGEST: Final = 200


class SecretField(forms.CharField):
    """A field whose content is never shown again. Too much is refused in words: a browser that cut it off would change it.

    ``kind`` is what the browser's own keeper of passwords is told. ``new`` asks the page to say how strong it is.
    """

    def __init__(
        self, label: str, kind: str, *, hint: str = "", required: str = "", new: bool = False
    ) -> None:
        shown = {"autocomplete": kind, "data-secret": "new" if new else "known"}
        super().__init__(
            label=label,
            help_text=hint,
            max_length=LONGEST,
            strip=False,
            error_messages={
                "required": required or f"请填{label}。",
                "max_length": f"{label}最长 {LONGEST} 个字符，请缩短。",
            },
            widget=forms.PasswordInput(attrs=shown),
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Without ``maxlength``."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}
