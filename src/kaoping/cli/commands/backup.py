"""``kaoping backup``: one consistent point of the databases and the files, while the service runs."""

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

from kaoping.accounts import log_head
from kaoping.cli.django import add_data_argument, choose_data_folder
from kaoping.cli.errors import InputError
from kaoping.config import belonging
from kaoping.evaluation.intake import damage_of_copy
from kaoping.foreign.failures import in_words
from kaoping.foreign.writing import NotWritten, refuse_existing
from kaoping.support import archive, clock, envelopes, installation
from kaoping.support.environment import (
    DatabaseUrl,
    main_database,
    parse_database_url,
    published_folder,
    read,
)
from kaoping.support.files import SEALED
from kaoping.support.snapshot import Copy, DamagedCopy, SnapshotError, copy_all

NAME = "backup"
HELP = "备份：全部数据库（主库、问卷、意见）和文件在同一时点的一份拷贝，服务不用停。"
BALLOTS = "ballots.sqlite3"
FOLDERS = ("files", "runs")
SINGLE = ("demo.json", "clock.json", installation.FILE)


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments."""
    add_data_argument(parser)
    parser.add_argument("--out", required=True, metavar="文件", help="写到哪个文件（.zip）")
    parser.add_argument(
        "--to",
        action="append",
        default=[],
        metavar="公钥",
        help="加密给谁（age1…，可写几次）；只有持私钥的人能恢复",
    )


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
    try:
        refuse_existing(target, "换一个文件名，备份从不覆盖")
    except NotWritten as error:
        raise InputError(error.message, file=args.out, remedy=error.remedy) from None
    if not target.resolve().parent.is_dir():
        raise InputError(f"没有目录 {target.resolve().parent}", remedy="先建立这个目录")
    try:
        to = envelopes.recipients(args.to)
    except envelopes.EnvelopeError as error:
        raise InputError(str(error), field="--to", remedy="核对公钥") from None
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=target.resolve().parent)))
        held = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=folder, prefix=".backup-")))
        copies = databases(folder, scratch)
        heads: list[log_head.Head | None] = []
        try:
            copy_all(copies, meanwhile=lambda: _hold(published_folder(folder), held))
            heads.append(log_head.of_copy(copies[0].source, copies[0].target))
            _refuse_damaged_ballots(scratch / BALLOTS)
        except DamagedCopy as error:
            print(f"没有备份：{error}。旧的备份不要删，先运行 kaoping doctor", file=sys.stderr)
            return 1
        except (SnapshotError, sqlite3.Error) as error:
            words = in_words(error) if isinstance(error, sqlite3.Error) else error
            raise InputError(f"没有备份成：{words}") from None
        members = [
            *((one.target.name, one.target) for one in copies),
            *_files(folder),
            *((f"published/{path.relative_to(held)}", path) for path in _below(held)),
        ]
        sealed = sum(1 for _path in _below(folder / SEALED))
        facts = {
            "engine": copies[0].source.engine,
            "ballots": ballots_place(),
            "sealed_left_out": sealed,
            "log_head": heads[0].as_json() if heads[0] else None,
        }
        plain = scratch / target.name if to else target
        count = archive.write(plain, members, made_at=clock.machine_now(), facts=facts)
        with zipfile.ZipFile(plain) as written:
            manifest = archive.read_manifest(written)
            archive.read_through(written, manifest)
        if to:
            envelopes.seal(plain, target, to)
    if sealed:
        print(f"封存的材料 {sealed} 份不在备份内，按保密要求另行保管", file=sys.stderr)
    if not to:
        print("注意：备份没有加密，拿到它的人能看到全部内容；可用 --to 加密给收件人公钥", file=sys.stderr)
    if heads[0]:
        print(f"审计日志到第 {heads[0].number} 条，校验值 {heads[0].digest}", file=sys.stderr)
    wrong = archive.misnamed(manifest, "files")
    if wrong:
        print(
            f"备份已写到 {target}，但有 {len(wrong)} 份材料与自己的校验值不符，如 {wrong[0]}：原件已损坏或被改动，"
            "请从更早的备份里取回",
            file=sys.stderr,
        )
        return 1
    print(
        f"已备份 {count} 个文件到 {target}（{target.stat().st_size:,} 字节），已逐个读回核对", file=sys.stderr
    )
    return 0


def _refuse_damaged_ballots(box: Path) -> None:
    """Every ballot of the copy against its checksum. Raises ``DamagedCopy``."""
    damage = damage_of_copy(box)
    if damage:
        raise DamagedCopy(f"问卷箱里有问卷与校验值不符（{damage}）")


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
        for name in (BALLOTS, "opinions.sqlite3"):
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
