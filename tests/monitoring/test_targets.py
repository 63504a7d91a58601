"""Findings follow targets; those that were under way before follow their address, and stay the same fault."""

import pytest

from kaoping.monitoring import logic, queries
from kaoping.monitoring.models import Finding
from kaoping.monitoring.services import findings, retest
from kaoping.rectification import queries as cases
from kaoping.rectification.services import opening
from kaoping.scoring import targets
from kaoping.scoring.faults import read_faults
from tests.ledger import ledger
from tests.monitoring.site import after


def test_a_page_rule_is_about_a_page_and_a_site_rule_about_the_site():
    assert logic.target_of("P-05", "HTTP://A.test:80/b#c") == "page:http://a.test/b"
    assert (
        logic.target_of("S-13", "http://A.test/")
        == logic.target_of("S-13", "https://a.test/")
        == "site:a.test"
    )
    assert logic.target_of("P-05", "page:http://a.test/b") == "page:http://a.test/b"
    assert logic.target_of("P-05", "查阅点") == "查阅点"


def test_where_a_finding_was_seen():
    assert logic.named("site:a.test", "http://A.test") == ("site:a.test", "http://a.test/")
    assert logic.named("http://a.test/", "http://a.test/") == ("page:http://a.test/", "http://a.test/")
    assert logic.named("http://A.test/b", "http://a.test/") == (None, "http://A.test/b")


@pytest.mark.django_db
class TestFindings:
    @pytest.fixture
    def looked(self, look):
        for day in (0, 3, 6):
            look(day)
        return look

    def test_new_lines_name_their_target_and_where_it_was_seen(self, looked, cast):
        for check in ("P-05", "S-13"):
            one = queries.findings(state="ready", check=check).order_by("target").first()
            findings.confirm_batch(actor=cast("office_handler"), finding_ids=[one.pk], now=after(6))
        page, site = ledger()
        assert page.target == f"page:{page.artefacts[0].url}"
        assert site.target == "site:u1.kaoping.test"
        assert site.artefacts[0].url == "http://u1.kaoping.test/"

    @pytest.mark.parametrize("check", ["P-05", "S-13"])
    def test_a_finding_that_began_with_an_address_is_met_again_and_stays_one_fault(self, looked, cast, check):
        one = queries.findings(state="ready", check=check).order_by("target").first()
        count = queries.findings().count()
        Finding.objects.filter(pk=one.pk).update(target=one.address)
        findings.confirm_batch(actor=cast("office_handler"), finding_ids=[one.pk], now=after(6))
        opening.read_ledger(now=after(6))
        [case] = cases.cases()
        assert queries.open_finding("U1", check, case.target).pk == one.pk
        done = retest.retest(
            actor=cast("office_handler"),
            organisation_code="U1",
            check=check,
            target=case.target,
            now=after(8),
        )
        looked(9)
        assert queries.findings().count() == count
        assert done == "not_met" and len({line.target for line in ledger()}) == 1
        assert read_faults(list(ledger())).standing == 1

    def test_an_address_that_browsers_spell_otherwise_stays_as_it_is(self, looked, cast):
        one = queries.findings(state="ready", check="P-05").order_by("target").first()
        old = one.address.replace("http://u1", "http://U1")
        Finding.objects.filter(pk=one.pk).update(target=old)
        count = queries.findings().count()
        looked(7)
        assert queries.findings().count() == count
        findings.confirm_batch(actor=cast("office_handler"), finding_ids=[one.pk], now=after(7))
        [line] = ledger()
        assert (line.target, line.artefacts[0].url) == (None, old)
        opening.read_ledger(now=after(7))
        [case] = cases.cases()
        assert (
            targets.address(case.target) == old
            and queries.open_finding("U1", "P-05", case.target).pk == one.pk
        )
