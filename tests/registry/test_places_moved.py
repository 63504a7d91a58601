"""Upgrading an installation whose places stood beside visits: each keeps as id what the ledger's lines call it."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kaoping.registry.queries.places import spots

BEFORE = [("inspection", "0004_spellings"), ("registry", "0001_initial")]


@pytest.mark.django_db(transaction=True)
def test_places_enter_the_register_with_their_ids_and_spellings():
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    try:
        apps = executor.loader.project_state(BEFORE).apps
        unit = apps.get_model("registry", "Organisation").objects.create(
            code="U1", name="甲局", short_name="甲局", kind="department"
        )
        old, since = apps.get_model("inspection", "Place").objects, datetime(2025, 3, 1, tzinfo=UTC)
        root = old.create(organisation=unit, key="图书馆查阅点", name="图书馆 查阅点", since=since)
        old.create(organisation=unit, key="查阅点", name="查阅点", since=since, same_as=root)
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    [one] = spots("U1")
    assert (one.code, one.name, one.others, one.kind, one.proposed) == (
        "图书馆查阅点",
        "图书馆 查阅点",
        ("查阅点",),
        "",
        False,
    )
