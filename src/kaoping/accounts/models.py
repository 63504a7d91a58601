"""Tables of people and of the audit log."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class PersonManager(BaseUserManager["Person"]):
    """Django's hook for making users; the verb is ``services.create_person``."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(username=username)


class Person(AbstractBaseUser):
    """One person who signs in. Phone numbers and identity numbers are not kept."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects = PersonManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class AuditEntry(models.Model):
    """One act, in words. Append-only by trigger; kept for ever, at least six months by law (网络安全法 第二十一条).

    Each line is a link of a chain (``chain``); lines from before the chain have no ``number``.
    """

    at = models.DateTimeField(db_index=True)
    actor_id = models.CharField(max_length=40)
    actor_name = models.CharField(max_length=60)
    verb = models.CharField(max_length=60)
    thing_kind = models.CharField(max_length=40)
    thing_id = models.CharField(max_length=120)
    sentence = models.TextField()
    refused = models.BooleanField(default=False)
    address = models.CharField(max_length=45, null=True)
    session = models.CharField(max_length=16, null=True)
    number = models.BigIntegerField(null=True)
    previous = models.CharField(max_length=64, null=True)
    digest = models.CharField(max_length=64, null=True)

    class Meta:
        constraints: ClassVar = [
            # With a condition SQLite needs no new table, which would lose the triggers.
            models.UniqueConstraint(
                fields=["number"], condition=models.Q(number__isnull=False), name="one_line_a_number"
            )
        ]


class FailedSignIn(models.Model):
    """How often a name was refused from an address within an hour; one line of the log when the hour is over."""

    hour = models.DateTimeField()
    name = models.CharField(max_length=60)
    address = models.CharField(max_length=45, blank=True, default="")
    count = models.PositiveIntegerField(default=0)
    locked = models.BooleanField(default=False)
    noted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hour", "address", "name"], name="one_fold_a_name")
        ]


class ReplacedText(models.Model):
    """A stored text that a later save replaced or shortened: who replaced it, when, and what it was.

    Append-only by trigger. ``thing_kind`` and ``thing_id`` name the thing as the audit log does.
    """

    at = models.DateTimeField()
    actor_id = models.CharField(max_length=40)
    actor_name = models.CharField(max_length=60)
    thing_kind = models.CharField(max_length=40)
    thing_id = models.CharField(max_length=120)
    field = models.CharField(max_length=60)
    text = models.TextField()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["thing_kind", "thing_id"])]
