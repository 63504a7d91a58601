"""Make the fixture of a release, with the program as that release has it: SQL text of both engines and the files they name.

``python -m tests.upgrade.make OUT sqlite`` and ``python -m tests.upgrade.make OUT postgres --desk URL --ballots URL``
(both databases empty). It plays a small city by the same verbs as people do and ends in January 2026 with

* 2024 published, then corrected and published again;
* 2025 at its appeals, one of them open, self-reviews submitted and one missing, cases served and overdue;
* 2026 in planning, its poll running, with an opinion on its way to the desk;
* a trial poll of 2023 that was sealed and never opened.

What one would need to go on is written to ``known.json``: passphrases, receipt codes, digests of the releases.
Sessions, the secret key and static files are left out; a fixture is never made again once its release is out.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from kaoping.beijing import BEIJING
from kaoping.support import clock
from kaoping.support.environment import DEMO_MARK, parse_database_url

UNITS: Final = ("CZ0", "CZQ01", "CZQ02", "CZD03", "CZD14", "CZD17", "CZI03", "CZE01")
CRAWLED: Final = ("CZD14", "CZQ02")
KEPT: Final = ("files", "published", "runs", DEMO_MARK, clock.CLOCK_FILE)
DATABASES: Final = {"kaoping.sqlite3": "desk", "ballots.sqlite3": "ballots", "opinions.sqlite3": "opinions"}
FEW, ENOUGH = 3, 30


def main() -> None:
    """Play, then write down."""
    parser = argparse.ArgumentParser(description="生成一个版本的升级样本")
    parser.add_argument("out", type=Path)
    parser.add_argument("engine", choices=("sqlite", "postgres"))
    parser.add_argument("--desk", default="", help="空的 PostgreSQL 库（主库）")
    parser.add_argument("--ballots", default="", help="另一个空的 PostgreSQL 库（问卷箱）")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kaoping-fixture-") as name:
        folder = Path(name) / "data"
        _settings(folder, args.desk, args.ballots)
        known = _play(folder)
        target = args.out / args.engine
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        importlib.import_module("django.db").connections.close_all()
        if args.engine == "sqlite":
            _write_sqlite(folder, target)
        else:
            _write_postgres(args.desk, target / "desk.sql")
            _write_postgres(args.ballots, target / "ballots.sql")
        _copy_folder(folder, target / "folder")
        (target / "known.json").write_text(
            json.dumps(known, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )


def _settings(folder: Path, desk: str, ballots: str) -> None:
    for variable in [name for name in os.environ if name.startswith(("KAOPING_", "DJANGO_"))]:
        del os.environ[variable]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    os.environ |= {
        "KAOPING_DATA": str(folder),
        "KAOPING_CRAWL_ALLOW": "127.0.0.0/8",
        "KAOPING_CRAWL_RESOLVE": f"*.kaoping.test:{port}:127.0.0.1",
        "KAOPING_FIXTURE_SITES": str(port),
        "DJANGO_SETTINGS_MODULE": "kaoping.config.settings",
        **({"KAOPING_DATABASE_URL": desk} if desk else {}),
        **({"KAOPING_BALLOT_DATABASE_URL": ballots} if ballots else {}),
    }
    folder.mkdir()
    (folder / DEMO_MARK).write_text('{"note": "示例数据"}', encoding="utf-8")


def _play(folder: Path) -> dict[str, Any]:
    """The story. Returns what a later reader has to know."""
    importlib.import_module("django").setup()
    importlib.import_module("kaoping.cli.commands.init").prepare(folder)
    roster = importlib.import_module("kaoping.cli.demo.roster")
    everybody = roster.units
    roster.units = lambda: [unit for unit in everybody() if unit.code in UNITS]
    importlib.import_module("kaoping.cli.demo.cast").CRAWLED = CRAWLED
    playing = importlib.import_module("kaoping.cli.demo.year")
    receipts = _listen(playing)
    return _Story(folder, playing, receipts).tell()


def _listen(playing: ModuleType) -> dict[str, list[str]]:
    """Keep the receipt codes of the ballots that are cast, poll by poll."""
    made: dict[str, list[str]] = {}
    receipt_of = playing.receipt_of

    def heard(poll: str, token: str) -> str:
        code = str(receipt_of(poll, token))
        made.setdefault(poll, []).append(code)
        return code

    playing.receipt_of = heard
    return made


class _Story:
    def __init__(self, folder: Path, playing: ModuleType, receipts: dict[str, list[str]]) -> None:
        self.playing, self.receipts = playing, receipts
        self.stage = importlib.import_module("kaoping.cli.demo.stage").Stage(folder)
        routine = importlib.import_module("kaoping.cli.demo.routine")
        self.routine = routine.Routine(int(os.environ["KAOPING_FIXTURE_SITES"]))

    def tell(self) -> dict[str, Any]:
        """Everything in its order; the simulated clock only goes forward."""
        self._begin()
        trial = self._poll(2023, date(2023, 11, 20), date(2023, 11, 27))
        self._seal(trial)
        self._year(2024, ENOUGH).play("published")
        self._correct(2024)
        self._year(2025, FEW).play("appeals")
        self._fresh_case()
        self._rare_acts()
        self._year(2026, FEW).play("plan")
        running = self._poll(2026, self._today() + timedelta(days=1), self._today() + timedelta(days=60))
        self._leave_opinions_on_their_way(running)
        clock.set_simulated(self.stage.folder, self.stage.tick())
        return self._known(trial, running)

    def _begin(self) -> None:
        services = importlib.import_module("kaoping.registry.services")
        roster = importlib.import_module("kaoping.cli.demo.roster")
        actor = importlib.import_module("kaoping.accounts.actor")
        self.stage.at(date(2023, 11, 1))
        services.import_roster(
            actor=actor.SYSTEM,
            filename="名录.csv",
            content=roster.roster_csv().encode(),
            now=self.stage.tick(),
        )
        self.stage.hire()

    def _today(self) -> date:
        return self.stage.now.astimezone(BEIJING).date()  # type: ignore[no-any-return]

    def _year(self, year: int, ballots: int) -> Any:
        return self.playing.YearPlay(self.stage, year, ballots=ballots, routine=self.routine)

    def _poll(self, year: int, opens: date, closes: date) -> Any:
        """A poll of the participating units, with a few ballots cast on its first day."""
        polls = self.playing.polls
        units = [unit for unit in self._units() if unit.participates]
        poll = polls.prepare_poll(
            actor=self.stage.actor("jingban"),
            year=year,
            title=f"{year} 年政务公开工作社会评议",
            opens_at=datetime.combine(opens, time(0), tzinfo=BEIJING),
            closes_at=datetime.combine(closes, time(0), tzinfo=BEIJING),
            questionnaire=dict(self.playing.load_rulebook("changzhou-2020").questionnaire or {}),
            units=[
                {"code": u.code, "name": u.name, "short_name": u.short_name, "group": u.group or ""}
                for u in units
            ],
            openers=(self.stage.person("kaixiang1"), self.stage.person("kaixiang2")),
            passphrases=self.playing.PASSPHRASES,
            example=True,
            now=self.stage.tick(60),
        )
        play = self._year(year, FEW)
        play.units = lambda: units
        self.stage.at(opens, 10)
        play._cast(poll.uid, opens)
        return poll

    def _units(self) -> list[Any]:
        return importlib.import_module("kaoping.cli.demo.roster").units()  # type: ignore[no-any-return]

    def _seal(self, poll: Any) -> None:
        self.stage.at(poll.closes_at.astimezone(BEIJING).date(), 9)
        self.playing.polls.collect_opinions(now=self.stage.tick())
        self.playing.polls.seal_poll(actor=self.stage.actor("jingban"), poll=poll, now=self.stage.tick())

    def _correct(self, year: int) -> None:
        """One item of one unit was entered wrongly: opened, computed, signed by the second person, published."""
        services = "kaoping.campaigns.services"
        correction = importlib.import_module(f"{services}.correction")
        campaign = importlib.import_module("kaoping.campaigns.queries.campaign").of_year(year)
        handler = self.stage.actor("jingban")
        self.stage.at(self._today() + timedelta(days=20))
        correction.open_correction(
            actor=handler, campaign=campaign, reason="市教育局 K1.1 录分有误（示例）。", now=self.stage.tick()
        )
        item = self.playing.items_of.item(campaign, "K1.1")
        correction.correct_points(
            actor=handler,
            campaign=campaign,
            organisation="CZD03",
            item="K1.1",
            points=str(item.max),
            reason="材料齐全（示例）",
            now=self.stage.tick(),
        )
        self.playing.sheet.compute_sheet(
            actor=handler, campaign=campaign, occasion="correction", now=self.stage.tick()
        )
        self.playing.sign_off.sign_off(
            actor=self.stage.actor("qianfa"), campaign=campaign, typed_year=str(year), now=self.stage.tick(60)
        )
        publication = self.playing.publication
        release = publication.freeze(
            actor=handler, campaign=campaign, typed_year=str(year), now=self.stage.tick()
        )
        publication.publish(actor=handler, release=release, now=self.stage.tick(60))

    def _fresh_case(self) -> None:
        """A case that was served today and is not due yet."""
        rectification = "kaoping.rectification"
        visits = importlib.import_module("kaoping.inspection.services")
        opening = importlib.import_module(f"{rectification}.services.opening")
        order = importlib.import_module(f"{rectification}.services.order")
        cases = importlib.import_module(f"{rectification}.queries")
        routine = importlib.import_module("kaoping.cli.demo.routine")
        self.stage.at(self._today() + timedelta(days=1))
        visits.record_visit(
            actor=self.stage.actor("jiancha"),
            organisation_code="CZD17",
            place="图书馆城南分馆查阅点",
            outcome="not_met",
            note="查阅点没有开门（示例）。",
            item="K4.3.p",
            photo=("现场.png", routine.picture("fresh")),
            visited_at=self.stage.now,
            client_id="fixture-fresh",
            now=self.stage.tick(60),
        )
        opening.read_ledger(now=self.stage.tick())
        numbers = [case.number for case in cases.cases(state="draft")]
        order.serve(actor=self.stage.actor("jingban"), numbers=numbers, now=self.stage.tick())

    def _rare_acts(self) -> None:
        """What leaves rows in tables that the years do not fill: a column plan, two draws, a destroyed picture."""
        registry = importlib.import_module("kaoping.registry.services")
        visits = importlib.import_module("kaoping.inspection.services")
        evidence = importlib.import_module("kaoping.evidence.services")
        handler = self.stage.actor("jingban")
        column = registry.ColumnPlan("通知公告", "http://czd03.kaoping.test/tz/", "news", 30)
        registry.set_columns(actor=handler, code="CZD03", columns=[column], now=self.stage.tick())
        for title in ("第一次随机抽查（示例）", "第二次随机抽查（示例）"):
            draw = visits.commit_draw(
                actor=handler, title=title, sizes={"市级部门": 2}, now=self.stage.tick()
            )
            if title.startswith("第一次"):
                visits.run_draw(
                    actor=handler, draw_id=draw.pk, public_value="06 11 17", now=self.stage.tick()
                )
        picture = importlib.import_module("kaoping.cli.demo.routine").picture("destroyed")
        visits.record_visit(
            actor=self.stage.actor("jiancha"),
            organisation_code="CZD03",
            place="政务服务大厅查阅点",
            outcome="met",
            note="",
            item="K4.3.p",
            photo=("误拍.png", picture),
            visited_at=self.stage.now,
            client_id="fixture-destroyed",
            now=self.stage.tick(60),
        )
        evidence.destroy_artefact(
            sha256=hashlib.sha256(picture).hexdigest(),
            proposed_by=handler,
            confirmed_by=self.stage.actor("fuzeren"),
            reason="照片拍到了身份证号（示例）",
            now=self.stage.tick(),
        )
        jobs = importlib.import_module("kaoping.support.jobs")
        jobs.run_due("fixture", now=self.stage.tick())
        jobs.beat(jobs.WORKER)

    def _leave_opinions_on_their_way(self, poll: Any) -> None:
        """One opinion still in the box, one in the outbox: neither has reached the desk."""
        playing, unit = self.playing, "CZD03"
        with closing(playing.open_ballot_store()) as store, closing(playing.open_opinion_outbox()) as outbox:
            for number in range(2):
                code = playing.receipt_of(poll.uid, playing.new_token())
                published = playing.read_poll(playing.polls_folder(), poll.uid)
                answers = {"contact": "looked", **dict.fromkeys(("q1", "q2", "q3", "q4"), "satisfied")}
                opinion = playing.OpinionRecord(
                    f"fixture-{number}", poll.uid, unit, "希望多发办事指南。", self._today()
                )
                payload = playing.seal_ballot(published, unit, answers, "public")
                store.add([playing.Arrival(poll.uid, playing.receipt_hash(code), payload, opinion)])
                if number == 0:
                    playing.forward_opinions(store, outbox)

    def _known(self, trial: Any, running: Any) -> dict[str, Any]:
        releases = importlib.import_module("kaoping.publication.models").Release
        return {
            "made_with": _commit(),
            "passphrases": list(self.playing.PASSPHRASES),
            "polls": {"sealed": trial.uid, "running": running.uid},
            "receipts": {poll: [codes[0], codes[-1]] for poll, codes in sorted(self.receipts.items())},
            "ballots": {poll: len(codes) for poll, codes in sorted(self.receipts.items())},
            "releases": [
                {
                    "year": one.year,
                    "number": one.number,
                    "full_digest": one.full_digest,
                    "public_digest": one.public_digest,
                }
                for one in releases.objects.order_by("year", "number")
            ],
        }


def _commit() -> str:
    """The commit whose program is at work; what only this folder adds does not count."""
    root = Path(__file__).parents[2]
    said = subprocess.run(
        ["git", "log", "-1", "--format=%H", "--", "src"], cwd=root, capture_output=True, text=True, check=True
    )
    return said.stdout.strip()


def _write_sqlite(folder: Path, target: Path) -> None:
    for file, name in DATABASES.items():
        with closing(sqlite3.connect(folder / file)) as connection:
            lines = "\n".join(connection.iterdump())
        (target / f"{name}.sql").write_bytes(f"{lines}\n".encode())


def _write_postgres(url: str, target: Path) -> None:
    """``pg_dump`` as INSERTs, without the lines that only psql understands."""
    where = parse_database_url(url)
    words = ["pg_dump", "--inserts", "--rows-per-insert=50", "--no-owner", "--no-privileges"]
    words += ["-h", where.host, "-U", where.user, *(("-p", where.port) if where.port else ()), where.name]
    said = subprocess.run(
        words, capture_output=True, check=True, env={**os.environ, "PGPASSWORD": where.password}
    )
    lines = said.stdout.split(b"\n")
    target.write_bytes(
        b"\n".join(line for line in lines if not line.startswith((b"\\restrict", b"\\unrestrict")))
    )


def _copy_folder(folder: Path, target: Path) -> None:
    target.mkdir()
    for name in KEPT:
        path = folder / name
        if path.is_dir():
            shutil.copytree(path, target / name)
        elif path.is_file():
            shutil.copyfile(path, target / name)


if __name__ == "__main__":
    sys.exit(main())
