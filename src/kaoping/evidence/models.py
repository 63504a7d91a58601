"""Tables of the ledger. Triggers refuse change and removal on both database engines."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kaoping.scoring.targets import LONGEST


class Observation(models.Model):
    """One observation, in the columns of the file format; ``uid`` is its id there.

    ``format`` is the format of observations that the line was recorded in; null for lines of the first release, which have
    neither ``target`` nor ``act`` and are never written anew (``logic.of_first_release`` reads them). ``organiser`` is in whose years it counts.
    """

    uid = models.CharField(max_length=64, unique=True)
    organiser = models.CharField(max_length=40)
    unit = models.CharField(max_length=40, db_index=True)
    item = models.CharField(max_length=40, blank=True, default="")
    check_id = models.CharField(max_length=40, blank=True, default="")
    source = models.CharField(max_length=12)
    observed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=12)
    value = models.JSONField(null=True)
    reason = models.TextField(blank=True, default="")
    by = models.CharField(max_length=60, blank=True, default="")
    by_id = models.CharField(max_length=40, null=True)  # null in rows of earlier releases
    supersedes = models.CharField(max_length=64, blank=True, default="", db_index=True)
    # Null and no default: a column is added without the table, and with it its protection, being made anew.
    target = models.CharField(max_length=LONGEST, null=True)  # noqa: DJ001
    act = models.CharField(max_length=120, null=True)  # noqa: DJ001
    format = models.PositiveSmallIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["observed_at"]), models.Index(fields=["unit", "item"])]


class Artefact(models.Model):
    """Bytes kept by their digest. A row is never changed; destroyed bytes have a ``Destruction`` row.

    ``name`` is that of bytes which the program made or captured. Handed-in bytes have their names in ``Upload``: equal
    bytes of two people are one artefact under two names. ``made_from`` is the digest of the page of which this is a picture, else null;
    where the page's bytes stand, there stands the picture.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    name = models.CharField(max_length=200, blank=True, default="")
    stored_at = models.DateTimeField()
    stored_by = models.CharField(max_length=60)
    stored_by_id = models.CharField(max_length=40, null=True)  # null in rows of earlier releases
    made_from = models.CharField(max_length=64, null=True, db_index=True)


class ObservationArtefact(models.Model):
    """What proves an observation: stored bytes, an address, or both."""

    observation = models.ForeignKey(Observation, on_delete=models.PROTECT, related_name="artefacts")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    url = models.CharField(max_length=500, blank=True, default="")


class Destruction(models.Model):
    """The recorded two-person act that destroyed an artefact's bytes (a leaked identity number must not stay)."""

    sha256 = models.CharField(max_length=64, unique=True)
    reason = models.TextField()
    proposed_by = models.CharField(max_length=60)
    proposed_by_id = models.CharField(max_length=40, null=True)  # null in rows of earlier releases
    confirmed_by = models.CharField(max_length=60)
    confirmed_by_id = models.CharField(max_length=40, null=True)  # null in rows of earlier releases
    at = models.DateTimeField()


class Upload(models.Model):
    """One person handed in these bytes under this name, and confirmed that they hold no secret."""

    sha256 = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=200)
    by_id = models.CharField(max_length=40, blank=True, default="")
    by = models.CharField(max_length=60)
    at = models.DateTimeField()
    confirmed = models.BooleanField()  # false for what was handed in before the question was asked
    unread = models.CharField(max_length=300, blank=True, default="")  # what the look could not look at

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sha256", "by_id", "name"], name="one_upload_a_person_and_name")
        ]


class RefusedFile(models.Model):
    """Bytes that bore a 密级 mark and were not kept: only their digest, so that a false alarm can be lifted."""

    sha256 = models.CharField(max_length=64, db_index=True)
    by_id = models.CharField(max_length=40)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sha256", "by_id"], name="one_refusal_a_person")
        ]


class Seal(models.Model):
    """One person put bytes out of everybody's reach (封存); it ends by a confirmed proposal only."""

    sha256 = models.CharField(max_length=64, db_index=True)
    by_id = models.CharField(max_length=40)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()


class Proposal(models.Model):
    """What one person proposes about bytes and another decides: destroy, unseal, let a refused file pass."""

    kind = models.CharField(max_length=12)
    sha256 = models.CharField(max_length=64, db_index=True)
    reason = models.TextField()
    uses = models.JSONField(default=list)  # the uses that were shown, in words without file names
    paper = models.CharField(max_length=64, blank=True, default="")
    by_id = models.CharField(max_length=40)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()


class Decision(models.Model):
    """How a proposal ended; ``seal`` is the seal that ended with it."""

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="decision")
    confirmed = models.BooleanField()
    seal = models.OneToOneField(Seal, null=True, on_delete=models.PROTECT, related_name="end")
    by_id = models.CharField(max_length=40)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()


class Act(models.Model):
    """What withdrew lines by the ledger's own processes: a ruling (about one line) or the undoing of a whole import.

    ``line`` is the line ruled on, empty for an import. A ruling that takes two is without effect before its ``Second``.
    """

    ref = models.CharField(max_length=120, unique=True)  # ruling:<id> | batch:<id>
    line = models.CharField(max_length=64, blank=True, default="", db_index=True)
    reason = models.TextField()
    by = models.CharField(max_length=60)
    by_id = models.CharField(max_length=40)
    at = models.DateTimeField()
    takes_two = models.BooleanField(default=False)


class Second(models.Model):
    """The second person's answer to an act that takes two."""

    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="second")
    agreed = models.BooleanField()
    by = models.CharField(max_length=60)
    by_id = models.CharField(max_length=40)
    at = models.DateTimeField()


class Closing(models.Model):
    """From when the lines of an item inside some days stand: the year's round of review closed.

    Afterwards only an appeal, a correction or a ruling by two people moves them. ``item`` is ``check:`` and the check of lines
    that name no item, empty for lines of neither; ``closed`` false opens the days again. It concerns the lines of ``organiser`` alone.
    """

    organiser = models.CharField(max_length=40)
    key = models.CharField(max_length=60)
    item = models.CharField(max_length=40, blank=True, default="")
    start = models.DateField()
    end = models.DateField()
    closed = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["item", "start", "end"])]
