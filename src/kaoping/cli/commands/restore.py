"""``kaoping restore``: a backup into an empty data folder (and an empty PostgreSQL database)."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

from kaoping.cli.commands.backup import ballots_place
from kaoping.cli.commands.init import prepare
from kaoping.cli.django import add_data_argument, choose_data_folder, setup
from kaoping.cli.errors import InputError
from kaoping.config import belonging
from kaoping.support import archive
from kaoping.support.environment import parse_database_url, published_folder, read
from kaoping.support.snapshot import SnapshotError, load_postgres, refuse_filled

NAME = "restore"
HELP = "恢复：把一份备份放进空的数据目录，逐个核对校验值。"


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments."""
    add_data_argument(parser)
    parser.add_argument("backup", metavar="备份文件", help="kaoping backup 写出的文件")


def run(args: argparse.Namespace) -> int:
    """Unpack beside the target, verify everything, and only then move into place."""
    folder = choose_data_folder(args)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} 不是空目录", remedy="恢复不覆盖任何东西，请指定一个新目录")
    published = published_folder(folder)
    if published.exists() and (not published.is_dir() or any(published.iterdir())):
        raise InputError(
            f"公开目录 {published} 不是空目录",
            remedy="恢复不覆盖任何东西，请把 KAOPING_PUBLISHED 指向一个新目录",
        )
    scratch = folder.with_name(f".{folder.name}.restoring")
    shutil.rmtree(scratch, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch.mkdir(mode=0o700)
    try:
        with zipfile.ZipFile(args.backup) as opened:
            manifest = archive.read_manifest(opened)
            _check_settings(manifest)
            archive.extract(opened, manifest, scratch)
        _load_databases(scratch)
    except (OSError, zipfile.BadZipFile, archive.ArchiveError, SnapshotError) as error:
        shutil.rmtree(scratch, ignore_errors=True)
        raise InputError(
            f"没有恢复：{error}", file=str(args.backup), remedy="换一份完好的备份；原有数据没有动"
        ) from None
    if folder.exists():
        folder.rmdir()
    os.replace(scratch, folder)
    _place_published(folder / "published", published)
    belonging.take_anew(folder)
    setup(args, must_exist=False)
    prepare(Path(folder))
    print(
        f"已恢复 {len(manifest['members'])} 个文件到 {folder}，备份时点 {manifest['made_at']}",
        file=sys.stderr,
    )
    return 0


def _place_published(unpacked: Path, published: Path) -> None:
    """What the outside face reads goes where ``KAOPING_PUBLISHED`` says, which may be another file system."""
    if published.resolve() == unpacked.resolve() or not unpacked.is_dir():
        return
    shutil.copytree(unpacked, published, dirs_exist_ok=True)
    shutil.rmtree(unpacked)


def _check_settings(manifest: dict[str, Any]) -> None:
    """The settings of this machine must name databases of the backup's kinds, else half of it would be lost."""
    url, engine = read("KAOPING_DATABASE_URL"), manifest.get("engine")
    if engine == "sqlite" and url:
        raise SnapshotError("备份来自 SQLite，恢复时不要设 KAOPING_DATABASE_URL")
    if engine != "sqlite" and not url:
        raise SnapshotError("备份来自 PostgreSQL，请用 KAOPING_DATABASE_URL 指明一个空库")
    place = manifest.get("ballots", "file")
    if place == ballots_place():
        return
    raise SnapshotError(
        {
            "file": "备份里的问卷箱是数据目录里的文件，恢复时不要设 KAOPING_BALLOT_DATABASE_URL",
            "with_main": "备份里的问卷箱与主库同在一个库，请把 KAOPING_BALLOT_DATABASE_URL 也指向主库",
            "apart": "备份里的问卷箱另有一个库，请用 KAOPING_BALLOT_DATABASE_URL 指明另一个空库",
        }.get(place, f"不认识的问卷箱位置 {place}")
    )


def _load_databases(scratch: Path) -> None:
    dumps = [
        (parse_database_url(read(variable)), scratch / name)
        for name, variable in (
            ("kaoping.dump", "KAOPING_DATABASE_URL"),
            ("ballots.dump", "KAOPING_BALLOT_DATABASE_URL"),
        )
        if (scratch / name).is_file()
    ]
    for target, _dump in dumps:
        refuse_filled(target)
    for target, dump in dumps:
        load_postgres(target, dump)
        dump.unlink()
