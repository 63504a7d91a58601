"""Open an upgraded installation as its people do; prints one JSON object of what they found.

``python -m tests.upgrade.opening KNOWN.json``, a process of its own with the installation's settings.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from kaoping.evaluation.ballotbox.receipts import new_token, receipt_hash, receipt_of
from kaoping.evaluation.ballotbox.records import Arrival
from kaoping.evaluation.ballotbox.sheets import seal_ballot
from kaoping.evaluation.ballotbox.store import forward_opinions, open_ballot_store, open_opinion_outbox
from kaoping.evaluation.intake import polls_folder, read_poll
from kaoping.support import clock

PEOPLE: Final = "jingban fuzeren qianfa lingdao kaixiang1 liyang zhuguan zhuanjia1 fuhe jiancha sysadmin secadmin auditor czd03"
_LINK: Final = re.compile(r'href="(/[^"#]*)"')
# Leaving, and files that browsers fetch beside a page.
_NO_PAGE: Final = ("/sign-out", "/static/")


def main(known: dict[str, Any]) -> dict[str, Any]:
    """Walk the pages, ask for receipts, go on with the running poll, open the sealed one."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "kaoping.config.settings"
    importlib.import_module("django").setup()
    return {
        "pages": {username: _pages(username) for username in PEOPLE.split()},
        "receipts": _receipts(known),
        "another_ballot": _another_ballot(known),
        "opinions": _opinions(),
        "opened": _open(known),
        "audit_line": _next_audit_line(),
        "new_poll": _new_poll(known),
    }


def _pages(username: str) -> dict[str, int]:
    """The first page of a person and everything that it links to, with the status of each."""
    client = importlib.import_module("django.test").Client(headers={"host": "localhost"})
    person = importlib.import_module("kaoping.accounts.models").Person.objects.get(username=username)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    first = client.get("/", follow=True)
    found = {"/": first.status_code}
    for link in dict.fromkeys(_LINK.findall(first.content.decode())):
        if not link.startswith(_NO_PAGE):
            found[link] = client.get(link.replace("&amp;", "&"), follow=True).status_code
    return found


def _receipts(known: dict[str, Any]) -> dict[str, str | None]:
    with closing(open_ballot_store()) as store:
        answers = {
            code: store.counted(receipt_hash(code)) for codes in known["receipts"].values() for code in codes
        }
    return {code: answer.poll if answer else None for code, answer in answers.items()}


def _another_ballot(known: dict[str, Any]) -> str:
    poll = read_poll(polls_folder(), known["polls"]["running"])
    assert poll is not None
    assert poll.is_open(clock.now())
    unit = poll.units[0].code
    answers = {"contact": "looked", "q1": "satisfied", "q2": "basic", "q3": "basic", "q4": "unclear"}
    receipt = receipt_hash(receipt_of(poll.id, new_token()))
    with closing(open_ballot_store()) as store:
        return store.add([Arrival(poll.id, receipt, seal_ballot(poll, unit, answers, "public"), None)])[0]


def _opinions() -> int:
    """Those that were on their way when the release was left."""
    with closing(open_ballot_store()) as store, closing(open_opinion_outbox()) as outbox:
        forward_opinions(store, outbox)
    services = importlib.import_module("kaoping.evaluation.services.opinions")
    return int(services.collect_opinions(now=clock.now()))


def _open(known: dict[str, Any]) -> int:
    """Open the sealed poll with both passphrases; how many ballots were counted."""
    services = importlib.import_module("kaoping.evaluation.services.box")
    polls = importlib.import_module("kaoping.evaluation.models").Poll
    person = importlib.import_module("kaoping.accounts.queries").person_by_username
    actor_for = importlib.import_module("kaoping.registry.queries.acting").actor_for
    first, second = (actor_for(person(name), on=clock.today()) for name in ("kaixiang1", "kaixiang2"))
    opened = services.open_poll(
        first=first,
        first_passphrase=known["passphrases"][0],
        second=second,
        second_passphrase=known["passphrases"][1],
        poll=polls.objects.get(uid=known["polls"]["sealed"]),
        now=clock.now(),
    )
    return sum(unit["n"] for unit in opened.result["units"])


def _new_poll(known: dict[str, Any]) -> list[str]:
    """The next poll beside those of the release: its id, and the receipts of a ballot in it and of an old one, looked up."""
    services = importlib.import_module("kaoping.evaluation.services.poll")
    person = importlib.import_module("kaoping.accounts.queries").person_by_username
    actor = importlib.import_module("kaoping.registry.queries.acting").actor_for(
        person("jingban"), on=clock.today()
    )
    main_year = importlib.import_module("kaoping.registry.queries.organisers").main_year
    old = read_poll(polls_folder(), known["polls"]["running"])
    assert old is not None
    now = clock.now()
    poll = services.prepare_poll(
        actor=actor,
        key=main_year(old.year + 1),
        title="下一年评议",
        opens_at=now + timedelta(days=1),
        closes_at=now + timedelta(days=2),
        questionnaire=dict(old.data["questionnaire"]),
        units=list(old.data["units"]),
        openers=(person("kaixiang1"), person("kaixiang2")),
        passphrases=tuple(known["passphrases"]),
        now=now,
    )
    published = read_poll(polls_folder(), poll.uid)
    assert published is not None
    return [poll.uid, published.id, published.title]


def _next_audit_line() -> bool:
    """A new row gets a number that none has: the counters came along."""
    lines = importlib.import_module("kaoping.accounts.models").AuditEntry.objects
    last = lines.order_by("-pk").first()
    importlib.import_module("kaoping.accounts.services").record_act(
        importlib.import_module("kaoping.accounts.actor").SYSTEM,
        "upgrade",
        "installation",
        "",
        "升级后记一行。",
        now=clock.now(),
    )
    return bool(lines.order_by("-pk").first().pk > last.pk)


if __name__ == "__main__":
    print(json.dumps(main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))), ensure_ascii=False))
