"""What is an organiser's: the two columns of whose year it is."""

from __future__ import annotations

from django.db import models

from kaoping.scoring.organised import OrganisedYear


class Organised(models.Model):
    """Something of an organiser's year. ``organiser`` is a code of ``registry.Organiser``."""

    organiser = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True

    @property
    def key(self) -> OrganisedYear:
        """Whose year it is: what addresses, files and the audit log call it by."""
        return OrganisedYear(self.organiser, self.year)

    @property
    def log_id(self) -> str:
        """How the audit log names it."""
        return str(self.key)
