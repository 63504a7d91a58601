"""公布承诺值 is said of what stands on the public shelf: the commitment before the draw, the protocol after it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kaoping.accounts.actor import Actor
from kaoping.cli.commands import draw as command
from kaoping.drawing import check_protocol
from kaoping.inspection import queries
from kaoping.inspection.models import Draw
from kaoping.inspection.services import commit_draw, run_draw
from kaoping.publication import jobs, shelf
from kaoping.support.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.KAOPING_PUBLISHED = tmp_path / "published"
    return tmp_path / "published"


@pytest.fixture
def committed(folder: Path, units: Any, cast: Callable[..., Actor], now: datetime) -> Draw:
    return commit_draw(
        actor=cast("office_handler"),
        title="第二季度抽查",
        sizes={"未分组": 1},
        source="示例彩票第2025060期",
        source_on=now.date() + timedelta(days=1),
        now=now,
    )


def test_the_commitment_is_published_by_a_job_before_anything_is_drawn(
    committed: Draw, folder: Path, now: datetime
) -> None:
    assert Job.objects.filter(name="kaoping.publication.jobs:publish_draws").exists()
    assert committed.published_at is None
    jobs.publish_draws(now=now)
    (there,) = shelf.draws(folder)
    assert there["commitment"] == committed.commitment and there["source"] == "示例彩票第2025060期"
    assert there["result"] is None and committed.nonce not in json.dumps(there)
    committed.refresh_from_db()
    assert committed.published_at == now


def test_the_protocol_follows_and_anybody_draws_it_again(
    committed: Draw, folder: Path, now: datetime, cast: Callable[..., Actor], capsys: Any
) -> None:
    jobs.publish_draws(now=now)
    later = now + timedelta(days=1)
    run_draw(actor=cast("office_handler"), draw=committed, public_value="06 11 17", now=later)
    jobs.publish_draws(now=later)
    jobs.publish_draws(now=later)
    (there,) = shelf.draws(folder)
    assert check_protocol(there["result"], there["commitment"]) == []
    path = folder / "draws" / f"{committed.pk}.json"
    assert _run(str(path), committed.commitment) == 0
    assert _run(str(path), "0" * 64) == 1
    assert "与抽取前公布的承诺不符" in capsys.readouterr().out
    path.write_text(json.dumps({**there, "list": {"未分组": ["U1"]}}))
    assert _run(str(path), committed.commitment) == 1


def _run(path: str, commitment: str) -> int:
    return command.run(argparse.Namespace(path=path, commitment=commitment, json=False))


def test_what_was_published_of_a_draw_is_not_written_over(
    committed: Draw, folder: Path, now: datetime
) -> None:
    jobs.publish_draws(now=now)
    Draw.objects.filter(pk=committed.pk).update(source="另一期")
    with pytest.raises(shelf.ShelfError, match="不能覆盖"):
        jobs.publish_draws(now=now)
    assert [one.pk for one in queries.draws()] == [committed.pk]


def test_a_draw_that_the_shelf_tells_otherwise_keeps_no_other_from_the_public(
    committed: Draw, folder: Path, now: datetime, cast: Callable[..., Actor]
) -> None:
    jobs.publish_draws(now=now)
    path = folder / "draws" / f"{committed.pk}.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "commitment": "changed"}), encoding="utf-8")
    later = commit_draw(
        actor=cast("office_handler"),
        title="第三季度抽查",
        sizes={"未分组": 1},
        source="示例彩票第2025090期",
        source_on=now.date() + timedelta(days=1),
        now=now,
    )
    with pytest.raises(shelf.ShelfError, match=f"第 {committed.pk} 次抽取已经公布过别的内容"):
        jobs.publish_draws(now=now)
    assert [one["draw"] for one in shelf.draws(folder)] == [later.pk, committed.pk]
    later.refresh_from_db()
    assert later.published_at == now
