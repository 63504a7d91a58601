"""Tables of working days."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Arrangement(models.Model):
    """What the notice says of its years, as somebody entered it. The newest entry of a year that nobody withdrew counts.

    Never changed but for being withdrawn: a wrong entry stays with its successor. Persons are kept as text and id, as in the log.
    """

    years = models.JSONField()
    source = models.CharField(max_length=200)
    days = models.JSONField()  # [{"date", "working", "name"}], as in the file
    entered_by_id = models.CharField(max_length=40)
    entered_by = models.CharField(max_length=60)
    entered_at = models.DateTimeField()
    withdrawn_by_id = models.CharField(max_length=40, blank=True, default="")
    withdrawn_by = models.CharField(max_length=60, blank=True, default="")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["id"]


class DateNotice(models.Model):
    """One date that a unit had been told and that became later: 原定、改为、依据. Append-only."""

    unit = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)  # logic.KINDS
    thing = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    was = models.DateField()
    becomes = models.DateField()
    basis = models.CharField(max_length=300)
    by = models.CharField(max_length=60)
    by_id = models.CharField(max_length=40, null=True)  # null in rows of earlier releases
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["unit", "at"])]
