"""Fixtures that monitoring, rectification and their screens share."""

import pytest

from kaoping.accounts.actor import SYSTEM
from kaoping.monitoring.services import runs
from tests.monitoring import site


@pytest.fixture
def world(settings, tmp_path, stored_files, units):
    """U1's site on loopback, reached by name; the run folders and the file store are empty."""
    with site.served() as found:
        settings.KAOPING_RUNS = tmp_path / "runs"
        settings.KAOPING_CRAWL_ALLOW = ["127.0.0.1/32"]
        settings.KAOPING_CRAWL_RESOLVE = f"*.kaoping.test:{found.port}:127.0.0.1"
        one = found.put(site.BAD, site.FOOT)
        units[0].site_url = one.url
        units[0].save()
        yield found


@pytest.fixture
def look(world):
    """``look(day)``: one routine run of U1's site so many days after the first."""

    def run(day: int):
        world.now = site.after(day)
        started = runs.start_run(actor=SYSTEM, organisation_code="U1", now=world.now)
        return runs.perform_run(run_id=started.pk, now=world.now)

    return run
