"""Scrapy over the site, in the interpreter that has it: ``python scrapy_peer.py URL default|expert OUT``.

``expert``: many connections, no cookies, retries or referers, uvloop where there is one, and an own set of known
addresses before a Request is built, which spares it most of its work on pages with many links.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess

START, MODE, OUT = sys.argv[1:4]
SEEN: set[str] = set()


class Pages(scrapy.Spider):
    """Every page: title, standard tags, table of the property block, links; files are asked with HEAD."""

    name = "pages"
    start_urls = [START]
    handle_httpstatus_list = [404]

    def parse(self, response: Any) -> Iterator[Any]:
        """One page."""
        if response.status != 200 or not isinstance(response, scrapy.http.HtmlResponse):
            return
        links = response.xpath("//a/@href").getall()
        yield {
            "url": response.url,
            "title": response.xpath("//title/text()").get(),
            "meta": {
                tag.attrib["name"]: tag.attrib.get("content") for tag in response.xpath("//meta[@name]")
            },
            "block": [cell.xpath("string()").get() for cell in response.xpath("//table[@id='property']//td")],
            "links": len(links),
        }
        for link in links:
            url = response.urljoin(link)
            if MODE == "expert":
                if url in SEEN:
                    continue
                SEEN.add(url)
            yield scrapy.Request(url, method="GET" if url.endswith((".html", "/")) else "HEAD")


settings: dict[str, Any] = {
    "LOG_LEVEL": "ERROR",
    "ROBOTSTXT_OBEY": True,
    "TELNETCONSOLE_ENABLED": False,
    "CONCURRENT_REQUESTS": 16,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "DOWNLOAD_DELAY": 0,
    "FEEDS": {OUT: {"format": "jsonlines", "overwrite": True, "encoding": "utf8"}},
}
if MODE == "expert":
    settings |= {
        "CONCURRENT_REQUESTS": 64,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 64,
        "COOKIES_ENABLED": False,
        "RETRY_ENABLED": False,
        "REFERER_ENABLED": False,
        "HTTPPROXY_ENABLED": False,
    }
    if importlib.util.find_spec("uvloop"):
        settings["ASYNCIO_EVENT_LOOP"] = "uvloop.Loop"
process = CrawlerProcess(settings)
process.crawl(Pages)
process.start()
