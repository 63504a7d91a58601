"""Crawl a generated site with Kaoping and with the peers that are installed, in turn, in one run.

    .venv/bin/python -m bench.crawl [--pages 1000] [--rounds 3] [--peers PYTHON] [--only NAMES]

Only the ratios within a run count: machines differ and are busy. The measure is processor time (user and system) of
the crawling process per 1,000 pages. Kaoping is run as people run it: ``kaoping crawl``, with robots.txt, the address
guard at every connection, the WARC archive, all facts and links as columns, and a list of dead links.
Peers: Scrapy (as shipped; and as an expert sets it), LinkChecker, ``wget --spider``. They keep no archive; wget reads
links only. ``--peers`` names the interpreter of an environment that has Scrapy or LinkChecker (by default this one).

Prints JSON; ends with 1 when a page, a fact or a dead link is missing, or when Kaoping takes more than expert Scrapy.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from bench.crawl.site import Site, make_site
from bench.ports import free_ports

OURS, FAIR = "kaoping", "scrapy expert"
SECONDS = 900


@dataclass(frozen=True, slots=True)
class Crawler:
    """A name, and the command that crawls the address into a folder."""

    name: str
    command: Callable[[str, Path], list[str]]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run cost, what the server saw of it."""

    cpu: float
    wall: float
    peak_mb: float
    pages: int
    dead: int
    requests: int
    ended: int


def crawlers(peers: str) -> list[Crawler]:
    """Kaoping and every peer that is there."""
    found = [
        Crawler(
            OURS,
            lambda url, out: [
                *(sys.executable, "-m", "kaoping", "crawl", url, "--out", str(out), "--allow", "127.0.0.0/8"),
                *("--rate", "unlimited", "--max-pages", "1000000", "--json"),
            ],
        )
    ]
    script = str(Path(__file__).with_name("scrapy_peer.py"))
    asked = [peers, "-c", "import scrapy"]
    if subprocess.run(asked, capture_output=True, check=False).returncode == 0:
        for mode in ("expert", "default"):
            found.append(
                Crawler(
                    f"scrapy {mode}",
                    lambda url, out, mode=mode: [peers, script, url, mode, str(out / "items.jsonl")],  # type: ignore[misc]
                )
            )
    linkchecker = Path(peers).with_name("linkchecker")
    if linkchecker.is_file():
        rules = "[checking]\nthreads=10\nmaxrequestspersecond=100000\nrecursionlevel=-1\n[output]\nstatus=0\nwarnings=0\n"

        def check(url: str, out: Path) -> list[str]:
            (out / "rc").write_text(rules)
            return [str(linkchecker), "-f", str(out / "rc"), "-o", "text", url]

        found.append(Crawler("linkchecker", check))
    if wget := shutil.which("wget"):
        # Without the addresses that it would read out of scripts.
        found.append(
            Crawler(
                "wget --spider",
                lambda url, out: [
                    *(
                        wget,
                        "--spider",
                        "-r",
                        "-l",
                        "inf",
                        "-nv",
                        "-nd",
                        "--reject-regex",
                        "'",
                        "-P",
                        str(out),
                        url,
                    )
                ],
            )
        )
    return found


def measure(crawler: Crawler, root: str, out: Path) -> Cost:
    """Run it once."""
    out.mkdir(parents=True)
    seen(root)
    began = time.monotonic()
    # Beside the folder: a run goes into a new or empty one.
    with out.with_name(f"{out.name}.said").open("wb") as said:
        process = subprocess.Popen(
            crawler.command(root + "index.html", out), stdout=said, stderr=said, cwd=_HERE
        )
        peak, ended = [0.0], threading.Event()
        watch = threading.Thread(target=_watch, args=(process.pid, peak, ended))
        watch.start()
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        ended.set()
        watch.join()
    wall = time.monotonic() - began
    asked = seen(root)
    pages = {line.split(" ", 2)[2] for line in asked if line.startswith("GET 200") and line.endswith(".html")}
    dead = {line.split(" ", 2)[2] for line in asked if line.split(" ")[1] == "404"}
    return Cost(
        used.ru_utime + used.ru_stime,
        wall,
        peak[0],
        len(pages),
        len([path for path in dead if "art_dead_" in path]),
        sum(asked.values()),
        process.returncode,
    )


def _watch(pid: int, peak: list[float], ended: threading.Event) -> None:
    """The highest resident memory (MB). ``ru_maxrss`` would count this process, from which the other was made."""
    while not ended.wait(0.05):
        with contextlib.suppress(OSError, StopIteration):
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
            peak[0] = int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


_HERE = Path(__file__).parents[2]


