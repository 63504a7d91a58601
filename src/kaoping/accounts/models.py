"""Tables of people and of the audit log."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models.functions import Lower


class PersonManager(BaseUserManager["Person"]):
    """Django's hook for making users; the verb is ``services.create_person``."""

    def get_by_natural_key(self, username: str | None) -> Person:
        """Names ignore case: whoever writes ChenJing is chenjing."""
        return self.get(username__iexact=username)


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

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("username"), name="accounts_person_username_ignores_case")
        ]

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


class PasswordLink(models.Model):
    """A one-time link by which a person sets a password, from the asking to the end of what follows from it.

    Only digests of the secret in the link and of the 核对码 are stored. ``ends_at`` and ``rests_until`` are instants of
    the machine (a link's life and the rest after it concern people at the door, not the year); the others are the year's.
    A link for a holder of a signing or separated role has no secret until the security administrator confirms.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="links")
    first = models.BooleanField()
    asked_by_id = models.CharField(max_length=40)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    confirmed_by_id = models.CharField(max_length=40, blank=True, default="")
    confirmed_by = models.CharField(max_length=60, blank=True, default="")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True, default="", db_index=True)
    code_digest = models.CharField(max_length=64, blank=True, default="")
    wrong = models.PositiveSmallIntegerField(default=0)
    ends_at = models.DateTimeField(null=True, blank=True)
    void_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    rests_until = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    released_by_id = models.CharField(max_length=40, blank=True, default="")
    released_by = models.CharField(max_length=60, blank=True, default="")
    released_at = models.DateTimeField(null=True, blank=True)


class KeptSession(AbstractBaseSession):
    """A session under the digest of its key: whoever reads this table, or a copy of it, holds no key.

    ``since`` is when the person signed in, by the machine's clock; ``address`` and ``browser`` are what was seen then.
    """

    person_id = models.CharField(max_length=40, blank=True, default="", db_index=True)
    since = models.DateTimeField(null=True, blank=True)
    address = models.CharField(max_length=45, blank=True, default="")
    browser = models.CharField(max_length=200, blank=True, default="")

    objects: ClassVar = BaseSessionManager()


class KnownBrowser(models.Model):
    """A browser in which a person has signed in: strangers who guess at the name elsewhere never shut it out.

    ``digest`` is that of the secret in its cookie. ``failures`` counts wrong passwords from this browser since ``failing_since``.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="browsers")
    digest = models.CharField(max_length=64, unique=True)
    address = models.CharField(max_length=45, blank=True, default="")
    seen_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)


class SecondFactor(models.Model):
    """One way in which a person proves, beside the password, to be there: a counter of codes, a code card, a certificate,
    an identity of the city (``confirmed_at`` is null where that stands for the password only).

    ``secret`` is sealed with the installation's key, which is not in the database; what it holds is said by its kind
    (``accounts.second_factor``). ``last_step`` keeps a code from being used twice; ``reused_at`` says when one was tried
    again, from ``reused_from``, until the person has been told. Instants are the machine's.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="factors")
    kind = models.CharField(max_length=20)
    secret = models.TextField()
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=-1)
    drift = models.SmallIntegerField(default=0)
    reused_at = models.DateTimeField(null=True, blank=True)
    reused_from = models.CharField(max_length=45, blank=True, default="")
    failures = models.PositiveSmallIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "kind"], name="accounts_one_factor_a_kind"),
            # An identity of the city is kept as its digest, and belongs to one person.
            models.UniqueConstraint(
                fields=["secret"], condition=models.Q(kind="city"), name="accounts_one_identity_a_person"
            ),
        ]
