"""Rows of the first release keep their names under the uses to which they belong."""

import importlib

import pytest
from django.apps import apps

from kaoping.evidence import queries
from kaoping.evidence.models import Artefact, Upload

pytestmark = pytest.mark.django_db


def test_a_name_becomes_that_of_its_first_uploader_and_nobody_elses(now):
    common = {"size": 1, "media_type": "application/pdf", "stored_at": now}
    Artefact.objects.create(sha256="a" * 64, name="甲局方案.pdf", stored_by="联络员甲", **common)
    Artefact.objects.create(sha256="b" * 64, name="http://a.test/1.html", stored_by="本平台", **common)
    step = importlib.import_module("kaoping.evidence.migrations.0003_uploads_and_disposals")
    step.name_earlier_uploads(apps, None)
    [upload] = Upload.objects.all()
    assert (upload.name, upload.by, upload.confirmed) == ("甲局方案.pdf", "联络员甲", False)
    assert queries.plain_name("a" * 64) == "材料-aaaaaaaa.pdf"
