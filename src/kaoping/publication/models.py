"""Tables of publication, append-only."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kaoping.registry.organised import Organised


class Release(Organised):
    """An organiser's frozen year. The full bundle and the published part are stored by their digests."""

    number = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=20)
    sheet_digest = models.CharField(max_length=64)
    full_digest = models.CharField(max_length=64)
    full_sha256 = models.CharField(max_length=64)
    public_digest = models.CharField(max_length=64)
    public_sha256 = models.CharField(max_length=64)
    signatures = models.JSONField()
    example = models.BooleanField()
    frozen_at = models.DateTimeField()
    frozen_by = models.CharField(max_length=60)
    frozen_by_id = models.CharField(max_length=40, null=True)  # null in rows of earlier releases

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organiser", "year", "number"], name="one_release_number")
        ]

    @property
    def log_id(self) -> str:
        """How the audit log names it: whose year, and the number in it."""
        return f"{self.key}-{self.number}"


class ReleaseAct(models.Model):
    """A release was published or withdrawn."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=12)  # published | withdrawn
    reason = models.TextField(blank=True, default="")
    by = models.CharField(max_length=60)
    by_id = models.CharField(max_length=40, null=True)  # null in rows of earlier releases
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
