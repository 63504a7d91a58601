"""The columns of a row that holds an address handed in as evidence, whichever app the row belongs to."""

from __future__ import annotations

from django.db import models


class CapturedLink(models.Model):
    """What became of an address that somebody handed in (with a ``url`` of its own, '' for none).

    A job fetches its page: ``capture_sha256`` and ``capture_headers`` name its bytes and its headers, ``capture_at`` says when
    the last try ended, ``capture_failure`` why it kept nothing.
    """

    capture_sha256 = models.CharField(max_length=64, blank=True, default="", db_index=True)
    capture_headers = models.CharField(max_length=64, blank=True, default="")
    capture_at = models.DateTimeField(null=True)
    capture_failure = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        abstract = True
