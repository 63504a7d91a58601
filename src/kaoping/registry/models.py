"""Tables of the register."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Organisation(models.Model):
    """An organ or enterprise. Codes are text; ``kind`` is one of ``logic.KINDS``."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=60)
    kind = models.CharField(max_length=30)
    parent = models.CharField(max_length=40, blank=True, default="")
    leading_department = models.CharField(max_length=40, blank=True, default="")
    group = models.CharField(max_length=60, blank=True, default="")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    participates = models.BooleanField(default=True)
    successor = models.CharField(max_length=40, blank=True, default="")
    site_url = models.CharField(max_length=300, blank=True, default="")
    site_id_code = models.CharField(max_length=20, blank=True, default="")
    order = models.PositiveIntegerField(default=0)
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["order", "code"]

    def __str__(self) -> str:
        return self.short_name


class Organiser(models.Model):
    """Who assesses others (组织方): the body of the register in whose name an office works, and what that office is called.

    ``code`` is the body's code of the day on which it first organised something; it stands in addresses, file names and the
    ledger and never changes. ``main``: for whom this installation was set up. Roles that name no organisation are held for it,
    and what was made before there were organisers is its.
    """

    code = models.CharField(max_length=40, unique=True)
    office = models.CharField(max_length=60)
    main = models.BooleanField(default=False)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["main"], condition=models.Q(main=True), name="one_main_organiser")
        ]

    def __str__(self) -> str:
        return self.office


class SiteColumn(models.Model):
    """A column that a unit's site promises, with the longest time it may go without a new entry (days)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="columns")
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=300)
    kind = models.CharField(max_length=30)
    period_days = models.PositiveIntegerField()


class Appointment(models.Model):
    """A person holds a role, for an organisation or for the whole city, between two days."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments"
    )
    role = models.CharField(max_length=40)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)


class Place(models.Model):
    """A place of a unit where it is looked at: a hall, a reading point. ``code`` is what targets name and never changes.

    ``added_at`` is null while an inspector proposed the place in words and no officer has added it. ``same_as`` is the place
    of which this is another entry, such as another spelling or a former name; that one has none itself. Places that visits
    named before there was a register have their key as code, as the lines about them do, and no kind.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    code = models.CharField(max_length=120)
    key = models.CharField(max_length=120)  # logic.place_key of the name
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, blank=True, default="")  # logic.PLACE_KINDS
    located = models.CharField(max_length=200, blank=True, default="")  # 所在地
    since = models.DateTimeField()
    added_at = models.DateTimeField(null=True)
    closed_on = models.DateField(null=True)
    same_as = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="spellings")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "code"], name="one_place_a_code"),
            models.UniqueConstraint(fields=["organisation", "key"], name="one_place_a_key"),
        ]
