"""``kaoping restore``: a backup into an empty data folder (and an empty PostgreSQL database)."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from kaoping.cli.commands.backup import BALLOTS, ballots_place
from kaoping.cli.commands.init import prepare
from kaoping.cli.django import add_data_argument, choose_data_folder, late, setup
from kaoping.cli.errors import InputError
from kaoping.cli.printing import visible
from kaoping.config import belonging
from kaoping.evaluation.intake import damage_of_box, damage_of_copy
from kaoping.foreign.days import strict_instant
from kaoping.foreign.failures import in_words
from kaoping.foreign.opening import BROKEN_ZIP, Unreadable, refuse_odd
from kaoping.support import archive, clock, envelopes, environment
from kaoping.support.environment import parse_database_url, published_folder, read
from kaoping.support.snapshot import SnapshotError, load_postgres, refuse_filled
from kaoping.support.soundness import NOT_COPIED, make_private, trouble_of_sqlite

NAME = "restore"
HELP = "恢复：把一份备份放进空的数据目录，逐个核对校验值，前后都查数据库是否完好。"


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments."""
    add_data_argument(parser)
    parser.add_argument("backup", metavar="备份文件", help="kaoping backup 写出的文件")
    parser.add_argument("--identity", metavar="私钥文件", help="备份加了密时，age-keygen 生成的私钥文件")


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
    try:
        refuse_odd(args.backup)
    except Unreadable as error:
        raise InputError(
            f"没有恢复：{error.message}", file=args.backup, remedy=f"{error.remedy}；原有数据没有动"
        ) from None
    scratch = folder.with_name(f".{folder.name}.restoring")
    shutil.rmtree(scratch, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".unsealing-") as place:
        source = _opened(args, Path(place))
        scratch.mkdir(mode=0o700)
        try:
            with zipfile.ZipFile(source) as opened:
                manifest = archive.read_manifest(opened)
                _check_settings(manifest)
                archive.extract(opened, manifest, scratch)
            trouble = _trouble(scratch, manifest)
            if not trouble:
                _load_databases(scratch)
        except (*BROKEN_ZIP, SnapshotError) as error:
            shutil.rmtree(scratch, ignore_errors=True)
            own = isinstance(error, archive.ArchiveError | SnapshotError | environment.SettingError)
            raise InputError(
                f"没有恢复：{error if own else in_words(error)}",
                file=str(args.backup),
                remedy="换一份完好的备份；原有数据没有动",
            ) from None
    if trouble:
        shutil.rmtree(scratch, ignore_errors=True)
        print(f"没有恢复：备份里的{trouble}。换一份更早的完好的备份；原有数据没有动", file=sys.stderr)
        return 1
    if folder.exists():
        folder.rmdir()
    os.replace(scratch, folder)
    _place_published(folder / "published", published)
    belonging.take_anew(folder)
    setup(args, must_exist=False)
    prepare(Path(folder))
    _forget_sessions()
    make_private(folder)
    trouble = _trouble(folder, manifest) or _trouble_on_servers(folder)
    if trouble:
        print(f"恢复后核对不符：{trouble}。不要用 {folder}，换一份更早的备份", file=sys.stderr)
        return 1
    print(
        f"已恢复 {len(manifest['members'])} 个文件到 {folder}，备份时点 {_instant(manifest['made_at'])}，数据库和校验值已核对",
        file=sys.stderr,
    )
    wrong = archive.misnamed(manifest, "files")
    if wrong:
        print(
            f"其中 {len(wrong)} 份材料在备份以前就与自己的校验值不符，如 {wrong[0]}，请从更早的备份里取回",
            file=sys.stderr,
        )
    return int(bool(wrong))


def _instant(text: str) -> str:
    """The instant in the manifest as people read it."""
    instant = strict_instant(text)
    try:
        return f"{clock.beijing_text(instant)}（北京时间）" if instant else f"写的是“{visible(text[:40])}”"
    except OverflowError:  # the last hours of the year 9999
        return f"写的是“{visible(text[:40])}”"


def _opened(args: argparse.Namespace, place: Path) -> Path:
    """The backup itself, or what is in it when it was sealed to a public key. Raises ``InputError``."""
    given = Path(args.backup)
    try:
        if not envelopes.is_sealed(given):
            return given
        if not args.identity:
            raise InputError(
                "没有恢复：备份加了密", file=args.backup, remedy="加 --identity 私钥文件；原有数据没有动"
            )
        envelopes.unseal(given, place / "backup.zip", envelopes.identities(Path(args.identity)))
    except (envelopes.EnvelopeError, OSError) as error:
        words = in_words(error) if isinstance(error, OSError) else str(error)
        raise InputError(
            f"没有恢复：{words}", file=args.backup, remedy="核对备份和私钥；原有数据没有动"
        ) from None
    return place / "backup.zip"


def _trouble(folder: Path, manifest: dict[str, Any]) -> str:
    """What is wrong with the SQLite files of the backup in ``folder``; empty when they are sound."""
    for name in manifest["members"]:
        if "/" not in name and name.endswith(".sqlite3"):
            trouble = trouble_of_sqlite(folder / name)
            if trouble:
                return f"数据库 {name} 已损坏（{trouble}）"
    damage = damage_of_copy(folder / BALLOTS)
    return f"问卷与校验值不符（{damage}）" if damage else ""


def _trouble_on_servers(folder: Path) -> str:
    """The same of a ballot box on PostgreSQL, after it was loaded."""
    if not read("KAOPING_BALLOT_DATABASE_URL"):
        return ""
    damage = damage_of_box(folder)
    return f"问卷与校验值不符（{damage}）" if damage else ""


def _forget_sessions() -> None:
    """Backups of earlier versions hold sessions: nobody is signed in after a restore."""
    connection = late("django.db").connection
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for table in NOT_COPIED:
            if table in there:
                cursor.execute(f"DELETE FROM {table}")


def _place_published(unpacked: Path, published: Path) -> None:
    """What the outside face reads goes where ``KAOPING_PUBLISHED`` says, which may be another file system."""
    if published.resolve() == unpacked.resolve() or not unpacked.is_dir():
        return
    shutil.copytree(unpacked, published, dirs_exist_ok=True)
    # The outside face may run under another user, and everything here is public.
    for path in (published, *published.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    shutil.rmtree(unpacked)


def _check_settings(manifest: dict[str, Any]) -> None:
    """The settings of this machine must name databases of the backup's kinds, else half of it would be lost."""
    url, engine = read("KAOPING_DATABASE_URL"), manifest.get("engine")
    if engine == "sqlite" and url:
        raise SnapshotError("备份来自 SQLite，恢复时不要设 KAOPING_DATABASE_URL")
    if engine != "sqlite" and not url:
        raise SnapshotError("备份来自 PostgreSQL，请用 KAOPING_DATABASE_URL 指明一个空库")
    place = str(manifest.get("ballots", "file"))
    if place == ballots_place():
        return
    raise SnapshotError(
        {
            "file": "备份里的问卷箱是数据目录里的文件，恢复时不要设 KAOPING_BALLOT_DATABASE_URL",
            "with_main": "备份里的问卷箱与主库同在一个库，请把 KAOPING_BALLOT_DATABASE_URL 也指向主库",
            "apart": "备份里的问卷箱另有一个库，请用 KAOPING_BALLOT_DATABASE_URL 指明另一个空库",
        }.get(place, f"不认识的问卷箱位置 {place[:40]}")
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
