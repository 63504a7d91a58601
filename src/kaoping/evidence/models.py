"""Tables of the ledger. Triggers refuse change and removal on both database engines."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Observation(models.Model):
    """One observation, in the columns of the file format; ``uid`` is its id there."""

    uid = models.CharField(max_length=64, unique=True)
    unit = models.CharField(max_length=40, db_index=True)
    item = models.CharField(max_length=40, blank=True, default="")
    check_id = models.CharField(max_length=40, blank=True, default="")
    source = models.CharField(max_length=12)
    observed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=12)
    value = models.JSONField(null=True)
    reason = models.TextField(blank=True, default="")
    by = models.CharField(max_length=60, blank=True, default="")
    supersedes = models.CharField(max_length=64, blank=True, default="", db_index=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["observed_at"]), models.Index(fields=["unit", "item"])]


class Artefact(models.Model):
    """Bytes kept by their digest. A row is never changed; destroyed bytes have a ``Destruction`` row."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    name = models.CharField(max_length=200, blank=True, default="")
    stored_at = models.DateTimeField()
    stored_by = models.CharField(max_length=60)


class ObservationArtefact(models.Model):
    """What proves an observation: stored bytes, an address, or both."""

    observation = models.ForeignKey(Observation, on_delete=models.PROTECT, related_name="artefacts")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    url = models.CharField(max_length=500, blank=True, default="")


class Destruction(models.Model):
    """The recorded two-person act that destroyed an artefact's bytes (a leaked identity number must not stay)."""

    sha256 = models.CharField(max_length=64, unique=True)
    reason = models.TextField()
    proposed_by = models.CharField(max_length=60)
    confirmed_by = models.CharField(max_length=60)
    at = models.DateTimeField()
