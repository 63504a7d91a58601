"""``kaoping crawl``: one site into a folder."""

from __future__ import annotations

import argparse
import json
import os
import sys
from ipaddress import ip_address
from pathlib import Path

from kaoping.cli.errors import InputError
from kaoping.cli.parsing import decimal, whole
from kaoping.cli.printing import visible
from kaoping.crawling import AddressGuard, CrawlResult, Fetcher, Resolver, crawl
from kaoping.crawling.politeness import DEFAULT_RATE, RateRefused, rate_for
from kaoping.crawling.run import BUDGET, MAX_PAGES
from kaoping.foreign.addresses import canonical
from kaoping.foreign.failures import in_words
from kaoping.foreign.writing import NotWritten, refuse_filled

NAME = "crawl"
HELP = "抓取一个网站，存下原始内容（WARC）、事实（Parquet）和抓取记录"


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument("url", metavar="网址", help="网站首页网址")
    parser.add_argument("--out", required=True, metavar="文件夹", help="存放的文件夹，新的或空的")
    parser.add_argument(
        "--overwrite", action="store_true", help="文件夹里是以前的抓取记录时，换掉它（原始内容不再有）"
    )
    parser.add_argument(
        "--allow",
        action="append",
        default=[],
        metavar="网段",
        help="允许抓取的内部网段，可多次；也读环境变量 KAOPING_CRAWL_ALLOW（逗号分隔）",
    )
    parser.add_argument(
        "--rate",
        default=str(DEFAULT_RATE),
        metavar="每秒次数",
        help="每秒请求数，默认 1；unlimited 只能用于本机",
    )
    parser.add_argument(
        "--max-pages", type=whole, default=MAX_PAGES, metavar="页数", help=f"最多页数，默认 {MAX_PAGES}"
    )
    parser.add_argument(
        "--minutes",
        type=decimal,
        default=BUDGET / 60,
        metavar="分钟数",
        help=f"整轮最多用多少分钟（含等待和慢应答），默认 {BUDGET / 60:g}；没看完的会写明",
    )
    parser.add_argument(
        "--resolve",
        action="append",
        default=[],
        metavar="主机:端口:地址",
        help="把域名（可写 *.example.test）指到 IP 的这个端口，可多次",
    )
    parser.add_argument("--json", action="store_true", help="只输出 JSON")


def run(args: argparse.Namespace) -> int:
    """0 when the site was crawled; 1 when it did not open through its own fault; 3 when we could not tell."""
    url = canonical(args.url)
    if url is None:
        raise InputError("网址不完整", field="网址", remedy="请写完整网址，如 http://www.example.gov.cn/")
    if args.max_pages < 1:
        raise InputError("页数至少是 1", field="--max-pages", remedy="写 1 以上的整数")
    if not 0 < args.minutes < 100_000:
        raise InputError("时限要大于 0 分钟", field="--minutes", remedy="请写分钟数，如 60")
    _refuse_filled(Path(args.out), overwrite=args.overwrite)
    resolver, guard = _resolver(args.resolve), _guard(args.allow)
    try:
        rate = rate_for(args.rate, url, resolver)
    except RateRefused as refused:
        raise InputError(str(refused), field="--rate", remedy="请写每秒请求数，如 1") from refused
    except ValueError as error:
        raise InputError(
            "要写 0 到 50 之间的数，或 unlimited", field="--rate", remedy="请写每秒请求数，如 1"
        ) from error
    try:
        with Fetcher(guard, resolver=resolver) as fetcher:
            result = crawl(
                url,
                Path(args.out),
                fetcher=fetcher,
                rate=rate,
                max_pages=args.max_pages,
                budget=args.minutes * 60,
                progress=_progress,
            )
    except OSError as error:
        raise InputError(
            f"写不进去（{in_words(error)}）", file=args.out, remedy="请检查文件夹权限和磁盘空间"
        ) from error
    if args.json:
        print(json.dumps(result.as_json(), ensure_ascii=False))
    else:
        _print(result, args.out)
    if result.failure is None:
        return 0
    print(f"网站没有打开：{result.failure['text']}{_remedy(result.failure)}", file=sys.stderr)
    return {"site": 1, "us": 2}.get(result.failure["whose"], 3)


def _refuse_filled(out: Path, *, overwrite: bool) -> None:
    """Evidence of an earlier crawl is not replaced by the way; nothing but such evidence ever is."""
    earlier = not out.is_symlink() and (out / "run.json").is_file()
    stored = any(path.stat().st_size for path in out.glob("pages-*.warc.gz")) if earlier else False
    if earlier and (overwrite or not stored):  # one that stored nothing is simply tried again
        return
    remedy = "换一个文件夹" + ("；确要换掉以前的抓取记录，加 --overwrite" if earlier else "")
    try:
        refuse_filled(out, remedy)
    except NotWritten as error:
        raise InputError(error.message, file=str(out), field="--out", remedy=error.remedy) from None


def _remedy(failure: dict[str, str]) -> str:
    """How to open the one address that the guard refused; nothing for other failures."""
    if failure["cause"] != "address refused" or "未列入允许范围" not in failure["text"]:
        return ""
    address = failure["text"].partition("：")[2].partition(" 是")[0]
    try:
        host = ip_address(address)
    except ValueError:
        host = ip_address("127.0.0.1")  # localhost by name
    return f"。办法：确需抓取，加 --allow {host}/{host.max_prefixlen}"


def _resolver(items: list[str]) -> Resolver:
    try:
        return Resolver.parse(items)
    except ValueError as error:
        raise InputError("写法不对", field="--resolve", remedy="请写成 域名:端口:IP") from error


def _guard(ranges: list[str]) -> AddressGuard:
    try:
        return AddressGuard.allowing([*ranges, *os.environ.get("KAOPING_CRAWL_ALLOW", "").split(",")])
    except ValueError as error:
        raise InputError("网段写法不对", field="--allow", remedy="请写成 10.1.0.0/16 这样的网段") from error


def _progress(pages: int, requests: int) -> None:
    if requests % 200 == 0:
        print(f"已存 {pages} 页，请求 {requests} 次", file=sys.stderr)


def _print(result: CrawlResult, out: str) -> None:
    print(
        f"{result.root}：存下 {result.pages} 页，请求 {result.requests} 次，{result.bytes} 字节，用时 {result.seconds} 秒"
    )
    print(
        f"断链 {len(result.broken)} 处，无法判定 {len(result.undetermined)} 处，按规则不抓 {len(result.refused)} 处"
    )
    for entry in result.broken[:50]:
        print(f"  {visible(entry['url'])}（{visible(entry['cause'])}），在 {visible(entry['on'])}")
    if len(result.broken) > 50:
        print(f"  其余 {len(result.broken) - 50} 处见 {out}/run.json")
    for entry in result.unread[:50]:
        print(f"  {visible(entry['kind'])}：{visible(entry['url'])}（{visible(entry['text'])}）")
    if len(result.unread) > 50:
        print(f"  其余 {len(result.unread) - 50} 页见 {out}/run.json")
    for words in result.cut:
        print(words)
