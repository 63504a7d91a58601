"""Run by ``test_places_moved`` as a process of its own: a database of the release before is filled, upgraded and read."""

import json
from datetime import UTC, datetime

import django

django.setup()

from django.db import connection  # noqa: E402 - tables and settings come with the set-up
from django.db.migrations.executor import MigrationExecutor  # noqa: E402

from kaoping.registry.queries.places import spots  # noqa: E402

BEFORE = [("inspection", "0004_spellings"), ("registry", "0001_initial")]


def main() -> None:
    """Print what the register says of the places after the upgrade."""
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    apps = executor.loader.project_state(BEFORE).apps
    unit = apps.get_model("registry", "Organisation").objects.create(
        code="U1", name="甲局", short_name="甲局", kind="department"
    )
    old, since = apps.get_model("inspection", "Place").objects, datetime(2025, 3, 1, tzinfo=UTC)
    root = old.create(organisation=unit, key="图书馆查阅点", name="图书馆 查阅点", since=since)
    old.create(organisation=unit, key="查阅点", name="查阅点", since=since, same_as=root)
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    found = [(one.code, one.name, one.others, one.kind, one.proposed) for one in spots("U1")]
    print(json.dumps(found, ensure_ascii=False))  # noqa: T201 - read by the test


if __name__ == "__main__":
    main()
