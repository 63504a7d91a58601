"""``kaoping backup``: one consistent point of both databases and the files, while the service runs."""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from kaoping.cli.django import add_data_argument, choose_data_folder
from kaoping.cli.errors import InputError
from kaoping.config import belonging
from kaoping.support import archive, clock, installation
from kaoping.support.environment import (
    DatabaseUrl,
    main_database,
    parse_database_url,
    published_folder,
    read,
)
from kaoping.support.snapshot import Copy, SnapshotError, copy_all

NAME = "backup"
HELP = "备份：两个数据库与全部文件在同一时点的一份拷贝，服务不用停。"
FOLDERS = ("files", "runs")
SINGLE = ("demo.json", "clock.json", installation.FILE)


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments."""
    add_data_argument(parser)
    parser.add_argument("--out", required=True, metavar="文件", help="写到哪个文件（.zip）")


def run(args: argparse.Namespace) -> int:
    """Snapshot the databases and what is published, then add the files, which are only ever added to."""
    folder = choose_data_folder(args)
    if not folder.is_dir():
        raise InputError(f"没有数据目录 {folder}", remedy="用 --data 指明目录")
    try:
        if installation.read(folder) is not None:
            belonging.refuse_others(folder)
    except installation.ForeignPlace as error:
        raise InputError(f"没有备份：{error}") from None
    target = Path(args.out)
    if target.exists():
        raise InputError(f"{target} 已经存在", remedy="换一个文件名，备份从不覆盖")
    if not target.resolve().parent.is_dir():
        raise InputError(f"没有目录 {target.resolve().parent}", remedy="先建立这个目录")
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=target.resolve().parent)))
        held = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=folder, prefix=".backup-")))
        copies = databases(folder, scratch)
        try:
            copy_all(copies, meanwhile=lambda: _hold(published_folder(folder), held))
        except (SnapshotError, sqlite3.Error) as error:
            raise InputError(f"没有备份成：{error}") from None
        members = [
            *((one.target.name, one.target) for one in copies),
            *_files(folder),
            *((f"published/{path.relative_to(held)}", path) for path in _below(held)),
        ]
        facts = {"engine": copies[0].source.engine, "ballots": ballots_place()}
        count = archive.write(target, members, made_at=clock.machine_now(), facts=facts)
    with zipfile.ZipFile(target) as written:
        archive.read_manifest(written)
    print(f"已备份 {count} 个文件到 {target}（{target.stat().st_size:,} 字节）", file=sys.stderr)
    return 0


def databases(folder: Path, scratch: Path) -> list[Copy]:
    """The main database first, then the ballot box and the opinions where they have a database of their own."""
    main = main_database(folder)
    if main.engine == "sqlite" and not Path(main.name).is_file():
        raise InputError(f"{folder} 里还没有数据库", remedy="先运行 kaoping init，或用 --data 指明目录")
    copies = [Copy(main, scratch / ("kaoping.sqlite3" if main.engine == "sqlite" else "kaoping.dump"))]
    place = ballots_place()
    if place == "apart":
        copies.append(Copy(parse_database_url(read("KAOPING_BALLOT_DATABASE_URL")), scratch / "ballots.dump"))
    elif place == "file":
        for name in ("ballots.sqlite3", "opinions.sqlite3"):
            if (folder / name).is_file():
                copies.append(Copy(DatabaseUrl("sqlite", str(folder / name)), scratch / name))
    return copies


def ballots_place() -> str:
    """Where ballots lie: in a ``file`` of the data folder, ``with_main`` in one PostgreSQL database, or ``apart``."""
    url = read("KAOPING_BALLOT_DATABASE_URL")
    if not url:
        return "file"
    ballots, main = parse_database_url(url), parse_database_url(read("KAOPING_DATABASE_URL", "sqlite:///x"))
    same = (ballots.engine, ballots.host, ballots.port or "5432", ballots.name) == (
        main.engine,
        main.host,
        main.port or "5432",
        main.name,
    )
    return "with_main" if same else "apart"


def _hold(source: Path, held: Path) -> None:
    """Second names for the published files: they are replaced, never written into, so a name keeps the instant."""
    for path in _below(source):
        second = held / path.relative_to(source)
        second.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(path, second)
        except OSError:  # another file system
            shutil.copyfile(path, second)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for name in SINGLE:
        if (folder / name).is_file():
            yield name, folder / name
    for part in FOLDERS:
        for path in _below(folder / part):
            yield str(path.relative_to(folder)), path


def _below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            yield path
