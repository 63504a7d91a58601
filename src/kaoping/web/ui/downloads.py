"""Every list downloads: one function turns a ``Table`` into a CSV or XLSX response."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpResponse

from kaoping.reporting.render import csv, xlsx
from kaoping.reporting.tables import Table

_WRITERS: Final = {"csv": (csv.render_csv, csv.MEDIA_TYPE), "xlsx": (xlsx.render_xlsx, xlsx.MEDIA_TYPE)}


def download(table: Table, format: str) -> HttpResponse:
    """The list as a file (``csv`` or ``xlsx``; anything else is 404). A demonstration's files are marked 示例数据."""
    if format not in _WRITERS:
        raise Http404
    if settings.DEMO:
        table = table.marked_as_example()
    writer, media_type = _WRITERS[format]
    response = HttpResponse(writer(table), content_type=media_type)
    name = quote(f"{table.title}.{format}")
    response["Content-Disposition"] = f"attachment; filename=\"kaoping.{format}\"; filename*=UTF-8''{name}"
    response["Cache-Control"] = "no-store"
    return response
