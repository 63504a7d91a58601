"""The bench itself: serve the city, let everybody work, kill, wait for promises, compare."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, Final

from bench.installation import Serving
from bench.kills import city, rooms
from bench.kills.comparing import Compare, Found, audit_counts, lines_of
from bench.kills.passing import Passing
from bench.kills.told import Told
from bench.kills.waiting import wait_for_jobs
from bench.ports import free_ports
from bench.small_disk import SmallDisk

from kaoping.cli.demo.site_server import server

HANG: Final = "hang "
DISK: Final = "full disk"
# One fault after another: processes that are killed, processes that hang (stopped, so that nothing of them answers), and
# a disk that takes no byte.
TARGETS: Final = (
    "inside", DISK, "hang intake", "intake", "worker", "inside", "hang inside", "destroyer", "outside", "inside", DISK,
    "worker", "hang worker", "inside", "intake", "hang outside",
)  # fmt: skip
# How long a disk stays full.
FULL_SECONDS: Final = 6.0
# Megabytes of the disk that is filled, where one can be made.
DISK_MEGABYTES: Final = 1500
# How long the writers go on after the last kill, until each verb was acknowledged.
PATIENCE: Final = 240.0
# Between two kills no longer than this.
LONGEST: Final = 18.0


def run(
    folder: Path,
    *,
    kills: int,
    seed: int,
    loses: float,
    forms: int,
    port: int = 0,
    disk: SmallDisk | None = None,
) -> dict[str, Any]:
    """Do it in an empty ``folder``; ``loses`` of all answers are lost on the way, at most ``forms`` come between two
    faults. ``disk`` is the one on which the folder lies, when it may be filled. Returns the figures.
    """
    begun = time.monotonic()

    def say(words: str) -> None:
        print(f"{time.monotonic() - begun:6.1f} s {words}", file=sys.stderr, flush=True)

    port = port or free_ports(4)
    city.prepare(folder, port + 3)
    before = audit_counts()
    say("the city is there")
    sites = server(city.sites(), port + 3)
    threading.Thread(target=sites.serve_forever, daemon=True).start()
    serving = Serving.start(folder, port)
    chance = random.Random(seed)
    told = Told(port, Passing(folder), lambda: chance.random() < loses)
    threads = [threading.Thread(target=told.work, args=(name, write)) for name, write in rooms.writers()]
    try:
        for thread in threads:
            thread.start()
        say("everybody works")
        killed = _kill(serving, told, kills, forms, random.Random(seed), disk, say)
        serving.wait_until_up()
        say(f"killed {dict(killed)}")
        _wait_until_all_spoke(told)
        told.stop.set()
        for thread in threads:
            thread.join()
        say("everybody has stopped")
        wait_for_jobs(told)
        say("every promise is kept")
    finally:
        told.stop.set()
        serving.stop()
        sites.shutdown()
        sites.server_close()
    told.error_pages += unread_error_pages(folder / "serve.log", told.error_pages)
    verbs, refused = _compare(told, before)
    return {
        "kills": dict(killed),
        "left_out": [] if disk else ["full disk: a small disk can be mounted by root only"],
        "verbs": verbs,
        **{
            name: sum(one[name] for one in verbs.values())
            for name in ("acknowledged", "unanswered", "lost_answers", "lost", "doubled")
        },
        "years": len({year for year, _number in told.acknowledged["publish"]}),
        "error_pages": told.error_pages,
        "troubles": told.troubles,
        "refused_in_words": refused,
        "seconds": round(time.monotonic() - begun, 1),
    }


def unread_error_pages(log: Path, read: Collection[str]) -> list[str]:
    """Error pages that the faces wrote down and nobody read, because the answer was lost or waited for no longer.

    The page and the log bear the same number.
    """
    told = re.findall(r"number ([0-9a-f]{8}) at (\S+)", log.read_text(encoding="utf-8", errors="replace"))
    return [f"unread {path} {number}" for number, path in told if not any(number in one for one in read)]


def clean(report: dict[str, Any]) -> bool:
    """Every verb was acknowledged at least once; nothing was lost, doubled, or went wrong otherwise."""
    worked = all(one["acknowledged"] for one in report["verbs"].values())
    return worked and not any(report[name] for name in ("lost", "doubled", "error_pages", "troubles"))


def _kill(
    serving: Serving,
    told: Told,
    kills: int,
    forms: int,
    chance: random.Random,
    disk: SmallDisk | None,
    say: Callable[[str], None],
) -> Counter[str]:
    killed: Counter[str] = Counter()
    targets = [one for one in TARGETS if disk or one != DISK]
    for number in range(kills):
        # Mostly in full work; sometimes while the last victim is still coming up.
        if number % 4 and not serving.wait_until_up():
            kept = Path(tempfile.gettempdir()) / "kaoping-kills-serve.log"
            shutil.copy(serving.folder / "serve.log", kept)
            raise RuntimeError(f"not up again after fault {number}; what it said: {kept}")
        _let_work(told, forms, chance)
        target = targets[number % len(targets)]
        if target == "destroyer":
            done = bool(told.destroyer)
            for pid in [told.destroyer] if told.destroyer else []:
                os.killpg(pid, signal.SIGKILL)
        elif target == DISK:
            done = _fill(disk)
        elif target.startswith(HANG):
            done = bool(serving.kill(target.removeprefix(HANG), signal.SIGSTOP))
        else:
            done = bool(serving.kill(target))
        killed[target] += done
        say(f"fault {number + 1}: {target}{'' if done else ' (nobody there)'}")
    return killed


def _fill(disk: SmallDisk | None) -> bool:
    """The disk is full for a while, and everybody goes on trying."""
    if disk is None:
        return False
    disk.fill()
    try:
        time.sleep(FULL_SECONDS)
    finally:
        disk.free()
    return True


def _let_work(told: Told, forms: int, chance: random.Random) -> None:
    """Some forms' time, so that a slow machine gets as much done between two kills as a fast one."""
    wanted, end = told.at_the_desk() + chance.randint(forms // 10, forms), time.monotonic() + LONGEST
    while told.at_the_desk() < wanted and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(chance.uniform(0, 0.5))


def _wait_until_all_spoke(told: Told) -> None:
    """Until each verb was acknowledged, or patience ends. What the worker does by itself is not waited for."""
    wanted = set(rooms.stored()) - rooms.marked("OWN_LINES") - {"destroy_artefact"}
    told.last_round.set()
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and not all(told.acts[verb] for verb in wanted) and not told.troubles:
        time.sleep(0.2)


def _compare(told: Told, before: Counter[str]) -> tuple[dict[str, dict[str, int]], list[str]]:
    """Per verb: acknowledged, unanswered (cut off and sent again), of these whose answer the bench itself let get lost,
    refused (nobody there, sent again), stored, lines of the audit log, lost, doubled. And what was said to those who were
    turned away with nothing stored: the first answer got lost, the second refused; these words have to be true.
    """
    seldom, own = rooms.marked("SELDOM"), rooms.marked("OWN_LINES")
    found, refused, written = {}, list[str](), audit_counts()
    for verb, compare in rooms.stored().items():
        lines = written[verb] - before[verb]

        def judge(verb: str = verb, compare: Compare = compare, lines: int = lines) -> Found:
            one = compare(told)
            return one if verb in own else one.and_also(lines_of(told, verb, lines, seldom=verb in seldom))

        one = judge()
        for key, words in told.turned_away[verb].items():
            if not one.lost or key not in told.acknowledged[verb]:
                continue
            value = told.acknowledged[verb].pop(key)
            told.acts[verb] -= 1
            without = judge()
            if without.lost < one.lost and without.doubled <= one.doubled:
                refused.append(f"{verb} {key}: {words}")
                one = without
            else:
                told.acknowledged[verb][key] = value
                told.acts[verb] += 1
        found[verb] = {
            "acknowledged": told.acts[verb],
            "unanswered": told.unanswered[verb],
            "lost_answers": told.lost_answers[verb],
            "refused": told.refused[verb],
            "stored": one.stored,
            "lines": lines,
            "lost": one.lost,
            "doubled": one.doubled,
        }
    return found, refused
