"""The field for whatever is typed unseen: passwords, and the openers' passphrases."""

from __future__ import annotations

from typing import Any, Final

from django import forms

# Characters; bounds what is hashed. What a new one may have is its own rule, and its form says that one alone.
LONGEST: Final = 200


class SecretField(forms.CharField):
    """A field whose content is never shown again. Too much is refused in words: a browser that cut it off would change it.

    ``kind`` is what the browser's own keeper of passwords is told. ``new`` asks the page to say how strong it is.
    ``longest`` is the rule for this one, in characters.
    """

    def __init__(
        self,
        label: str,
        kind: str,
        *,
        hint: str = "",
        required: str = "",
        new: bool = False,
        longest: int = LONGEST,
    ) -> None:
        shown = {"autocomplete": kind, "data-secret": "new" if new else "known"}
        super().__init__(
            label=label,
            help_text=hint,
            max_length=longest,
            strip=False,
            error_messages={
                "required": required or f"请填{label}。",
                "max_length": f"{label}最长 {longest} 个字符，这里有 %(show_value)d 个，请缩短。",
            },
            widget=forms.PasswordInput(attrs=shown),
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Without ``maxlength``."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}
