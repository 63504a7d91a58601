"""``kaoping accounts``: what must be done at the machine itself – the way back in, and a name that is changed."""

from __future__ import annotations

import argparse
import os
import sys
from getpass import getuser
from urllib.parse import urlsplit

from kaoping.cli.django import add_data_argument, late, setup
from kaoping.cli.errors import InputError
from kaoping.foreign.glyphs import glyphs

NAME = "accounts"
HELP = "账号：没有人能登录管理时的恢复链接（recover），改登录名（rename）。"


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments."""
    acts = parser.add_subparsers(dest="act", metavar="动作", required=True)
    recover = acts.add_parser(
        "recover", help="为一个账号发一次性恢复链接；审计日志记下是谁在服务器上办的，删不掉"
    )
    recover.add_argument("username", metavar="登录名")
    recover.add_argument("--by", metavar="姓名", required=True, help="办理人姓名，写进审计日志")
    recover.add_argument(
        "--address", metavar="网址", default="http://127.0.0.1:8000", help="内网一面的网址，写进链接"
    )
    add_data_argument(recover)
    rename = acts.add_parser("rename", help="改登录名；升级前有两个登录名只差大小写时也用它")
    rename.add_argument("old", metavar="旧名")
    rename.add_argument("new", metavar="新名")
    rename.add_argument("--by", metavar="姓名", required=True, help="办理人姓名，写进审计日志")
    add_data_argument(rename)


def run(args: argparse.Namespace) -> int:
    """Do the one act."""
    setup(args)
    who = f"{args.by.strip()}，系统用户 {getuser()}"
    if not glyphs(args.by):
        raise InputError("请在 --by 后写办理人的姓名")
    return _recover(args, who) if args.act == "recover" else _rename(args, who)


def _recover(args: argparse.Namespace, who: str) -> int:
    address = args.address.strip().rstrip("/")
    if not _is_address(address):
        raise InputError(
            f"“{args.address}”不是内网一面的网址，没有发链接",
            field="--address",
            remedy="写 http:// 或 https:// 开头的网址，例如 http://127.0.0.1:8000",
        )
    person = late("kaoping.accounts.queries").person_by_username(args.username)
    if person is None:
        raise InputError(f"没有登录名是 {args.username} 的人")
    now = late("kaoping.support.clock").now()
    secret = late("kaoping.registry.passwords").recover_account(person=person, who=who, now=now)
    # Once more where the machine's own log keeps it: whoever empties the database does not empty that.
    print(f"恢复链接已发给 {person.username}，办理人：{who}，进程 {os.getpid()}。", file=sys.stderr)
    print(f"{address}/link/{secret}/")
    print("24 小时内有效，用一次即失效。设定口令后 24 小时内不能任免、签发，由另一人在“口令”页核实后恢复。")
    return 0


def _is_address(text: str) -> bool:
    """Whether links below this address can be opened: scheme and host, nothing that would swallow the path of the link."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and all(sign.isalnum() or sign in ".:-" for sign in parts.hostname or "")
        and port != 0
        and not (parts.username or parts.password or parts.query or parts.fragment)
        and "?" not in text
        and "#" not in text
        and text.isprintable()
        and not any(sign.isspace() for sign in text)
    )


def _rename(args: argparse.Namespace, who: str) -> int:
    refused = late("kaoping.accounts.actor").Refused
    now = late("kaoping.support.clock").now()
    try:
        late("kaoping.accounts.services").rename_person(old=args.old, new=args.new, who=who, now=now)
    except refused as refusal:
        raise InputError(str(refusal)) from None
    print(f"登录名 {args.old} 已改为 {args.new.lower()}。")
    return 0
