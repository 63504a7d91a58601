"""Start Django for the commands that need the database. Importing this module alone loads no Django."""

from __future__ import annotations

import argparse
import importlib
import os
from pathlib import Path
from types import ModuleType

from kaoping.cli.errors import InputError
from kaoping.config import belonging
from kaoping.support import installation, untouched
from kaoping.support.environment import SettingError, data_folder


def add_data_argument(parser: argparse.ArgumentParser) -> None:
    """``--data DIR``: the data folder, by default ``KAOPING_DATA`` or ``kaoping-data``."""
    parser.add_argument(
        "--data", metavar="目录", help="数据目录（默认取环境变量 KAOPING_DATA，再默认 kaoping-data）"
    )


def choose_data_folder(args: argparse.Namespace) -> Path:
    """Make the chosen folder the process's data folder and return it."""
    if args.data:
        try:
            os.environ["KAOPING_DATA"] = str(Path(args.data).resolve())
        except (OSError, RuntimeError, ValueError):  # a ring of links, a zero byte
            raise InputError("路径打不开", file=args.data, field="--data", remedy="核对路径") from None
    folder = data_folder()
    if os.path.lexists(folder) and not folder.is_dir():
        raise InputError(
            "不是空目录，也不是数据目录", file=str(folder), field="--data", remedy="用 --data 指明数据目录"
        )
    return folder


def setup(args: argparse.Namespace, *, must_exist: bool = True, reads_only: bool = False) -> Path:
    """Start Django on the chosen data folder. Raises ``InputError`` when the folder is not there or not prepared.

    ``reads_only``: the command stores nothing and also works where nothing can be stored.
    """
    folder = choose_data_folder(args)
    if must_exist and not folder.is_dir():
        raise InputError(f"没有数据目录 {folder}", remedy="先运行 kaoping init，或用 --data 指明目录")
    os.environ["DJANGO_SETTINGS_MODULE"] = "kaoping.config.settings"
    try:
        late("django").setup()
    except SettingError as error:
        raise InputError(str(error)) from None
    if reads_only:
        _read_without_writing()
    if must_exist:
        pending = pending_migrations()
        if pending:
            raise InputError(f"数据库还差 {pending} 步升级", remedy="先备份，再运行 kaoping init 完成升级")
        refuse_foreign(folder)
    return folder


def _read_without_writing() -> None:
    """Where the database file cannot be written, open it so that SQLite does not try to."""
    connection = late("django.db").connection
    settings = connection.settings_dict
    if connection.vendor != "sqlite" or connection.is_in_memory_db():
        return
    if untouched.writable(Path(settings["NAME"])):
        return
    settings["OPTIONS"] = {"uri": True, "timeout": 30, "init_command": "PRAGMA foreign_keys=ON;"}
    settings["NAME"] = untouched.address(Path(settings["NAME"]))


def refuse_foreign(folder: Path) -> None:
    """Raises ``InputError`` when a setting points to another installation's place, or ``folder`` has no id yet."""
    try:
        belonging.refuse_foreign(folder)
        known = installation.read(folder)
    except installation.ForeignPlace as error:
        raise InputError(str(error)) from None
    if known is None:
        raise InputError(f"数据目录 {folder} 还没有安装标识", remedy="先备份，再运行 kaoping init 完成升级")


def pending_migrations() -> int:
    """How many migrations the database still lacks."""
    connection = late("django.db").connection
    executor = late("django.db.migrations.executor").MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def late(module: str) -> ModuleType:
    """Import a module that needs Django's settings, after ``setup``."""
    return importlib.import_module(module)
