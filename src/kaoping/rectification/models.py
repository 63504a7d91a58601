"""Tables of rectification."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kaoping.evidence.captured import CapturedLink
from kaoping.scoring.targets import LONGEST


class Case(models.Model):
    """One fault of one unit, followed by an organiser. ``fault`` is what makes it one: check (or item) and target."""

    organiser = models.CharField(max_length=40)
    number = models.CharField(max_length=60, unique=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT)
    # For reading and for lists. Lines about the fault name the check, and no item, where there is one.
    item = models.CharField(max_length=40)
    check_id = models.CharField(max_length=40, blank=True, default="")
    fault = models.CharField(max_length=LONGEST + 60)
    target = models.CharField(
        max_length=LONGEST, blank=True, default=""
    )  # of cases before targets: an address
    title = models.CharField(max_length=200)
    order_text = models.TextField()
    state = models.CharField(max_length=12)  # logic.STATES
    days = models.PositiveIntegerField(default=0)  # working days given when served
    opened_at = models.DateTimeField()
    served_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=60, blank=True, default="")
    closed_by_id = models.CharField(max_length=40, blank=True, default="")
    ending = models.CharField(max_length=12, blank=True, default="")  # logic.ENDINGS, when closed
    # The number of the settled case about the same fault, when the fault came back (反弹).
    relapse_of = models.CharField(max_length=60, blank=True, default="")
    # The number of the case about the same place with which this one was joined, when it ended so.
    merged_into = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["state", "due_on"])]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organiser", "organisation", "fault"],
                condition=~models.Q(state__in=("passed", "closed")),
                name="one_unsettled_case_a_fault",
            )
        ]

    @property
    def log_id(self) -> str:
        """How the audit log names it: people know a case by its number."""
        return self.number


class CaseObservation(models.Model):
    """An observation merged into the case: crawler, visit and citizen about one fault."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="observations")
    observation = models.CharField(max_length=64, unique=True)
    source = models.CharField(max_length=12)
    value = models.CharField(max_length=16)
    at = models.DateTimeField()
    by = models.CharField(max_length=60, blank=True, default="")
    by_id = models.CharField(max_length=40, null=True)  # null in rows of earlier releases
    reason = models.TextField(blank=True, default="")


class CaseEntry(models.Model):
    """One entry of the timeline; append-only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="entries")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    actor = models.CharField(max_length=60)
    person = models.CharField(max_length=40, null=True)  # the person's id; null in rows of the first release
    text = models.TextField()
    sha256 = models.CharField(max_length=64, blank=True, default="")
    url = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "person"], condition=models.Q(kind="seen"), name="one_first_look_a_person"
            )
        ]


class AnswerLink(CapturedLink):
    """What became of the address in a unit's answer; beside the entry, which never changes."""

    entry = models.OneToOneField(CaseEntry, on_delete=models.PROTECT, related_name="link")

    @property
    def url(self) -> str:
        """The address as the unit wrote it."""
        return self.entry.url


class Reminder(models.Model):
    """A promised reminder and when it ran; a row without ``ran_at`` after its time says that it did not, ``why`` why not.

    A deadline that became later after its reminder ran is reminded of again: another row of the same kind.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=20)
    promised_at = models.DateTimeField()
    ran_at = models.DateTimeField(null=True)
    why = models.CharField(
        max_length=120, blank=True, default=""
    )  # why nothing was written, when nothing was

    class Meta:
        ordering: ClassVar = ["promised_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "kind", "promised_at"], name="one_reminder_a_time")
        ]
