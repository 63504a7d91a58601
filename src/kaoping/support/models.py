"""Background jobs, claimed with one UPDATE; the row of a kept promise stays as its proof (``logic.keep_for``)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kaoping.support import logic


class Job(models.Model):
    """One piece of work. ``key`` makes enqueueing the same promise twice harmless."""

    WAITING, RUNNING, DONE, FAILED = logic.WAITING, logic.RUNNING, logic.DONE, logic.FAILED

    name = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=200, unique=True)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_by = models.CharField(max_length=80, default="", blank=True)
    lease_until = models.DateTimeField(null=True)
    enqueued_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    cause = models.TextField(default="", blank=True)
    result = models.TextField(default="", blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "due_at"])]


class Cursor(models.Model):
    """How far a job has read a table that only grows."""

    name = models.CharField(max_length=100, unique=True)
    position = models.BigIntegerField(default=0)


class Heartbeat(models.Model):
    """When a process of the installation was last seen (machine time)."""

    name = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField()


class ClockLook(models.Model):
    """The latest look at the clock from one boot of one machine (machine time, ``logic.Look``)."""

    place = models.CharField(max_length=20, unique=True)
    wall = models.DateTimeField()
    monotonic = models.FloatField()


class ClockHold(models.Model):
    """A reason not to trust the clock for what cannot be undone; it holds until a person confirmed the time."""

    kind = models.CharField(max_length=10)
    seconds = models.BigIntegerField()
    before = models.DateTimeField()
    found_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=40, blank=True, default="")


class Pruning(models.Model):
    """What was removed because its time was over: by which rule, how many, and how many bytes that freed. Append-only."""

    at = models.DateTimeField()
    rule = models.CharField(max_length=200)
    what = models.CharField(max_length=60)
    count = models.PositiveIntegerField()
    freed = models.BigIntegerField(default=0)
