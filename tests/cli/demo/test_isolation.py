"""The demonstration is told nothing but names: whatever else is set, it changes nothing outside its folder."""

from __future__ import annotations

import hashlib
import http.client
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from bench.ports import free_ports

from kaoping.cli.commands.demo import KEPT, forget_settings
from kaoping.support import clock
from tests.cli.running import environment
from tests.docs.test_docs import described, used

# The demonstration's command on a city of a few units, so that a whole year and a poll take seconds.
SMALL = """
import sys
from tests.upgrade.make import CRAWLED, UNITS
from kaoping.cli.demo import roster
everybody = roster.units
roster.units = lambda: [unit for unit in everybody() if unit.code in UNITS]
from kaoping.cli.demo import cast
cast.CRAWLED = CRAWLED
from kaoping.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def test_only_names_of_city_and_office_are_left_of_all_settings() -> None:
    names = {name for name in used() | described() if name.startswith("KAOPING_")}
    assert len(names) > 15
    environment = dict.fromkeys(names, "outside") | {f"{name}_FILE": "outside" for name in names}
    environment |= {"KAOPING_A_LATER_ONE": "outside", "PGHOST": "outside", "PATH": "/bin"}
    forget_settings(environment)
    assert set(environment) == {*KEPT, "PATH"}
    assert set(KEPT) <= names


@contextmanager
def trap() -> Iterator[tuple[int, list[object]]]:
    """A port on which nobody should ever call; ``calls`` lists who did."""
    calls: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    connection, caller = server.accept()
                except OSError:
                    return
                calls.append(caller)
                connection.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1], calls
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def outside_settings(outside: Path, port: int) -> dict[str, str]:
    """Every setting that the program reads, each leading to an outside place, in both ways of writing it."""
    there = {
        "KAOPING_DATA": str(outside / "data"),
        "KAOPING_DATABASE_URL": f"postgres://kaoping@127.0.0.1:{port}/kaoping",
        "KAOPING_BALLOT_DATABASE_URL": f"postgres://kaoping@127.0.0.1:{port}/ballots",
        "KAOPING_PUBLISHED": str(outside / "published"),
        "KAOPING_INTAKE": f"127.0.0.1:{port}",
        "KAOPING_OUTSIDE_URL": f"http://127.0.0.1:{port}",
        "KAOPING_CRAWL_RESOLVE": f"*.kaoping.test:{port}:127.0.0.1",
        "KAOPING_CRAWL_ALLOW": "0.0.0.0/0",
        "KAOPING_HOST": "127.0.0.1",
        "KAOPING_HOSTS": "elsewhere.example",
        "KAOPING_IDLE_SECONDS": "60",
        "KAOPING_LOOKS": "2",
    }
    made: dict[str, str] = {}
    for name in {one for one in used() if one.startswith("KAOPING_")}:
        value = there.get(name, f"outside-{name}")
        made[name] = value
        if name not in KEPT:
            path = outside / "settings" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(value)
            made[f"{name}_FILE"] = str(path)
    return made


def picture(folder: Path) -> dict[str, str]:
    """Every file under ``folder`` by its digest, and every folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(folder.rglob("*"))
    }


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/evaluate/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@pytest.mark.slow
def test_with_every_setting_leading_elsewhere_only_its_folder_changes(tmp_path: Path) -> None:
    """Built up to a running poll, then served: box, published folder, database, intake and crawler stay inside."""
    outside, folder, port = tmp_path / "outside", tmp_path / "demo", free_ports(4)
    (outside / "published").mkdir(parents=True)
    (outside / "published" / "index.json").write_text('{"releases": []}')
    (outside / "data").mkdir()
    with trap() as (trapped, calls):
        settings = outside_settings(outside, trapped)
        before = picture(outside)
        command = [sys.executable, "-c", SMALL, "demo", "--stage", "evaluation"]
        command += ["--data", str(folder), "--port", str(port)]
        root = Path(__file__).parents[3]
        built = subprocess.run(
            [*command, "--build-only"],
            env=environment(**settings),
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )
        assert built.returncode == 0, built.stderr
        with subprocess.Popen(
            command,
            env=environment(**settings),
            cwd=root,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as served:
            try:
                until = clock.monotonic() + 60
                while not answers(port + 1) and clock.monotonic() < until:
                    clock.wait(0.3)
                assert answers(port + 1)
            finally:
                served.send_signal(signal.SIGTERM)
                served.wait(60)
        assert picture(outside) == before
        assert not calls
    with closing(sqlite3.connect(folder / "ballots.sqlite3")) as box:
        assert box.execute("SELECT count(DISTINCT poll) FROM ballot").fetchone() == (2,)
    assert (folder / "published" / "releases" / "CZ0-2024-1").is_dir()
