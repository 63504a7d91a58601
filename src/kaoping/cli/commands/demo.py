"""``kaoping demo``: fill a folder with an example city and serve it on loopback."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import MutableMapping
from pathlib import Path

from kaoping.cli.commands.init import prepare
from kaoping.cli.commands.serve import refuse_busy, serve
from kaoping.cli.django import late, pending_migrations, refuse_foreign, setup
from kaoping.cli.errors import InputError
from kaoping.cli.parsing import whole
from kaoping.cli.processes import Process
from kaoping.support import installation
from kaoping.support.environment import DEMO_MARK, read

NAME = "demo"
HELP = "演示：建好示例数据（常州市的机构框架，示例分数），在本机打开内外两面。"
STAGES = ("plan", "routine", "evaluation", "self-review", "review", "preview", "appeals", "published")
READY = "ready"
SETTINGS = ("KAOPING_", "DJANGO_", "PG")
# What a demonstration may be told: how the city and its office are called. Its port is an argument.
KEPT = ("KAOPING_CITY", "KAOPING_OFFICE", "KAOPING_OFFICE_PHONE")
SITES_OFFSET = 3


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments."""
    parser.add_argument("--data", metavar="目录", help="演示数据放在哪里（默认 demo-data/<阶段>）")
    parser.add_argument(
        "--stage",
        metavar="阶段",
        choices=STAGES,
        default="review",
        help=f"2025 年停在哪个阶段：{' '.join(STAGES)}（默认 review）",
    )
    parser.add_argument(
        "--port", metavar="端口", type=whole, default=read("PORT", "8000"), help="内网一面的端口（默认 8000）"
    )
    parser.add_argument("--build-only", action="store_true", help="只建数据，不启动服务")


def run(args: argparse.Namespace) -> int:
    """Build once; a folder that is ready is served at once."""
    folder = Path(args.data or f"demo-data/{args.stage}").resolve()
    if folder.exists() and any(folder.iterdir()) and not (folder / DEMO_MARK).is_file():
        raise InputError(f"{folder} 不是演示目录", remedy="换一个目录；演示从不动正式数据")
    if not 1 <= args.port <= 65535 - SITES_OFFSET:
        raise InputError(f"端口 {args.port} 不在 1 到 {65535 - SITES_OFFSET} 之间", remedy="例如 PORT=8000")
    # Before a minute of building, not after it; while it is built the example sites are crawled.
    for number in range(args.port + (SITES_OFFSET if args.build_only else 0), args.port + SITES_OFFSET + 1):
        refuse_busy("127.0.0.1", number)
    forget_settings(os.environ)
    os.environ["KAOPING_DATA"] = str(folder)
    os.environ["KAOPING_CRAWL_ALLOW"] = "127.0.0.0/8"
    os.environ["KAOPING_CHROMIUM"] = "off"
    os.environ["KAOPING_CRAWL_RESOLVE"] = f"*.kaoping.test:{args.port + SITES_OFFSET}:127.0.0.1"
    args.data = str(folder)
    if not (folder / READY).is_file():
        _build(args, folder)
    else:
        setup(args, must_exist=False)
        if pending_migrations() or installation.read(folder) is None:  # built by an earlier version
            prepare(folder)
        refuse_foreign(folder)
    if args.build_only:
        return 0
    sites = Process(
        "示例网站",
        [sys.executable, "-m", "kaoping.cli.demo.site_server", str(args.port + SITES_OFFSET)],
        {"KAOPING_DATA": str(folder)},
    )
    return serve(folder, "127.0.0.1", args.port, (sites,), lambda: _introduce(args))


def forget_settings(environment: MutableMapping[str, str]) -> None:
    """Take away every setting but those of ``KEPT``, so that neither this process nor its children reach anywhere else.

    An allow-list, because a setting that is added later must not lead out of the demonstration's folder either.
    """
    for name in list(environment):
        if name.startswith(SETTINGS) and name not in KEPT:
            del environment[name]


def _build(args: argparse.Namespace, folder: Path) -> None:
    print(f"建立演示数据 {folder}（只需一次）", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / DEMO_MARK).write_text('{"note": "示例数据"}', encoding="utf-8")
    setup(args, must_exist=False)
    prepare(folder)
    late("kaoping.cli.demo.build").build(folder, args.stage.replace("-", "_"), args.port + SITES_OFFSET)
    (folder / READY).touch()


def _introduce(args: argparse.Namespace) -> None:
    cast = late("kaoping.cli.demo.cast")
    inside, outside = f"http://127.0.0.1:{args.port}", f"http://127.0.0.1:{args.port + 1}"
    print("示例数据：单位名称是真的，分数、等次和人名都是编的。\n")
    print(f"  公众、记者   {outside}/（结果）　{outside}/evaluate/（评议，不用登录）")
    print(f"  办公、单位、评审、检查、管理   {inside}/")
    print(f"\n  登录名与岗位（口令都是 {cast.PASSWORD}）：")
    roles = late("kaoping.accounts.actor").ROLES
    for member in (*cast.OFFICE, *cast.ADMINISTRATORS):
        place = f"（{member.organisation}）" if member.organisation else ""
        print(f"    {member.username:<12}{roles[member.role]}{place}")
    print("    czd03       市教育局联络员；其他单位的联络员用单位代码的小写登录，如 czq01、cze01")
    print("\n按 Ctrl-C 停止。\n", flush=True)
