"""``kaoping backup``: one consistent point of both databases and the files, while the service runs."""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from kaoping.cli.django import add_data_argument, setup
from kaoping.cli.errors import InputError
from kaoping.support import archive, clock
from kaoping.support.environment import DatabaseUrl, parse_database_url, read
from kaoping.support.snapshot import Copy, SnapshotError, copy_all

NAME = "backup"
HELP = "备份：两个数据库与全部文件在同一时点的一份拷贝，服务不用停。"
FOLDERS = ("files", "runs", "published")
SINGLE = ("demo.json", "clock.json")


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments."""
    add_data_argument(parser)
    parser.add_argument("--out", required=True, metavar="文件", help="写到哪个文件（.zip）")


def run(args: argparse.Namespace) -> int:
    """Snapshot the databases, then add the files, which are only ever added to."""
    folder = setup(args)
    target = Path(args.out)
    if target.exists():
        raise InputError(f"{target} 已经存在", remedy="换一个文件名，备份从不覆盖")
    with tempfile.TemporaryDirectory(dir=target.resolve().parent) as scratch:
        copies = databases(folder, Path(scratch))
        try:
            copy_all(copies)
        except (SnapshotError, sqlite3.Error) as error:
            raise InputError(f"数据库没有备份成：{error}") from None
        members = [*((one.target.name, one.target) for one in copies), *_files(folder)]
        facts = {"engine": copies[0].source.engine}
        count = archive.write(target, members, made_at=clock.machine_now(), facts=facts)
    with zipfile.ZipFile(target) as written:
        archive.read_manifest(written)
    print(f"已备份 {count} 个文件到 {target}（{target.stat().st_size:,} 字节）", file=sys.stderr)
    return 0


def databases(folder: Path, scratch: Path) -> list[Copy]:
    """The main database first, then the ballot box and the opinions where they have files of their own."""
    main = parse_database_url(read("KAOPING_DATABASE_URL", f"sqlite:///{folder / 'kaoping.sqlite3'}"))
    copies = [Copy(main, scratch / ("kaoping.sqlite3" if main.engine == "sqlite" else "kaoping.dump"))]
    apart = read("KAOPING_BALLOT_DATABASE_URL")
    if apart:
        ballots = parse_database_url(apart)
        same = (ballots.host, ballots.port, ballots.name) == (main.host, main.port, main.name)
        if ballots.engine != "sqlite" and not same:
            copies.append(Copy(ballots, scratch / "ballots.dump"))
    for name in ("ballots.sqlite3", "opinions.sqlite3"):
        if (folder / name).is_file():
            copies.append(Copy(DatabaseUrl("sqlite", str(folder / name)), scratch / name))
    return copies


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for name in SINGLE:
        if (folder / name).is_file():
            yield name, folder / name
    for part in FOLDERS:
        for path in sorted((folder / part).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield str(path.relative_to(folder)), path
