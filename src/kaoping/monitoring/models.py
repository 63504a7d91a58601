"""Tables of monitoring."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Run(models.Model):
    """One crawl of one unit's site; its files are in ``folder`` below the runs folder."""

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT)
    folder = models.CharField(max_length=200)
    state = models.CharField(max_length=10)  # waiting | done | failed
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    pages = models.PositiveIntegerField(default=0)
    broken = models.PositiveIntegerField(default=0)
    undecided = models.PositiveIntegerField(default=0)
    whose = models.CharField(max_length=10, blank=True, default="")  # site | network | us
    cause = models.TextField(blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-id"]


class Finding(models.Model):
    """One check on one target of one unit, followed over runs. ``state`` is one of ``logic.FINDING_STATES``."""

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT)
    check_id = models.CharField(max_length=40)
    item = models.CharField(max_length=40)
    target = models.CharField(max_length=500)
    state = models.CharField(max_length=12)
    reason = models.TextField(blank=True, default="")
    place = models.TextField(blank=True, default="")
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=60, blank=True, default="")
    observation = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "check_id", "state"])]


class Sighting(models.Model):
    """What one run said of a finding."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="sightings")
    run = models.ForeignKey(Run, on_delete=models.PROTECT)
    outcome = models.CharField(max_length=16)
    at = models.DateTimeField()
    artefact = models.CharField(max_length=64, blank=True, default="")
