"""The folder that the bench serves: a small city, its cast, a year in which most verbs are open, a poll that takes ballots."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from bench.installation import late
from bench.kills import rulebook as small

from kaoping.beijing import BEIJING
from kaoping.cli.demo.sites import NO_BLOCK, NO_FOOTER, Fault, Site

START: Final = datetime(2008, 1, 4, 9, 30, tzinfo=BEIJING)
# The year that stays open all the time; the years before it are walked from plan to publication, one after another.
YEAR: Final = 2025
WALKED: Final = range(2008, 2025)
PASSWORD: Final = "bench-kills-2025"  # noqa: S105 - of a folder that is thrown away
PASSPHRASES: Final = ("first opener's words", "second opener's words")
UNITS: Final = tuple(f"U{number}" for number in range(1, 9))
WALKERS: Final = ("W1", "W2", "W3")
LEFT_OUT: Final = "W4"
VISITED: Final = "U4"
SITES: Final = ("M1", "M2", "M3")
# Where jobs of the bench note that they ran at all.
RUNS: Final = "job-runs.txt"
PEOPLE: Final = {
    "admin": ("system_admin", ""),
    "security": ("security_admin", ""),
    "auditor2": ("auditor", ""),
    "handler": ("office_handler", ""),
    "head": ("office_head", ""),
    "leader": ("leading_group", ""),
    "signer": ("second_signer", ""),
    "decider": ("appeal_decider", ""),
    "opener1": ("ballot_opener", ""),
    "opener2": ("ballot_opener", ""),
    "inspector": ("inspector", ""),
    "reviewer1": ("reviewer", ""),
    "reviewer2": ("reviewer", ""),
    "reviewer3": ("reviewer", ""),
    "changer": ("leading_group", ""),
    "liaison-u1": ("liaison", "U1"),
    "liaison-u4": ("liaison", VISITED),
    **{f"liaison-{code.lower()}": ("liaison", code) for code in WALKERS},
}


def prepare(folder: Path, sites_port: int) -> None:
    """``kaoping init``, then the city. The folder is a demonstration, so that its clock can walk through the years."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "demo.json").write_text("{}", encoding="utf-8")
    late("kaoping.support.clock").set_simulated(folder, START)
    os.environ.update(
        KAOPING_DATA=str(folder),
        DJANGO_SETTINGS_MODULE="kaoping.config.settings",
        KAOPING_CRAWL_ALLOW="127.0.0.0/8",
        KAOPING_CRAWL_RESOLVE=f"*.kaoping.test:{sites_port}:127.0.0.1",
    )
    subprocess.run([sys.executable, "-m", "kaoping", "init", "--json"], check=True, stdout=subprocess.DEVNULL)
    late("django").setup()
    _register()
    _vanished()
    people = _hire()
    handler = late("kaoping.registry.queries.acting").actor_for(people["handler"], on=START.date())
    loading, adopt = late("kaoping.standards.loading"), late("kaoping.standards.services").adopt
    for version in ("1", "2"):
        adopt(actor=handler, rulebook=loading.rulebook_from_files(small.files(version)), now=START)
    # Another version than the shipped rulebook, so that adopting the shipped one is an act of its own.
    shipped = dict(loading.load_rulebook("changzhou-2020").files)
    shipped["about.yaml"] = shipped["about.yaml"].replace("version: 2020", "version: bench-2020")
    _year(handler, people, adopt, loading.rulebook_from_files(shipped))


def sites() -> dict[str, Site]:
    """The sites of three bodies, each with faults that stay, by host name."""
    faults = (Fault(NO_FOOTER, date(2004, 1, 1)), Fault(NO_BLOCK, date(2004, 1, 1)))
    made = [
        Site(code, f"样例市第{code}院", f"320400000{n}", "99000000", faults) for n, code in enumerate(SITES)
    ]
    return {site.host: site for site in made}


