"""Every form with a text that the product has, read from its addresses, views, form classes and templates: no list.

A view names its form classes and templates, itself or in what it calls; a form in a template names where it goes.
"""

from __future__ import annotations

import dis
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

from kaoping.web.ui.case_acts import ActFields, drawn

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


def _code(function: FunctionType) -> Iterator[CodeType]:
    """The code of a function and of those that are written in it."""
    todo = [function.__code__]
    while todo:
        one = todo.pop()
        yield one
        todo += [inner for inner in one.co_consts if isinstance(inner, CodeType)]


def _loaded(function: FunctionType) -> Iterator[Any]:
    for code in _code(function):
        for step in dis.get_instructions(code):
            if step.opname.startswith("LOAD_GLOBAL"):
                yield function.__globals__.get(step.argval)


@cache
def functions_of(view: Callable[..., Any]) -> tuple[FunctionType, ...]:
    """A view and the functions of the web that it calls, themselves or through others."""
    seen: list[FunctionType] = []
    todo: list[Any] = [view]
    while todo:
        one = inspect.unwrap(todo.pop())
        if one in seen or not isinstance(one, FunctionType) or not one.__module__.startswith("kaoping.web"):
            continue
        seen.append(one)
        todo += [*_loaded(one), *inspect.getclosurevars(one).nonlocals.values()]
        todo = [each for each in todo if isinstance(each, FunctionType)]
    return tuple(seen)


def used_by(view: Callable[..., Any]) -> tuple[set[type[forms.Form]], set[str]]:
    """The form classes and the templates that a view names, itself or in functions of the web that it calls."""
    classes: set[type[forms.Form]] = set()
    templates: set[str] = set()
    for function in functions_of(view):
        for value in _loaded(function):
            made = value.form if isinstance(value, type) and issubclass(value, BaseFormSet) else value
            if isinstance(made, type) and issubclass(made, forms.Form):
                classes.add(made)
        for code in _code(function):
            templates |= {one for one in code.co_consts if isinstance(one, str) and one.endswith(".html")}
    return classes, templates


def editing_forms() -> dict[str, bool]:
    """The names of addresses whose form shows what is stored and saves over it, and whether it knows its edition.

    Such a form is made with what it shows at first (``initial``), in whichever way, or is written by hand around it; one of
    several on a page says so itself (``ActFields.at_first``).
    """
    found = {}
    for name, view in views().items():
        functions = functions_of(view)
        shows = any(
            isinstance(one, tuple) and "initial" in one
            for function in functions
            if function is not drawn
            for code in _code(function)
            for one in code.co_consts
        )
        knows = any("opened_with" in code.co_names for function in functions for code in _code(function))
        shows |= any(
            made.to == name and made.at_first for made in used_by(view)[0] if issubclass(made, ActFields)
        )
        if shows or knows:
            found[name] = knows
    return found


def written_over() -> Iterator[tuple[str, str]]:
    """(template, what a field holds at first) of every form by hand that carries no edition."""
    for template in sorted({one for view in views().values() for one in used_by(view)[1]}):
        for head, inside in _FORM.findall(source_of(template)):
            if 'method="post"' not in head or "{% edition" in inside:
                continue
            held = re.findall(r"<textarea[^>]*>(.*?)</textarea>", inside, re.S)
            for tag, attributes in _FIELD.findall(inside):
                kind = re.search(r'\btype="(\w+)"', attributes)
                if tag == "input" and (not kind or kind[1] not in ("hidden", "checkbox", "radio", "file")):
                    held += re.findall(r'\bvalue="((?:{%.*?%}|{{.*?}}|[^"])*)"', attributes)
            for one in held:
                yield from ((template, name.strip()) for name in re.findall(r"{{(.*?)}}", one))


def is_text(field: forms.Field) -> bool:
    """Whether a person types words into a field, and would miss them."""
    widget = field.widget
    if isinstance(widget, forms.PasswordInput) or widget.attrs.get("autocomplete") in NOT_KEPT:
        return False
    if "inputmode" in widget.attrs:
        return False  # a number
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
        if "inputmode" in attributes:
            continue  # a number
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
        asked = sorted(
            made.__name__
            for made in classes
            if has_text(made) and not (issubclass(made, ActFields) and made.to != name)
        )
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
