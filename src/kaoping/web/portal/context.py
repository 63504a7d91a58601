"""What every page of the outside face needs: the city, the office, the look, whether the data are an example."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from kaoping.support import clock, environment
from kaoping.web.portal.published import catalogue_digest
from kaoping.web.ui.look import look_of
from kaoping.web.ui.parts.navigation import Brand, Navigation, NavLink

ENTRIES: Final = (
    ("全市", "portal-city", ""),
    ("查单位", "portal-city", "#units"),
    ("公众评议", "portal-choose", ""),
    ("查回执", "portal-receipt", ""),
    ("方法与数据", "portal-data", ""),
)
# Screens that belong under an entry of the navigation.
UNDER: Final = {
    "portal-year": "portal-city",
    "portal-unit": "portal-city#units",
    "portal-data-year": "portal-data",
    "portal-release": "portal-city",
    "portal-release-unit": "portal-city",
    "portal-release-data": "portal-data",
    "portal-evaluate": "portal-choose",
}


def current(request: HttpRequest) -> str:
    """The entry of the navigation under which the asked page stands."""
    name = request.resolver_match.url_name if request.resolver_match else ""
    return UNDER.get(name or "", name or "")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the public and citizen shells."""
    folder = environment.data_folder()
    here = current(request)
    return {
        "brand": Brand(f"{settings.KAOPING_CITY}政务公开", reverse("portal-city")),
        "nav": Navigation(
            tuple(
                NavLink(label, reverse(name) + place, name + place == here) for label, name, place in ENTRIES
            )
        ),
        "sponsor": f"{settings.KAOPING_CITY.removesuffix('市')}{settings.KAOPING_OFFICE}"
        if not settings.KAOPING_OFFICE.startswith("市")
        else f"{settings.KAOPING_CITY}{settings.KAOPING_OFFICE.removeprefix('市')}",
        "sponsor_phone": settings.KAOPING_OFFICE_PHONE,
        "look": look_of(request),
        "look_url": reverse("look"),
        "accessibility_url": reverse("portal-accessibility"),
        "privacy_url": reverse("portal-privacy"),
        "log_url": reverse("portal-log"),
        "reuse_note": "数据可自由下载和引用，请注明来源与年度。发现数字不对，请告诉主办单位。",
        "paper_url": reverse("portal-paper"),
        "digest": catalogue_digest(),
        "digest_url": reverse("portal-data") + "#catalogue",
        "demo": environment.is_demo(folder),
        "simulated_now": clock.simulated(folder),
    }
