"""``kaoping facts``: what is on one saved page."""

from __future__ import annotations

import argparse
import json
from typing import Any

from kaoping.cli.errors import InputError
from kaoping.cli.printing import visible
from kaoping.cli.reading import MAX_PAGE, read_file
from kaoping.crawling.charset import is_text
from kaoping.crawling.page import is_html, read_page
from kaoping.foreign.addresses import canonical

NAME = "facts"
HELP = "读一个保存下来的网页：标签、信息属性、日期、链接、页脚"

_NAMES = {
    "index_no": "索引号",
    "category": "分类",
    "disclosure_mode": "公开方式",
    "doc_no": "文号",
    "issuer": "发布机构",
    "formed_on": "生成日期",
    "published_on": "公开日期",
    "abolished_on": "废止日期",
    "validity": "效力",
    "summary": "内容概述",
    "site_id_code": "网站标识码",
    "icp": "ICP备案号",
    "police_filing": "公安备案号",
    "sponsor": "主办单位",
    "contact": "联系方式",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument("file", metavar="文件", help="网页文件（HTML 或纯文本）")
    parser.add_argument("--url", required=True, metavar="网址", help="网页原来的网址，用来补全链接")
    parser.add_argument("--json", action="store_true", help="只输出 JSON")


def run(args: argparse.Namespace) -> int:
    """0 when the page was read; bad input is exit code 2."""
    url = canonical(args.url)
    if url is None:
        raise InputError(
            "网址不完整", field="--url", remedy="请写完整网址，如 http://www.example.gov.cn/a.html"
        )
    data = read_file(args.file, most=MAX_PAGE)
    if not is_text(data, markup=is_html(data, None)):
        raise InputError(
            "不是网页，也不是文本", file=args.file, remedy="请给一个保存下来的网页（HTML）或纯文本文件"
        )
    facts = read_page(data, url).as_json()
    if args.json:
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        _print(facts)
    return 0


def _print(facts: dict[str, Any]) -> None:
    print(
        f"标题：{visible(facts['title'] or '没有')}（编码 {facts['encoding']}，正文 {facts['text_chars']} 字）"
    )
    print(f"公开日期：{facts['published_on'] or '没有'}")
    for heading, group in (("信息属性", facts["property_block"]), ("页脚", facts["footer"])):
        print(f"{heading}：")
        for key, value in group.items():
            print(f"  {_NAMES[key]}：{visible(value or '没有')}")
    print("网页标签：")
    for tag, value in facts["meta"].items():
        print(f"  {tag}：{'没有' if value is None else visible(value) or '（空）'}")
    print(f"链接 {len(facts['links'])} 个，附件 {len(facts['attachments'])} 个")
