"""A case from one observation by hand, without crawling."""

from datetime import datetime

from kaoping.accounts.actor import SYSTEM
from kaoping.evidence.services import Entry
from kaoping.rectification import queries
from kaoping.rectification.services import opening
from kaoping.scoring.observations import ArtefactRef
from tests.ledger import record

PAGE = "http://u1.kaoping.test/wj/1.html"


def seen(
    value: str, at: datetime, *, source="monitor", unit="U1", check="P-05", target=PAGE, item="K3.4.p"
) -> str:
    """One observation in the ledger."""
    entry = Entry(
        unit=unit,
        item=item,
        check=check or None,
        source=source,
        observed_at=at,
        kind="verdict",
        value=value,
        reason="“常教发[2025]第01号”：年份没有用六角括号〔〕",
        artefacts=[ArtefactRef(None, target)],
    )
    return record([entry], actor=SYSTEM, now=at)[0]


def drafted(at: datetime, **changes):
    """A case that waits to be served."""
    seen("not_met", at, **changes)
    opening.read_ledger(now=at)
    return queries.cases().order_by("-id").first()
