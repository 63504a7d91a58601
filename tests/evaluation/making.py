"""A poll that was announced and has not begun, for tests of other folders."""

from __future__ import annotations

from datetime import datetime, timedelta

from kaoping.accounts.actor import Actor
from kaoping.accounts.models import Person
from kaoping.beijing import BEIJING
from kaoping.evaluation.models import Poll
from kaoping.evaluation.services.poll import prepare_poll
from kaoping.registry.queries.organisers import main_year
from tests.evaluation.test_services import PASSPHRASES, QUESTIONNAIRE


def announced(*, handler: Actor, openers: tuple[Actor, Actor], year: int, now: datetime) -> Poll:
    """The poll of ``year`` on one unit, open for the first week of its December."""
    first, second = (Person.objects.get(pk=one.id) for one in openers)
    opens_at = datetime(year, 12, 1, tzinfo=BEIJING)
    return prepare_poll(
        actor=handler,
        key=main_year(year),
        title=f"{year} 年社会评议",
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=7),
        questionnaire=QUESTIONNAIRE,
        units=[{"code": "U1", "name": "样例市教育局", "short_name": "市教育局", "group": "市级部门"}],
        openers=(first, second),
        passphrases=PASSPHRASES,
        now=now,
    )