def seen(root: str) -> dict[str, int]:
    """What the server was asked since the last time."""
    with urllib.request.urlopen(root + "_seen", timeout=10) as answer:
        found: dict[str, int] = json.loads(answer.read())
    return found


def faults_of(out: Path, root: str, site: Site) -> list[str]:
    """What Kaoping's folder lacks or has wrong: titles, index numbers, dead links."""
    table = pq.read_table(out / "facts" / "pages.parquet", columns=["url", "title", "index_no"])
    rows = zip(*(table.column(name).to_pylist() for name in table.column_names), strict=True)
    found = {"/" + url.removeprefix(root): (title, index_no) for url, title, index_no in rows}
    wanted = {path: (title, site.index_numbers[path]) for path, title in site.titles.items()}
    faults = [
        f"{path}: {found.get(path)} instead of {what}"
        for path, what in wanted.items()
        if found.get(path) != what
    ]
    broken = json.loads((out / "run.json").read_text())["broken"]
    dead = {("/" + one["on"].removeprefix(root), "/" + one["url"].removeprefix(root)) for one in broken}
    faults += [f"dead link not told: {one}" for one in sorted(site.dead - dead)]
    faults += [f"no dead link: {one}" for one in sorted(dead - site.dead)]
    return faults


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", default=sys.executable, metavar="PYTHON")
    parser.add_argument("--only", default="", help="names, separated by commas")
    parser.add_argument("--port", type=int, default=0)
    args = parser.parse_args()
    if args.pages < 50 or args.rounds < 1:
        parser.error("at least 50 pages and one round")
    site, port = make_site(args.pages), args.port or free_ports(1)
    root = f"http://127.0.0.1:{port}/"
    chosen = [one for one in crawlers(args.peers) if not args.only or one.name in args.only.split(",")]
    costs: dict[str, list[Cost]] = {one.name: [] for one in chosen}
    faults: list[str] = []
    serving = subprocess.Popen(
        [sys.executable, "-m", "bench.crawl.serving", str(args.pages), str(port)],
        cwd=_HERE,
        stdout=subprocess.PIPE,
    )
    try:
        assert serving.stdout is not None and serving.stdout.readline() == b"ready\n"
        with tempfile.TemporaryDirectory(prefix="kaoping-crawl-") as folder:
            for number in range(args.rounds):
                # Nobody is always first.
                for one in chosen[number % len(chosen) :] + chosen[: number % len(chosen)]:
                    out = Path(folder, f"{number}-{one.name.replace(' ', '-')}")
                    cost = measure(one, root, out)
                    costs[one.name].append(cost)
                    print(f"{number + 1}/{args.rounds} {one.name}: {cost}", file=sys.stderr, flush=True)
                    faults += _missing(one.name, cost, site)
                    if one.name == OURS:
                        faults += faults_of(out, root, site)
                    shutil.rmtree(out)
    finally:
        serving.terminate()
        serving.communicate(timeout=10)
    report = {**_report(costs, args.pages, site), "faults": faults[:20]}
    slower = FAIR in costs and report["crawlers"][OURS]["cpu_to"].get(FAIR, 0) > 1
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return int(bool(faults) or slower)


def _missing(name: str, cost: Cost, site: Site) -> list[str]:
    if (cost.pages, cost.dead) == (len(site.titles), len({target for _on, target in site.dead})):
        return []
    return [f"{name} saw {cost.pages} pages and {cost.dead} dead targets, ended with {cost.ended}"]


def _report(costs: dict[str, list[Cost]], pages: int, site: Site) -> dict[str, Any]:
    """Medians per crawler, and the median of the ratios of the runs of one round."""
    rows: dict[str, Any] = {}
    for name, runs in costs.items():
        per_thousand = [1000 * one.cpu / pages for one in runs]
        rows[name] = {
            "cpu_s_per_1000_pages": round(statistics.median(per_thousand), 2),
            "from_to": [round(min(per_thousand), 2), round(max(per_thousand), 2)],
            "pages_per_second": round(statistics.median(pages / one.wall for one in runs)),
            "peak_mb": round(max(one.peak_mb for one in runs)),
            "requests": runs[-1].requests,
        }
    if OURS in costs:
        rows[OURS]["cpu_to"] = {
            name: round(statistics.median(a.cpu / b.cpu for a, b in zip(costs[OURS], runs, strict=True)), 2)
            for name, runs in costs.items()
            if name != OURS
        }
    bytes_of_pages = sum(len(body) for path, body in site.files.items() if path.endswith(".html"))
    return {
        "pages": pages,
        "mean_bytes": bytes_of_pages // pages,
        "dead_links": len(site.dead),
        "load": round(os.getloadavg()[0], 1),
        "crawlers": rows,
    }


if __name__ == "__main__":
    sys.exit(main())
