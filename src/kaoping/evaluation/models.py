"""Tables of the public evaluation on the desk's side. Ballots are not here."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from kaoping.registry.organised import Organised

PERSON = settings.AUTH_USER_MODEL


class StandingPolls(models.Manager["Poll"]):
    """The polls that stand; one that was cancelled is found by ``Poll.every`` alone."""

    def get_queryset(self) -> models.QuerySet[Poll]:
        return super().get_queryset().filter(cancelled_at=None)


class Poll(Organised):
    """One organiser's evaluation of one year. ``state`` is one of ``logic.STATES``: prepared, open, sealed, opened, cancelled.

    One that was cancelled before its opening instant stays, with who cancelled it and why; another can then be prepared.
    """

    uid = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=10)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    questionnaire = models.JSONField()
    units = models.JSONField()
    public_key = models.CharField(max_length=64)
    seal_digest = models.CharField(max_length=64, blank=True, default="")
    sealed_count = models.PositiveIntegerField(null=True)
    sealed_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    example = models.BooleanField(default=False)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    cancel_reason = models.CharField(max_length=500, blank=True, default="")

    objects = StandingPolls()
    every: ClassVar[models.Manager[Poll]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organiser", "year"],
                condition=models.Q(cancelled_at=None),
                name="one_standing_poll_a_year",
            )
        ]

    @property
    def log_id(self) -> str:
        """How the audit log names it: receipts and files know a poll by this id."""
        return self.uid


class PollChange(models.Model):
    """Title and days as they were before a change, with who changed them, when and why; append-only."""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="changes")
    title = models.CharField(max_length=120)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class OpeningShare(models.Model):
    """One opener's half of the key, locked by that person's passphrase, and the act of opening."""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="shares")
    opener = models.ForeignKey(PERSON, on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField()
    locked = models.TextField()
    handed_in_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["poll", "position"], name="one_share_a_position"),
            models.UniqueConstraint(fields=["poll", "opener"], name="one_share_an_opener"),
        ]


class Opinion(models.Model):
    """A citizen's words about a unit; linked to no ballot. The office reads it at once, the unit does not."""

    uid = models.CharField(max_length=64, unique=True)
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="opinions")
    unit = models.CharField(max_length=40)
    text = models.TextField()
    arrived_on = models.DateField()
    # Last day to put a reasonable opinion right, as the office was shown it; null for opinions of the first release.
    due_on = models.DateField(null=True)
    # The day on which it was said to be put right; whether that was in time is judged again when the deadline moves.
    closed_on = models.DateField(null=True)
    collected_at = models.DateTimeField()
    reasonable = models.BooleanField(null=True)
    answer = models.TextField(blank=True, default="")
    answered_by = models.CharField(max_length=60, blank=True, default="")
    answered_by_id = models.CharField(max_length=40, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    closed_in_time = models.BooleanField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
