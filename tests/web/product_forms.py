"""Every form with a text that the product has, read from its addresses, views, form classes and templates: no list.

A view names its form classes and templates, itself or in what it calls; a form in a template names where it goes.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import CodeType, FunctionType
from typing import Any, Final

from django import forms
from django.conf import settings
from django.forms.formsets import BaseFormSet
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import URLPattern, get_resolver

# What browsers never keep: what is typed anew each time (by ``autocomplete``), and one-time codes.
NOT_KEPT: Final = {"off", "one-time-code"}
_FORM: Final = re.compile(r"<form\b([^>]*(?:{%[^%]*%}[^>]*)*)>(.*?)</form>", re.S)
_FIELD: Final = re.compile(r"<(textarea|input)\b((?:{[{%].*?[%}]}|[^>])*)>", re.S)
_TO: Final = re.compile(r"action=\"{%\s*url\s+'([\w-]+)'")
_FOREIGN: Final = re.compile(r"\bform\.\w|\bin form\b")


@cache
def views() -> Mapping[str, Callable[..., Any]]:
    """Every address of the inside face by name, with its view as it was written."""
    return {
        one.name: inspect.unwrap(one.callback)
        for one in _patterns(get_resolver(settings.ROOT_URLCONF).url_patterns)
        if one.name and one.callback.__module__.startswith("kaoping.web")
    }


def _patterns(found: Any) -> Iterator[URLPattern]:
    for one in found:
        if isinstance(one, URLPattern):
            yield one
        else:
            yield from _patterns(one.url_patterns)


def _names(code: CodeType) -> Iterator[Any]:
    yield from code.co_names
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _names(one)
        elif isinstance(one, str) and one.endswith(".html"):
            yield one


def used_by(view: Callable[..., Any]) -> tuple[set[type[forms.Form]], set[str]]:
    """The form classes and the templates that a view names, itself or in functions of the web that it calls."""
    classes: set[type[forms.Form]] = set()
    templates: set[str] = set()
    seen: set[Any] = set()
    todo: list[Any] = [view]
    while todo:
        one = inspect.unwrap(todo.pop())
        if one in seen or not isinstance(one, FunctionType):
            continue
        seen.add(one)
        closed = inspect.getclosurevars(one).nonlocals.values()
        todo += [cell for cell in closed if isinstance(cell, FunctionType)]
        for name in _names(one.__code__):
            if name.endswith(".html"):
                templates.add(name)
                continue
            value = one.__globals__.get(name)
            if isinstance(value, type) and issubclass(value, BaseFormSet):
                value = value.form
            if isinstance(value, type) and issubclass(value, forms.Form):
                classes.add(value)
            elif isinstance(value, FunctionType) and value.__module__.startswith("kaoping.web"):
                todo.append(value)
    return classes, templates


def is_text(field: forms.Field) -> bool:
    """Whether a person types words into a field, and would miss them."""
    widget = field.widget
    if isinstance(widget, forms.PasswordInput) or widget.attrs.get("autocomplete") in NOT_KEPT:
        return False
    kind = widget.attrs.get("type", getattr(widget, "input_type", ""))
    return isinstance(widget, forms.Textarea) or kind in ("text", "url")


def has_text(made: type[forms.Form]) -> bool:
    """Whether a form class asks for words."""
    return any(is_text(field) for field in made.base_fields.values())  # type: ignore[attr-defined]


def source_of(template: str) -> str:
    """A template as it was written, '' for one of somebody else."""
    try:
        return str(get_template(template).template.source)  # type: ignore[attr-defined]
    except TemplateDoesNotExist:
        return ""


def _typed_by_hand(inside: str) -> bool:
    """Whether a form has a text field that is written in its template and not made from a form class."""
    for tag, attributes in _FIELD.findall(inside):
        kind = re.search(r'\btype="(\w+)"', attributes)
        off = re.search(r'autocomplete="([\w-]+)"', attributes)
        if off and off[1] in NOT_KEPT:
            continue
        if tag == "textarea" or (kind[1] if kind else "text") in ("text", "url"):
            return True
    return False


@cache
def text_forms() -> Mapping[str, str]:
    """The names of the addresses to which forms with a text go, each with where it was found."""
    found: dict[str, str] = {}
    for name, view in views().items():
        classes, templates = used_by(view)
        asked = sorted(made.__name__ for made in classes if has_text(made))
        elsewhere = set()
        for template in sorted(templates):
            for head, inside in _FORM.findall(source_of(template)):
                if 'method="post"' not in head or "data-not-kept" in head:
                    continue
                to = _TO.search(head)
                if _typed_by_hand(inside):
                    found.setdefault(to[1] if to else name, template)
                if to and _FOREIGN.search(inside):
                    elsewhere.add(to[1])
        if asked and not elsewhere - {name}:
            found.setdefault(name, ", ".join(asked))
    return found
