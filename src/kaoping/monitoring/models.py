"""Tables of monitoring."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kaoping.monitoring import logic
from kaoping.scoring.targets import LONGEST


class Run(models.Model):
    """One look at one unit's site. ``folder`` (below the runs folder) holds what was kept, '' when nothing was.

    ``outcomes`` counts the answers of each check, {check: {outcome: n}}; the answers themselves stay in the folder.
    """

    organiser = models.CharField(max_length=40)  # who looks
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, default="routine")  # routine | retest
    finding = models.ForeignKey(
        "monitoring.Finding", null=True, on_delete=models.PROTECT, related_name="retests"
    )  # what a re-test looks at
    folder = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField(max_length=10)  # logic.RUN_STATES
    asked_by = models.CharField(max_length=60, blank=True, default="")
    asked_by_id = models.CharField(max_length=40, blank=True, default="")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    pages = models.PositiveIntegerField(default=0)
    broken = models.PositiveIntegerField(default=0)
    undecided = models.PositiveIntegerField(default=0)
    unread = models.PositiveIntegerField(
        default=0
    )  # pages that could not be read, or not by their own encoding
    cut = models.TextField(blank=True, default="")  # what the limits left out, in words
    out_of_time = models.BooleanField(default=False)
    outcomes = models.JSONField(default=dict)
    whose = models.CharField(max_length=10, blank=True, default="")  # site | network | us
    cause = models.TextField(blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["organisation", "kind", "started_at"])]


class Finding(models.Model):
    """One check on one target of one unit, followed over runs. ``state`` is one of ``logic.FINDING_STATES``.

    A fault that comes back after it was cleared, or whose page came back after it was taken down, is a new finding.
    """

    organiser = models.CharField(max_length=40)  # who follows it
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT)
    check_id = models.CharField(max_length=40)
    # Of findings of earlier releases alone: their lines go on naming the item that the first one named.
    item = models.CharField(max_length=40)
    target = models.CharField(max_length=LONGEST)  # of findings before targets: an address
    state = models.CharField(max_length=12)
    reason = models.TextField(blank=True, default="")
    place = models.TextField(blank=True, default="")
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=60, blank=True, default="")
    decided_by_id = models.CharField(max_length=40, blank=True, default="")
    decision = models.TextField(blank=True, default="")
    observation = models.CharField(max_length=64, blank=True, default="")

    @property
    def address(self) -> str:
        """Where it was seen: the page, or the front page of the site that it is about."""
        return logic.named(self.target, self.organisation.site_url)[1]

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "check_id", "state"]),
            models.Index(fields=["state", "organisation"]),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organiser", "organisation", "check_id", "target"],
                condition=~models.Q(state__in=["cleared", "removed"]),
                name="one_open_finding_a_target",
            )
        ]


class Sighting(models.Model):
    """What one run said of a finding; append-only."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="sightings")
    run = models.ForeignKey(Run, on_delete=models.PROTECT)
    outcome = models.CharField(max_length=16)
    reason = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    artefact = models.CharField(max_length=64, blank=True, default="")
