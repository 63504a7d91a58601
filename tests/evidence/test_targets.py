"""What the ledger takes as a target, and how a page goes on that earlier lines spell in another way."""

import pytest

from kaoping.accounts.actor import SYSTEM
from kaoping.evidence.services import Entry
from kaoping.scoring.faults import read_faults
from kaoping.scoring.observations import ArtefactRef, ObservationError
from tests.ledger import ledger, record

pytestmark = pytest.mark.django_db
OLD, NEW = "http://U1.test/a", "http://u1.test/a"


def line(now, *, target=None, url=None, check="P-05", sha256=None, value="not_met", unit="U1"):
    entry = Entry(
        unit=unit, check=check, item=None if check else "K3.3", source="monitor", observed_at=now, kind="verdict",
        value=value, artefacts=[ArtefactRef(sha256, url)] if url else [], target=target,
    )  # fmt: skip
    record([entry], actor=SYSTEM, now=now)
    return ledger()[-1]


@pytest.mark.parametrize(
    "target", ["page:http://U1.test/a", "photo:1", f"redacted:{'0' * 32}", "site:U1.test"]
)
def test_only_a_target_of_the_closed_list_is_recorded_and_pages_in_one_spelling(now, target):
    with pytest.raises(ObservationError, match="target"):
        line(now, target=target)


def test_the_longest_address_is_kept_whole(now):
    target = "page:http://u1.test/" + "a" * 2000
    assert line(now, target=target).target == target


def test_a_page_goes_on_under_the_spelling_of_earlier_lines(now):
    line(now, url=OLD)
    new = line(now, target=f"page:{NEW}", url=NEW, sha256="b" * 64)
    assert (new.target, new.artefacts) == (None, (ArtefactRef("b" * 64, OLD),))
    assert read_faults(ledger()).standing == 1


def test_another_check_another_unit_and_the_same_spelling_keep_the_target(now):
    line(now, url=OLD)
    for more in ({"check": "P-02"}, {"unit": "U2"}, {"check": None}):
        assert line(now, target=f"page:{NEW}", **more).target == f"page:{NEW}"
    line(now, url=NEW, check="P-09")
    line(now, url=OLD, check="P-09")
    assert line(now, target=f"page:{NEW}", check="P-09").target == f"page:{NEW}"
