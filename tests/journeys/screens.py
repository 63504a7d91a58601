"""What every screen of the journey is asked: does axe find anything, does it fit a phone, does it stay quiet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python

from tests.web.chromium import over

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
_VARIES = re.compile(r"/(?:\d+|[0-9a-f]{64}|ZG-[\w-]+|CZ[A-Z]?\d+(?:-20\d\d)?(?:-\d+)?|[KS]\d[\w.]*)(?=/|$)")


@dataclass
class Screens:
    """Looks at each kind of screen once a width and theme; keeps what was wrong.

    Without ``closely`` it only keeps which kinds were met, and what scripts complain of: no screen is drawn otherwise
    because the figures come from another database.
    """

    closely: bool = True
    seen: set[tuple[str, str]] = field(default_factory=set)
    violations: list[str] = field(default_factory=list)
    too_wide: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def look(self, page: Any, status: int = 200) -> None:
        """At the desk in light, and on a phone in the dark, the first time this kind of screen is met."""
        kind = f"{_VARIES.sub('/…', urlsplit(page.url).path)} {status if status >= 400 else ''}".strip()
        errors = page.locator("[aria-invalid=true], .kp-errors").count()
        key = (kind, "errors" if errors else "")
        if key in self.seen:
            return
        self.seen.add(key)
        if not self.closely:
            return
        size = page.viewport_size
        self._axe(page, f"{kind} {size['width']} light")
        if size != PHONE:
            page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme="dark")
        page.evaluate("Promise.all(document.getAnimations().map(one => one.finished))")
        self._axe(page, f"{kind} 360 dark")
        wide = over(page)
        if wide > 0:
            self.too_wide.append(f"{kind}: {wide} px")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(size)

    def listen(self, page: Any) -> None:
        """Keep what the browser's console and the page's scripts complain of."""
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda line: (
                self.complaints.append(f"{page.url}: {line.text}")
                if line.type == "error" and "Failed to load resource" not in line.text
                else None
            ),
        )

    def _axe(self, page: Any, where: str) -> None:
        page.evaluate("() => { if (!window.axe) { " + AXE + " } }")
        result = page.evaluate(
            "rules => axe.run({runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})", RULES
        )
        for one in result["violations"]:
            nodes = "; ".join(node["html"][:160] for node in one["nodes"][:3])
            self.violations.append(f"{where}: {one['id']}: {nodes}")
