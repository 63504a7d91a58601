"""Crawling: fetches a unit's public site politely, keeps the server's bytes, and reads pages into facts.

Nouns: address guard, fetched response, archive (WARC by content digest), page facts, site facts (columns).
Verbs: ``crawl`` a site, ``read_page`` from bytes, ``read_archive`` again with today's reader, ``check_archive``.
It decides nothing about units: verdicts come from ``checks``, confirmation from people. Free of Django.
Each stage (plan, fetch, store, read, check) can be run again alone on what the one before it left.
"""

from kaoping.crawling.address import AddressGuard, AddressRefused
from kaoping.crawling.archive import Stored, read_stored, stored_pages
from kaoping.crawling.archived import check_archive, read_archive
from kaoping.crawling.failures import Failure, Whose
from kaoping.crawling.fetch import Fetched, Fetcher, Limits, Resolver
from kaoping.crawling.page import read_page
from kaoping.crawling.run import CrawlResult, crawl

__all__ = [
    "AddressGuard",
    "AddressRefused",
    "CrawlResult",
    "Failure",
    "Fetched",
    "Fetcher",
    "Limits",
    "Resolver",
    "Stored",
    "Whose",
    "check_archive",
    "crawl",
    "read_archive",
    "read_page",
    "read_stored",
    "stored_pages",
]
