"""How public pages leave: short-lived caches, varied by the reader's look, and files with their digest as tag."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers

from kaoping.patterns import linear

P = ParamSpec("P")
PAGE_SECONDS: Final = 60
BOM: Final = "\ufeff"
# What a spreadsheet might take for a formula, in half and in full width.
_RISKY: Final = linear(r"^[\s\p{Z}]*[=+\-@＝＋－＠]|^[\t\r\n]")
_NUMBER: Final = linear(r"^-?\p{Nd}+(\.\p{Nd}+)?$")


def public_page(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page that any cache may keep for a minute: a withdrawal is seen at once, a crowd reads from the cache."""

    @wraps(view)
    def served(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_vary_headers(response, ["Cookie"])
        if response.status_code in (200, 304):
            patch_cache_control(response, public=True, max_age=PAGE_SECONDS)
        return response

    return served


def csv_response(name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> HttpResponse:
    """A CSV file: BOM, codes as text, no cell that a spreadsheet would run. ``name`` is ASCII."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([harmless(one) for one in columns])
    writer.writerows([[harmless(cell) for cell in row] for row in rows])
    response = HttpResponse((BOM + out.getvalue()).encode(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def harmless(cell: Any) -> str:
    """A cell as text; an apostrophe in front of what a spreadsheet might run."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if _RISKY.match(text) and not _NUMBER.match(text) else text
