"""Shared fixtures: the cast by role, a register of two units, one simulated instant."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from hypothesis import settings as hypothesis_settings

from kaoping.accounts.actor import Actor
from kaoping.support import clock
from tests.database import begin_with_copy, databases_of_a_test

if TYPE_CHECKING:
    from tests.cast import Cast

# ruff: noqa: PLC0415 - fixtures import the Django apps late, so that tests of the pure engine need none of them

# A busy machine is no fault of what is tested.
hypothesis_settings.register_profile("busy machine", deadline=None)
hypothesis_settings.load_profile("busy machine")

NOW = datetime(2025, 11, 24, 1, 30, tzinfo=UTC)
PASSWORD = "shuangxi-2025-kp"
SUMMARY = pytest.StashKey[str]()


# What `make test` leaves to `.ci/run`, with the words for its one-line summary.
LEFT_OUT = {"browser": "浏览器", "postgres": "PostgreSQL", "slow": "较慢的"}
PURE = "pure"
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--run-all``: leave nothing out. ``--database-only``: nothing that no database engine can change."""
    parser.addoption("--run-all", action="store_true", help="浏览器、PostgreSQL、较慢的测试也跑")
    parser.addoption(
        "--database-only", action="store_true", help="只跑用到主库的测试（另一种数据库的那一轮用）"
    )


