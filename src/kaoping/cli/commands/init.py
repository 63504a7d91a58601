"""``kaoping init``: make or upgrade a data folder, and the three first administrators."""

from __future__ import annotations

import argparse
import json
import secrets
import sys
from pathlib import Path

from kaoping.cli.django import add_data_argument, choose_data_folder, late, setup
from kaoping.cli.errors import InputError
from kaoping.config import belonging
from kaoping.support.environment import main_database
from kaoping.support.installation import ForeignPlace

NAME = "init"
HELP = "建立（或升级）数据目录，并生成三员账号。可重复运行。"
# 三员分立: the three who must exist before anybody else can be made.
FIRST = (
    ("system_admin", "sysadmin", "系统管理员"),
    ("security_admin", "secadmin", "安全管理员"),
    ("auditor", "auditor", "审计员"),
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments."""
    add_data_argument(parser)
    parser.add_argument("--json", action="store_true", help="只在标准输出打印 JSON")
    parser.add_argument(
        "--join",
        action="store_true",
        help="这台机器只跑外网一面和收卷：采用公开目录（KAOPING_PUBLISHED）里的安装标识",
    )


def run(args: argparse.Namespace) -> int:
    """Make the folder, bring the tables up to date, collect static files, make the first accounts."""
    folder = choose_data_folder(args)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if args.join:
        try:
            belonging.join(folder)
        except ForeignPlace as error:
            raise InputError(str(error)) from None
    setup(args, must_exist=False)
    prepare(folder)
    accounts = first_accounts()
    if args.json:
        print(json.dumps({"data": str(folder), "accounts": accounts}, ensure_ascii=False))
        return 0
    print(f"数据目录已就绪：{folder}")
    for account in accounts:
        print(
            f"  {account['name']}：登录名 {account['username']}，首次口令 {account['password']}（登录后须改）"
        )
    print("下一步：kaoping serve，然后用系统管理员建立人员，用安全管理员授予岗位。")
    return 0


def prepare(folder: Path) -> None:
    """Folders, tables, the installation's id and static files; harmless when repeated.

    Raises ``InputError`` before anything is changed when a setting points to another installation's place.
    """
    try:
        belonging.refuse_others(folder)
    except ForeignPlace as error:
        raise InputError(str(error)) from None
    for name in ("files", "runs", "published/polls", "published/releases", "static"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    _keep_private(folder)
    call_command = late("django.core.management").call_command
    print("升级数据库…", file=sys.stderr)
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except late("kaoping.accounts.actor").NamesAlike as error:
        raise InputError(str(error)) from None
    belonging.take(folder)
    print("整理静态文件…", file=sys.stderr)
    call_command("collectstatic", verbosity=0, interactive=False, clear=False)


def _keep_private(folder: Path) -> None:
    """The database file is for the service only; SQLite gives its journals the same rights."""
    if main_database(folder).engine == "sqlite":
        path = Path(main_database(folder).name)
        path.touch(mode=0o600)
        path.chmod(0o600)


def first_accounts() -> list[dict[str, str]]:
    """The administrators that were made just now, with passwords that are shown once; empty on a second run."""
    now = late("kaoping.support.clock").now()
    system = late("kaoping.accounts.actor").SYSTEM
    people = late("kaoping.accounts.services")
    register = late("kaoping.registry.services")
    known = late("kaoping.accounts.queries").person_by_username
    made = []
    for role, username, name in FIRST:
        if known(username) is not None:
            continue
        password = secrets.token_urlsafe(12)
        person = people.create_person(actor=system, username=username, name=name, password=password, now=now)
        register.appoint(
            actor=system,
            person=person,
            role=role,
            organisation=None,
            valid_from=late("kaoping.support.clock").today(),
            now=now,
        )
        made.append({"role": role, "name": name, "username": username, "password": password})
    return made
