"""Rulebook versions and the years for which they stand. The text of a version never changes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class RulebookVersion(models.Model):
    """The whole text of one rulebook; ``digest`` is the SHA-256 of its canonical files.

    ``adopted_at`` and ``adopted_by`` say when and by whom it was taken in. What an organiser handed in itself is a draft until a
    plan that carries it is approved (``RulebookUse``), and can be withdrawn until a plan chooses it.
    """

    rulebook = models.CharField(max_length=80)
    version = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, unique=True)
    files = models.JSONField()
    adopted_at = models.DateTimeField()
    adopted_by = models.CharField(max_length=60)
    adopted_by_id = models.CharField(max_length=40, null=True)  # null in rows of earlier releases
    # Whose draft; null of what is shipped. Null and no default: a column is added without the table, and with it its
    # protection, being made anew.
    organiser = models.CharField(max_length=40, null=True)  # noqa: DJ001

    class Meta:
        ordering: ClassVar = ["-id"]

    @property
    def draft(self) -> bool:
        """Whether an organiser handed it in itself."""
        return self.organiser is not None

    @property
    def withdrawn(self) -> RulebookWithdrawal | None:
        """How the draft was taken back, null while it stands."""
        return getattr(self, "withdrawal", None)


class RulebookWithdrawal(models.Model):
    """A draft was taken back before any plan used it; append-only, its text stays."""

    version = models.OneToOneField(RulebookVersion, on_delete=models.PROTECT, related_name="withdrawal")
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    by_id = models.CharField(max_length=40)
    reason = models.CharField(max_length=500)


class RulebookUse(models.Model):
    """A version came into force for some days: the plan of ``key`` (an organiser's year) that carries it was approved.

    ``ended_at``: the paper went back, or the year was voided. What the program works by on a day - how often a site is looked
    at, how long an order runs - is what the version in force says.
    """

    version = models.ForeignKey(RulebookVersion, on_delete=models.PROTECT, related_name="uses")
    organiser = models.CharField(max_length=40)
    key = models.CharField(max_length=60)
    first = models.DateField()
    last = models.DateField()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["first", "last"])]
