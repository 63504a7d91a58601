"""Archives of old looks: freed when their time is over and nothing refers to them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db.models import Q

from kaoping.monitoring import logic, queries
from kaoping.monitoring.models import Run, Sighting
from kaoping.support import ageing, prunings

# Screens show so many looks of a unit; these stay whole however old they are.
NEWEST: Final = 24
# What weighs. The summary and every answer of the look stay for ever.
_HEAVY: Final = ("*.warc.gz", "facts")


def old_archives(*, now: datetime, open_since: datetime | None = None) -> Iterator[tuple[Path, int]]:
    """Folders whose heavy part may go, with its bytes: old routine looks to which no finding that still counts refers.

    Looks from ``open_since`` on stay however old they are: a year that they belong to is not decided yet.

    Re-tests stay, since they prove that a fault was mended; so does whatever saw a finding that is not a false alarm.
    Evidence has its own bytes in the store and never depends on these.
    """
    before = now - ageing.RUNS.kept()
    needed = Sighting.objects.exclude(finding__state="cleared").values("run")
    if open_since is not None:
        before = min(before, open_since)
    old = Run.objects.filter(kind=logic.ROUTINE, finding=None, finished_at__lt=before).exclude(folder="")
    for run in old.exclude(Q(pk__in=needed)).order_by("pk").iterator(chunk_size=500):
        newer = Run.objects.filter(
            organisation=run.organisation_id, kind=logic.ROUTINE, pk__gt=run.pk
        ).count()
        if newer < NEWEST:
            continue
        folder = queries.folder_of(run)
        size = sum(path.stat().st_size for path in _heavy_files(folder))
        if size:
            yield folder, size


def free_old_archives(*, now: datetime, open_since: datetime | None = None) -> tuple[int, int]:
    """Remove the heavy part of them; returns how many and how many bytes. A row says by which rule."""
    count = freed = 0
    for folder, size in old_archives(now=now, open_since=open_since):
        for pattern in _HEAVY:
            for path in folder.glob(pattern):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        count, freed = count + 1, freed + size
    prunings.note(what="监测存档", rule=ageing.RUNS.words(), count=count, freed=freed, now=now)
    return count, freed


def _heavy_files(folder: Path) -> Iterator[Path]:
    for pattern in _HEAVY:
        for path in folder.glob(pattern):
            yield from (one for one in path.rglob("*") if one.is_file()) if path.is_dir() else (path,)
