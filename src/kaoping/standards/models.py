"""Adopted rulebook versions, append-only."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class RulebookVersion(models.Model):
    """The whole text of one rulebook as it was adopted; ``digest`` is the SHA-256 of its canonical files."""

    rulebook = models.CharField(max_length=80)
    version = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, unique=True)
    files = models.JSONField()
    adopted_at = models.DateTimeField()
    adopted_by = models.CharField(max_length=60)
    adopted_by_id = models.CharField(max_length=40, null=True)  # null in rows of earlier releases

    class Meta:
        ordering: ClassVar = ["-id"]
