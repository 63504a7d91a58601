"""Freeze, publish, correct, withdraw; the bundle gives exactly what was signed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from kaoping.accounts.actor import Refused
from kaoping.publication import queries, services, shelf
from kaoping.publication.bundle.canonical import loads, sha256
from kaoping.publication.bundle.verify import verify_files
from kaoping.publication.models import Release
from kaoping.registry.queries.organisers import main_year
from tests.campaigns.examples import Year

pytestmark = pytest.mark.django_db


def _freeze(year: Year) -> Release:
    return services.freeze(actor=year.handler, campaign=year.campaign, typed_year="2025", now=year.tick())


def test_the_bundle_gives_exactly_what_was_signed(frozen: Year) -> None:
    with pytest.raises(Refused, match="由政务公开办经办办理"):
        services.freeze(actor=frozen.signer, campaign=frozen.campaign, typed_year="2025", now=frozen.tick())
    with pytest.raises(Refused, match="请输入年份 2025"):
        services.freeze(actor=frozen.handler, campaign=frozen.campaign, typed_year="", now=frozen.tick())
    release = _freeze(frozen)
    files = queries.full_files(release)
    assert files is not None
    assert sha256(files["results.json"]) == release.sheet_digest
    verdict = verify_files(files, digest=release.full_digest)
    assert verdict.ok, verdict.as_json()
    assert verdict.complete
    assert "签发人丁" not in files["manifest.json"].decode()
    assert "专家甲" in files["observations.jsonl"].decode()
    assert "专家己" not in files["observations.jsonl"].decode()
    with pytest.raises(Refused, match="已经生成发布包"):
        _freeze(frozen)
    with pytest.raises(DatabaseError, match="只增不改"), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(level="full")


def test_the_public_part_is_cut_to_the_level_and_names_the_whole(frozen: Year) -> None:
    release = _freeze(frozen)
    public = queries.public_files(release)
    assert public is not None
    assert release.level == "first_level"
    assert "observations.jsonl" not in public
    assert loads(public["manifest.json"])["full_digest"] == release.full_digest
    verdict = verify_files(public, digest=release.public_digest)
    assert verdict.ok
    assert not verdict.complete
    whole = queries.bundle_of_year(main_year(2025))
    assert whole == queries.full_files(release)
    assert queries.bundle_of_year(main_year(2024)) is None


def test_publishing_waits_for_the_approved_result(frozen: Year, published_folder: Path) -> None:
    release = _freeze(frozen)
    with pytest.raises(Refused, match="还不能公开：结果呈批表缺经办、"):
        services.publish(actor=frozen.handler, release=release, now=frozen.tick())
    assert shelf.latest(published_folder) is None
    frozen.sign("result")
    services.publish(actor=frozen.handler, release=release, now=frozen.tick())
    frozen.campaign.refresh_from_db()
    assert frozen.campaign.stage == "published"
    found = shelf.latest(published_folder, main_year(2025))
    assert found is not None
    assert found.facts["full_digest"] == release.full_digest
    assert found.facts["appeals"] == {}
    with pytest.raises(Refused, match="已经公开"):
        services.publish(actor=frozen.handler, release=Release.objects.get(), now=frozen.tick())


def test_a_failed_write_publishes_nothing(
    frozen: Year, published_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = _freeze(frozen)
    frozen.sign("result")

    def broken(*_args: object) -> None:
        raise shelf.ShelfError("磁盘满")

    monkeypatch.setattr(shelf, "write_release", broken)
    with pytest.raises(shelf.ShelfError):
        services.publish(actor=frozen.handler, release=release, now=frozen.tick())
    frozen.campaign.refresh_from_db()
    assert frozen.campaign.stage == "frozen"
    assert not release.acts.exists()


def test_releases_cost_the_same_queries_whatever_their_number(
    frozen: Year, django_assert_num_queries: Any
) -> None:
    _freeze(frozen)
    with django_assert_num_queries(2):
        assert [len(one.acts.all()) for one in queries.releases()] == [0]
