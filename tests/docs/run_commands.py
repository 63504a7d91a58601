"""Run every command of the documents, as an outsider would, in a copy of the committed files.

    .venv/bin/python tests/docs/run_commands.py [DOCUMENT ...]

What serves for ever is started, waited for until both faces answer, and stopped. ``make test`` is only looked up, since it
is running already. The copy uses this environment: nothing is installed.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from bench.ports import free_ports  # noqa: E402

from tests.docs.documents import Command, commands, documents  # noqa: E402

SECONDS = 900
# Never made again here: making them would install the copy in place of the project.
AS_IS = "-o .venv/.uv -o .venv/.run -o .venv/.dev"
ONLY_LOOKED_UP = re.compile(r"make (test|lint|lock|clean)\b")
FOR_EVER = re.compile(r"make demo\b|kaoping (serve|demo|work)\b(?!.*(--once|--build-only|--help))")


class Failed(Exception):
    """A command did not do what its document promises."""


def main(names: list[str]) -> int:
    """Run what is asked for, or all; 1 when a command fails."""
    # Beside another step Ctrl-C is ignored, and what we start would inherit that; being ended has to end what we started.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    wanted = [ROOT / name for name in names] or documents()
    failures = 0
    for path in wanted:
        found = commands(path)
        if not found:
            continue
        with tempfile.TemporaryDirectory(prefix="kaoping-docs-") as folder:
            copy_files(Path(folder))
            for command in found:
                begun = time.monotonic()
                try:
                    run(command, Path(folder))
                except Failed as error:
                    failures += 1
                    print(f"✗ {command.place}  {command.text}\n{error}", flush=True)
                else:
                    print(
                        f"✓ {command.place}  {command.text}（{time.monotonic() - begun:.1f} s）", flush=True
                    )
    return int(failures > 0)


def copy_files(folder: Path) -> None:
    """What git holds (and what is about to be committed), with its times; the environment by a link."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(ROOT / ".venv")


def run(command: Command, folder: Path) -> None:
    """Run one command. Raises ``Failed``."""
    text = command.text
    port = free_ports(4)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("KAOPING_")},
        "PATH": f"{ROOT / '.venv/bin'}:{os.environ['PATH']}",
        "PORT": str(port),
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    if ONLY_LOOKED_UP.match(text):
        text = text.replace("make ", "make -n ", 1)
    text = re.sub(r"^make ", f"make {AS_IS} ", text)
    if FOR_EVER.search(command.text):
        run_for_ever(text, folder, environment, port, faces="work" not in command.text)
        return
    done = subprocess.run(
        ["bash", "-ec", text],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode != command.code:
        raise Failed(
            f"  退出码 {done.returncode}，应为 {command.code}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )


def run_for_ever(text: str, folder: Path, environment: dict[str, str], port: int, *, faces: bool) -> None:
    """Start, wait until it serves, stop as Ctrl-C does. Raises ``Failed``."""
    named = re.search(r"(?:PORT=|--port[ =])(\d+)", text)
    port = int(named[1]) if named else port
    said = folder / "said.log"
    with said.open("wb") as out:
        process = subprocess.Popen(
            ["bash", "-ec", f"exec {text}"],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        end = time.monotonic() + SECONDS
        while faces and not (answers(port, "/sign-in/") and answers(port + 1, "/")):
            if process.poll() is not None or time.monotonic() > end:
                raise Failed(f"  没有启动\n{said.read_text()[-3000:]}")
            time.sleep(0.5)
        # A worker has no face: its first heartbeat is what people would see.
        time.sleep(3)
        if process.poll() is not None:
            raise Failed(f"  自己退出了\n{said.read_text()[-3000:]}")
        os.killpg(process.pid, signal.SIGINT)
        # make itself ends with an error when its command was interrupted.
        if process.wait(60) not in (0, 2, 130, -2):
            raise Failed(f"  停下时退出码 {process.returncode}\n{said.read_text()[-3000:]}")
    except subprocess.TimeoutExpired:
        raise Failed("  停不下来") from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def answers(port: int, path: str) -> bool:
    """Whether a page comes back."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