def touches_database(item: pytest.Item) -> bool:
    """Whether a test reads or writes the main database of the settings: the rest is the same whatever engine it has."""
    return item.get_closest_marker("django_db") is not None or not DATABASE_FIXTURES.isdisjoint(
        getattr(item, "fixturenames", ())
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without ``--run-all`` and without ``-m``, what needs a browser, a server or patience is left out.

    The year in a browser is the longest of all: it comes first, so that no process waits for it at the end.
    """
    items.sort(key=lambda item: "journeys" not in item.path.parts)
    if config.getoption("--run-all") or config.getoption("-m"):
        return
    left = {item: mark for item in items for mark in LEFT_OUT if item.get_closest_marker(mark)}
    words = dict(LEFT_OUT)
    if config.getoption("--database-only"):
        words[PURE] = "不用主库、换数据库也不会不同的"
        left |= {item: PURE for item in items if item not in left and not touches_database(item)}
    counts = {mark: list(left.values()).count(mark) for mark in words}
    config.stash[SUMMARY] = "、".join(f"{words[mark]} {n} 项" for mark, n in counts.items() if n)
    if left:
        items[:] = [item for item in items if item not in left]
        config.hook.pytest_deselected(items=list(left))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of several hands its count to the process that prints."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash.get(SUMMARY, "")


class OfWorkers:
    """Where several processes share the tests, only they collect: what one left out, all left out."""

    def pytest_testnodedown(self, node: Any) -> None:
        """Take a worker's count."""
        node.config.stash[SUMMARY] = getattr(node, "workeroutput", {}).get("left_out", "")


def pytest_configure(config: pytest.Config) -> None:
    """Listen to workers where there are any."""
    if config.pluginmanager.hasplugin("xdist"):
        config.pluginmanager.register(OfWorkers())


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say in one line what was left out."""
    words = terminalreporter.config.stash.get(SUMMARY, "")
    if words:
        terminalreporter.write_line(f"没有跑：{words}（.ci/run 全跑，或加 --run-all）")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, pytestconfig: pytest.Config) -> None:
    """What the main database begins with: a migrated copy in memory, or the template that the server was given."""
    from django.db import connection

    template = os.environ.get("KAOPING_TEST_TEMPLATE")
    cache = getattr(pytestconfig, "cache", None)
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = template
    elif cache is not None:
        begin_with_copy(connection, cache.mkdir("kaoping-databases"))


def own_settings() -> dict[str, str]:
    """What this process has for settings of Kaoping."""
    return {name: value for name, value in os.environ.items() if name.startswith("KAOPING_")}


@pytest.fixture(autouse=True)
def settings_put_back() -> Iterator[None]:
    """Commands called in this process set ``KAOPING_*`` for what they start; the next test finds what it had."""
    before = own_settings()
    yield
    for name in own_settings().keys() - before.keys():
        del os.environ[name]
    os.environ.update(before)


def without_nul(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """PostgreSQL refuses a question with a NUL in it, SQLite answers: on both, none may get this far."""
    for row in (params or ()) if many else (params or (),):
        for value in row.values() if isinstance(row, dict) else row:
            assert not (isinstance(value, str) and "\x00" in value), (
                f"a NUL reached the database: {value!r} in {sql}"
            )
    return execute(sql, params, many, context)


@pytest.fixture(scope="session", autouse=True)
def nul_stops_before_the_database() -> None:
    """Every connection of every test is watched."""
    from django.db.backends.signals import connection_created

    def watch(connection: Any, **_: Any) -> None:
        if without_nul not in connection.execute_wrappers:
            connection.execute_wrappers.append(without_nul)

    connection_created.connect(watch, weak=False, dispatch_uid="without_nul")


@pytest.fixture(autouse=True)
def same_ids(request: pytest.FixtureRequest) -> None:
    """A test begins with the same numbers of rows, whatever ran before it: SQLite does so by itself."""
    if not DATABASE_FIXTURES.isdisjoint(request.fixturenames) or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        from django.db import connection

        from tests import walked

        if connection.vendor == "postgresql":
            walked.ids_begin_again()


@pytest.fixture(autouse=True)
def forget_rulebooks(request: pytest.FixtureRequest) -> None:
    """Rolled-back tests give the same ids to other rulebook versions; in life an id is never given twice."""
    if request.node.get_closest_marker("django_db"):
        from kaoping.campaigns.queries import items

        items._items.cache_clear()


@pytest.fixture
def fresh_databases() -> Iterator[Callable[[str], str]]:
    """``fresh_databases("a")``: the address of a new empty PostgreSQL database, dropped afterwards."""
    with databases_of_a_test() as make:
        yield make


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Monday 2025-11-24 09:30 in Beijing; the clock's door says the same."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return NOW


@pytest.fixture
def units(db: None) -> tuple[Any, Any]:
    """Two departments of one city."""
    from kaoping.registry.models import Organisation

    city = Organisation.objects.create(
        code="G1", name="样例市人民政府", short_name="市政府", kind="government", participates=False, order=1
    )
    return (
        Organisation.objects.create(
            code="U1",
            name="样例市教育局",
            short_name="市教育局",
            kind="department",
            parent=city.code,
            order=2,
        ),
        Organisation.objects.create(
            code="U2",
            name="样例市水利局",
            short_name="市水利局",
            kind="department",
            parent=city.code,
            order=3,
        ),
    )


@pytest.fixture
def cast(db: None, now: datetime) -> Cast:
    """``cast("liaison", "U1")``: a stored person who holds the role from 2025-01-01, as an actor."""
    from tests.cast import Cast

    return Cast(now)


@pytest.fixture
def signed_in(now: datetime) -> Callable[[Actor], Client]:
    """``signed_in(actor)``: a client in which a person of ``cast`` is signed in."""

    from kaoping.accounts.models import Person
    from kaoping.web.gate.sessions import SEEN

    def enter(actor: Actor) -> Client:
        client = Client()
        client.force_login(
            Person.objects.get(pk=actor.id), backend="django.contrib.auth.backends.ModelBackend"
        )
        # As after signing in by the page: the first page that is read does not renew the session.
        session = client.session
        session[SEEN] = int(clock.machine_now().timestamp())
        session.save()
        return client

    return enter


@pytest.fixture
def stored_files(tmp_path: Path, settings: object) -> Iterator[Path]:
    """An empty file store."""
    settings.KAOPING_FILES = tmp_path / "files"  # type: ignore[attr-defined]
    yield tmp_path / "files"
