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
    """One act, in words. Append-only by trigger; kept at least six months (网络安全法 第二十一条)."""

    at = models.DateTimeField(db_index=True)
    actor_id = models.CharField(max_length=40)
    actor_name = models.CharField(max_length=60)
    verb = models.CharField(max_length=60)
    thing_kind = models.CharField(max_length=40)
    thing_id = models.CharField(max_length=120)
    sentence = models.TextField()
    refused = models.BooleanField(default=False)


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
