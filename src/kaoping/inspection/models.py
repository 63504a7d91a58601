"""Tables of inspection."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Draw(models.Model):
    """A draw of units to visit: committed first, run later, re-runnable from ``protocol``."""

    title = models.CharField(max_length=120)
    commitment = models.CharField(max_length=64)
    nonce = models.CharField(max_length=64)
    protocol = models.JSONField()
    committed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    committed_at = models.DateTimeField()
    seed = models.CharField(max_length=120, blank=True, default="")
    drawn_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]


class Visit(models.Model):
    """What an inspector saw at a place, about one item; append-only."""

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT)
    place = models.CharField(max_length=120)
    item = models.CharField(max_length=40)
    outcome = models.CharField(max_length=16)
    note = models.TextField(blank=True, default="")
    photo = models.CharField(max_length=64)
    visited_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    client_id = models.CharField(max_length=64, unique=True)
    observation = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["-id"]
