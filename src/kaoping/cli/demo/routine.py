"""Routine work of a demonstration year: monitoring of a few sites, cases from order to closing, visits with photos."""

from __future__ import annotations

import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

from kaoping.cli.demo.cast import CRAWLED, sites
from kaoping.cli.demo.chance import fraction, pick
from kaoping.cli.demo.site_server import server
from kaoping.inspection.services import record_visit
from kaoping.monitoring import queries as monitoring
from kaoping.monitoring.services import findings as finding_verbs
from kaoping.monitoring.services import retest as retest_verbs
from kaoping.monitoring.services import runs as run_verbs
from kaoping.rectification import queries as cases
from kaoping.rectification.services import closing, opening, order, unit
from kaoping.scoring import targets
from kaoping.support import jobs

MONITORED: Final = 2025
PLACES: Final = ("政务服务大厅查阅点", "图书馆政府信息查阅点", "档案馆政府信息查阅点")


class Routine:
    """Plays what happens between plan and evaluation; ``port`` is where the units' sites are served meanwhile."""

    def __init__(self, port: int) -> None:
        self.port = port

    def __call__(self, play: Any) -> None:
        """The year's routine; only one year is monitored, so that the demonstration is built quickly."""
        if play.year == MONITORED:
            with _served(self.port):
                self._monitor(play)
        self._visit(play)

    def _monitor(self, play: Any) -> None:
        handler = play.stage.actor("jingban")
        for day in (date(play.year, 3, 17), date(play.year, 3, 19), date(play.year, 3, 21)):
            play.stage.at(day)
            _look(play, CRAWLED)
        ready = [one.pk for one in monitoring.findings(state="ready")]
        finding_verbs.confirm_batch(
            actor=handler, finding_ids=ready, now=play.stage.at(date(play.year, 3, 24))
        )
        opening.read_ledger(now=play.stage.tick())
        numbers = [case.number for case in cases.cases(state="draft")]
        order.serve(actor=handler, numbers=numbers, now=play.stage.at(date(play.year, 3, 25)))
        _work(play)
        play.stage.at(date(play.year, 4, 8))
        _look(play, ("CZQ02",))
        for case in list(cases.cases(state="served")):
            code = case.organisation.code
            if code in ("CZD03", "CZD21", "CZD14"):
                unit.answer(
                    actor=play.stage.actor(code.lower()),
                    case=case,
                    text="已按要求改正，请复测（示例）。",
                    url=targets.address(case.target),
                    now=play.stage.tick(),
                )
        play.stage.at(date(play.year, 5, 28))
        _work(play)
        for case in list(cases.cases()):
            if case.check_id and case.organisation.code in ("CZD03", "CZD21", "CZD14"):
                retest_verbs.retest(
                    actor=handler,
                    organisation_code=case.organisation.code,
                    check=case.check_id,
                    target=case.target,
                    now=play.stage.tick(),
                )
        opening.read_ledger(now=play.stage.tick())
        for case in list(cases.open_only(cases.cases())):
            if cases.why_not_closed(case) is None:
                closing.close(actor=handler, case=case, now=play.stage.tick())

    def _visit(self, play: Any) -> None:
        inspector = play.stage.actor("jiancha")
        play.stage.at(date(play.year, 6, 10))
        for one in play.units():
            if one.kind not in ("district_government", "department") or fraction(one.code, "visit") > 0.5:
                continue
            outcome = pick(("met", "not_met", "undecided"), (8, 1.5, 0.5), one.code, play.year, "visit")
            record_visit(
                actor=inspector,
                organisation_code=one.code,
                place=pick(PLACES, (1, 1, 1), one.code, "place"),
                outcome=outcome,
                note=""
                if outcome == "met"
                else "没有政府信息公开指南和申请表（示例）。"
                if outcome == "not_met"
                else "当天闭馆（示例）。",
                item="K4.3.p",
                photo=("现场.png", picture(f"{one.code}-{play.year}")) if outcome != "undecided" else None,
                confirmed=True,
                visited_at=play.stage.now,
                client_id=f"demo-{play.year}-{one.code}",
                now=play.stage.tick(900),
            )
        opening.read_ledger(now=play.stage.tick())
        for case in list(cases.cases(state="draft")):
            order.serve(actor=play.stage.actor("jingban"), numbers=[case.number], now=play.stage.tick())
        _work(play)
        play.stage.at(date(play.year, 7, 15))
        _work(play)


def _look(play: Any, codes: tuple[str, ...]) -> None:
    for code in codes:
        run_verbs.start_run(actor=play.stage.actor("jingban"), organisation_code=code, now=play.stage.tick())
    _work(play)


def _work(play: Any) -> None:
    jobs.run_due("demo", now=play.stage.tick())


@contextmanager
def _served(port: int) -> Iterator[None]:
    running = server(sites(), port)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        running.shutdown()
        running.server_close()
        thread.join()


def picture(seed: str) -> bytes:
    """A small PNG that stands for a photo: stripes that differ with ``seed``."""
    width, height = 64, 48
    tones = [int(80 + 150 * fraction(seed, n)) for n in range(8)]
    rows = b"".join(
        b"\x00" + b"".join(bytes((tones[x // 8], tones[(x // 8 + 3) % 8], 170)) for x in range(width))
        for _y in range(height)
    )

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
