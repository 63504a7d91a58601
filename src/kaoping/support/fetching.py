"""How this installation fetches from outside: the address guard and the fixed answers of its settings, one place for all.

The desk may have no route outwards; then a fetch fails, and the failure says whose it is.
"""

from __future__ import annotations

from django.conf import settings

from kaoping.crawling import AddressGuard, AddressRefused, Resolver


def resolver() -> Resolver:
    """Fixed answers in place of DNS, from ``KAOPING_CRAWL_RESOLVE``."""
    return Resolver.parse(item for item in settings.KAOPING_CRAWL_RESOLVE.split(",") if item)


def guard() -> AddressGuard:
    """The address guard, opened only for ``KAOPING_CRAWL_ALLOW``."""
    return AddressGuard.allowing(settings.KAOPING_CRAWL_ALLOW)


def refusal_of_address(url: str) -> str | None:
    """Why an address will never be fetched, as far as its writing tells, or null. Asks no DNS."""
    try:
        guard().check_url(url)
    except AddressRefused as refused:
        return str(refused)
    return None
