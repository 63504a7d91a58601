"""Tables of inspection."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from kaoping.scoring.targets import LONGEST


class Draw(models.Model):
    """A draw of units to visit: ``protocol`` holds list, digest and sizes before the draw, ``result`` all that draws again.

    ``nonce`` is secret until ``drawn_at``. ``source`` names the public value at committing, ``source_on`` the day on which it
    comes out; both are unknown of draws older than these columns. ``published_at``: the commitment stands on the public page.
    """

    organiser = models.CharField(max_length=40)  # who draws
    title = models.CharField(max_length=120)
    commitment = models.CharField(max_length=64)
    nonce = models.CharField(max_length=64)
    protocol = models.JSONField()
    committed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    committed_at = models.DateTimeField()
    source = models.CharField(max_length=120, blank=True, default="")
    source_on = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)
    seed = models.CharField(max_length=120, blank=True, default="")
    drawn_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]


class Visit(models.Model):
    """What an inspector saw at a place, about one item or one known fault (check and target); append-only."""

    organiser = models.CharField(max_length=40)  # for whom the inspector went
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT)
    place = models.CharField(max_length=120)
    item = models.CharField(max_length=40, blank=True, default="")
    outcome = models.CharField(max_length=16)
    note = models.TextField(blank=True, default="")
    check_id = models.CharField(max_length=40, blank=True, default="")
    target = models.CharField(max_length=LONGEST, blank=True, default="")
    draw = models.ForeignKey(Draw, null=True, on_delete=models.PROTECT, related_name="visits")
    photo = models.CharField(max_length=64, blank=True, default="")
    visited_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    client_id = models.CharField(max_length=64, unique=True)
    observation = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["-id"]
