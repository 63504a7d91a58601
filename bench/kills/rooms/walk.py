"""One year of the walk: who works in it, and its stages, each opened at the gate by the handler."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bench.installation import late
from bench.kills.people import Company
from bench.kills.told import Told


@dataclass(frozen=True, slots=True)
class Walk:
    """``year`` of the city, worked by ``company``."""

    told: Told
    company: Company
    year: int

    @property
    def campaign(self) -> Any:
        """The campaign as it stands."""
        return late("kaoping.campaigns.models").Campaign.objects.get(year=self.year)

    def advance(self, stage: str, time: int = 1) -> None:
        """Open the gate to ``stage``, the second ``time`` after a result went back."""
        form = {"confirm_year": str(self.year), "to": stage}
        self.company["handler"].act(
            "advance",
            f"/desk/board/{self.year}/advance/",
            form,
            key=(self.year, stage, time)[: 2 + (time > 1)],
        )
        # Somebody reads what was said, else the messages pile up in the cookie.
        self.company["handler"].browser.get(f"/desk/board/{self.year}/")
        if self.campaign.stage != stage:
            raise AssertionError(f"{self.year} is at {self.campaign.stage} and not at {stage}")


def walked(model: str, field: str = "campaign__year", **conditions: Any) -> Any:
    """Rows of the campaigns' tables that belong to walked years."""
    rows = getattr(late("kaoping.campaigns.models"), model).objects
    return rows.filter(**{f"{field}__lt": 2025}, **conditions)