def _register() -> None:
    urls = {site.code: site.url for site in sites().values()}
    rows = ["code,name,short_name,kind,parent,group,participates,site_url"]
    rows.append("G1,样例市人民政府,市政府,government,,,否,")
    rows += [f"{code},样例市第{code}局,{code}局,department,G1,市级部门,是," for code in UNITS]
    rows += [f"{code},样例市第{code}中心,{code},institution,G1,事业单位,是," for code in (*WALKERS, LEFT_OUT)]
    rows += [
        f"{code},样例市第{code}院,{code}院,authorised_body,G1,授权组织,是,{urls[code]}" for code in SITES
    ]
    late("kaoping.registry.services").import_roster(
        actor=late("kaoping.accounts.actor").SYSTEM,
        filename="名录.csv",
        content="\n".join(rows).encode(),
        now=START,
    )


def _vanished() -> None:
    """Findings whose pages answered 404 at two looks: without them a person would seldom have one to decide in time."""
    models, units = late("kaoping.monitoring.models"), late("kaoping.registry.models").Organisation
    whose = late("kaoping.registry.queries.organisers").main_year(YEAR).organiser
    for site in sites().values():
        unit = units.objects.get(code=site.code)
        looks = [
            models.Run.objects.create(
                organiser=whose,
                organisation=unit,
                kind="prepared",
                state="done",
                started_at=START - timedelta(days=days),
            )
            for days in (9, 3)
        ]
        for number in range(4):
            finding = models.Finding.objects.create(
                organiser=whose,
                organisation=unit,
                check_id="P-05",
                item="",
                target=f"{site.url}old/{number}.html",
                state="suspected",
                opened_at=looks[0].started_at,
            )
            for look in looks:
                models.Sighting.objects.create(finding=finding, run=look, outcome="gone", at=look.started_at)


def _hire() -> dict[str, Any]:
    """Everybody under one password, which is hashed once."""
    system, model = late("kaoping.accounts.actor").SYSTEM, late("kaoping.accounts.models").Person
    hashed = late("django.contrib.auth.hashers").make_password(PASSWORD)
    people = {}
    for username, (role, place) in PEOPLE.items():
        people[username] = model.objects.create(
            username=username, name=username, password=hashed, created_at=START
        )
        late("kaoping.registry.services").appoint(
            actor=system,
            person=people[username],
            role=role,
            organisation=place or None,
            valid_from=START.date(),
            now=START,
        )
    return people


def _year(handler: Any, people: dict[str, Any], adopt: Any, rulebook: Any) -> None:
    plan = late("kaoping.campaigns.services.plan")
    campaign = late("kaoping.campaigns.services.setting_up").create_campaign(
        actor=handler,
        key=late("kaoping.registry.queries.organisers").main_year(YEAR),
        typed_year=str(YEAR),
        title="样例",
        rulebook=adopt(actor=handler, rulebook=rulebook, now=START),
        timetable="A",
        example=True,
        now=START,
    )
    plan.set_participation(
        actor=handler, campaign=campaign, kinds=("department",), on=START.date(), now=START
    )
    # The gates on the way are walked in the other years; here only the stage in which most verbs are open matters.
    campaign.stage = "self_review"
    campaign.save(update_fields=["stage"])
    late("kaoping.campaigns.services.self_review").open_forms(campaign)
    late("kaoping.evaluation.services.poll").prepare_poll(
        actor=handler,
        key=late("kaoping.registry.queries.organisers").main_year(YEAR),
        title="样例评议",
        opens_at=START - timedelta(days=1),
        closes_at=datetime(YEAR + 1, 1, 1, tzinfo=BEIJING),
        questionnaire=dict(rulebook.questionnaire or {}),
        units=[{"code": code, "name": f"{code}局", "short_name": code, "group": ""} for code in UNITS],
        openers=(people["opener1"], people["opener2"]),
        passphrases=PASSPHRASES,
        example=True,
        now=START - timedelta(days=2),  # announced before it opens
    )
