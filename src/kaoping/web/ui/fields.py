"""How a field of a Django form is drawn: its label, its hint, its errors, and the ARIA that ties them."""

from __future__ import annotations

from typing import Any

from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Textarea


def drawn(bound: BoundField, label: str = "", hint: str = "", optional: bool = False) -> dict[str, Any]:
    """A Django field with label, hint, error above the input, and the ARIA that ties them.

    A text of more than a line says its limit and bears no ``maxlength``: a browser would cut what is pasted without a word.
    The form refuses it in words, and the words stay.
    """
    widget, name = bound.field.widget, bound.auto_id.removeprefix("id_") or bound.html_name
    errors, hint = list(bound.errors), hint or str(bound.help_text or "")
    longest = getattr(bound.field, "max_length", None) if isinstance(widget, Textarea) else None
    if longest and f"{longest} 个字" not in hint:
        hint = f"{hint}{'。' if hint and hint[-1] not in '。？！' else ''}不超过 {longest} 个字。"
    described = " ".join(part for part, there in ((f"{name}-hint", hint), (f"{name}-error", errors)) if there)
    attrs: dict[str, Any] = {"aria-describedby": described} if described else {}
    if errors:
        attrs["aria-invalid"] = "true"
    if longest:
        attrs["maxlength"] = False
    group = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    return {
        "bound": bound,
        "anchor": name,
        "label": label or bound.label,
        "hint": hint,
        "errors": errors,
        "optional": optional or not bound.field.required,
        "control": bound.as_widget(attrs={} if group else attrs),
        "described": described,
        "kind": "group" if group else "check" if isinstance(widget, CheckboxInput) else "plain",
    }
