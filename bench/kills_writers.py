"""The people of ``bench/kills.py``: each repeats one verb through its real door until told to stop."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from bench.browsing import Browser, GaveUp, Page, hidden
from bench.installation import NOW, PASSWORD, UNITS, YEAR, late

ITEM = "K3.2"
OPTIONS = {"contact": "errand", "q1": "satisfied", "q2": "basic", "q3": "dissatisfied", "q4": "unclear"}


class Told:
    """What was acknowledged, by verb: ``acknowledged[verb]`` maps a key to what the writer knows of it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.stop = threading.Event()
        self.acknowledged: dict[str, dict[Any, Any]] = defaultdict(dict)
        self.unanswered: dict[str, int] = defaultdict(int)
        self.refused: dict[str, int] = defaultdict(int)
        self.troubles: list[str] = []

    def work(self, verb: str, write: Callable[[Told], None]) -> None:
        """Run one writer to its end; whatever goes wrong is kept for the report."""
        try:
            write(self)
        except GaveUp:
            self.troubles.append(f"{verb}: nobody answered for a minute")
        except Exception as error:
            self.troubles.append(f"{verb}: {type(error).__name__}: {error}")

    def browser(self, username: str = "", *, outside: bool = False) -> Browser:
        """Somebody at the inside face, signed in; or a citizen at the outside face."""
        browser = Browser(self.port + outside)
        if username:
            page = browser.sign_in(username, PASSWORD)
            if page.status not in (200, 302):
                raise AssertionError(f"{username} cannot sign in: {page.status}")
        return browser

    def keep(self, verb: str, key: Any, value: Any, browser: Browser) -> None:
        """Note an acknowledgement, and how many forms had to be sent again."""
        self.acknowledged[verb][key] = value
        self.unanswered[verb] += browser.unanswered
        self.refused[verb] += browser.refused
        browser.unanswered = browser.refused = 0


def expect(page: Page, good: bool, verb: str) -> None:
    """A refusal that no writer provokes is a trouble of its own."""
    if not good:
        raise AssertionError(f"{verb}: unexpected answer {page.status} {page.text[:3000]}")


def sign_in(told: Told) -> None:
    """The head of the office comes in again and again."""
    number = 0
    while not told.stop.is_set():
        browser = Browser(told.port)
        page = browser.sign_in("opener1", PASSWORD)
        expect(page, page.status == 302, "sign_in")
        told.keep("sign_in", number, None, browser)
        number += 1
        time.sleep(0.3)


def make_people(told: Told) -> None:
    """The system administrator makes a person; the security administrator gives the person a role."""
    admin, security, number = told.browser("admin"), told.browser("security"), 0
    accounts = late("kaoping.accounts.queries")
    while not told.stop.is_set():
        number += 1
        username = f"new-{number}"
        page = admin.post("/admin/people/new/", {"name": f"新人{number}", "username": username})
        taken = "已有人用" in page.text
        expect(page, page.status == 200 and ("first-password" in page.text or taken), "create_person")
        if taken and not admin.unanswered:
            raise AssertionError(f"{username} was taken though nobody had sent it")
        told.keep("create_person", username, None, admin)
        person = accounts.person_by_username(username)
        form = {
            "person": str(person.pk if person else 0),
            "role": "reviewer",
            "organisation": "",
            "valid_from": "2025-11-24",
            "valid_until": "",
        }
        page = security.post("/admin/appointments/new/", form)
        expect(page, page.status == 302 or (bool(security.unanswered) and "已是" in page.text), "appoint")
        told.keep("appoint", username, None, security)


def import_ledger(told: Told) -> None:
    """The office imports a ledger of three rows, and withdraws the first."""
    browser, number = told.browser("handler"), 0
    while not told.stop.is_set():
        number += 1
        lines = ["单位代码,指标,种类,取值,观察日期,理由,依据网址"]
        lines += [f"{code},{ITEM},比例,3/4,2025-11-20,台账{number},\n".strip() for code in UNITS[:3]]
        content = "\n".join(lines).encode()
        page = browser.post("/desk/ledger/import/", {}, file=(f"台账{number}.csv", content))
        expect(page, page.status == 302, "import_register")
        digest = hashlib.sha256(content).hexdigest()
        uids = [f"register:{digest[:32]}:{row}" for row in (2, 3, 4)]
        told.keep("import_register", number, uids, browser)
        page = browser.post(f"/desk/ledger/{uids[0]}/withdraw/", {"reason": f"登记错了{number}"})
        gone = bool(browser.unanswered) and "已被更正" in page.text
        expect(page, page.status == 302 or gone, "withdraw")
        told.keep("withdraw", uids[0], None, browser)


def change_register(told: Told) -> None:
    """The office changes an organisation, and imports a roster with a new township."""
    browser, number = told.browser("handler"), 0
    while not told.stop.is_set():
        number += 1
        site = f"http://u2.example/{number}"
        form = {"name": "样例市第U2局", "short_name": "U2局", "kind": "department", "group": "市级部门"}
        form |= {"parent": "G1", "leading_department": "", "valid_from": "", "participates": "on"}
        form |= {"site_url": site, "site_id_code": ""}
        page = browser.post("/desk/register/unit/U2/edit/", form)
        expect(page, page.status == 302, "change_organisation")
        told.keep("change_organisation", number, site, browser)
        csv = f"code,name,short_name,kind,parent\nT{number},样例镇{number},镇{number},township,G1\n"
        kept = base64.b64encode(csv.encode()).decode()
        page = browser.post("/desk/register/import/", {"confirm": "1", "kept": kept, "name": "名录.csv"})
        expect(page, page.status == 302, "import_roster")
        told.keep("import_roster", f"T{number}", None, browser)


def compute_sheets(told: Told) -> None:
    """The office computes a score sheet; each one is kept."""
    browser, number = told.browser("handler"), 0
    while not told.stop.is_set():
        number += 1
        page = browser.post(f"/desk/scoring/{YEAR}/compute/", {})
        expect(page, page.status == 302, "compute_sheet")
        told.keep("compute_sheet", number, None, browser)
        time.sleep(2)


def answer_self_review(told: Told) -> None:
    """A liaison writes an answer with an address as evidence, again and again."""
    browser, number = told.browser("liaison"), 0
    while not told.stop.is_set():
        number += 1
        form = {"level": "", "text": f"第{number}稿", "url": f"https://example.test/{number}"}
        page = browser.post(f"/unit/self-review/{YEAR}/U1/item/K1.1/", form)
        expect(page, page.status == 302, "save_answer")
        told.keep("save_answer", number, form, browser)


def vote(told: Told) -> None:
    """A citizen fills in the form of the portal; every second one writes an opinion."""
    number = 0
    while not told.stop.is_set():
        number += 1
        code = UNITS[number % len(UNITS)]
        browser = told.browser(outside=True)
        page = browser.get(f"/evaluate/{code}/")
        token = hidden(page, "token")
        opinion = f"意见{threading.get_ident()}-{number}" if number % 2 else ""
        page = browser.post(f"/evaluate/{code}/", {**OPTIONS, "token": token, "opinion": opinion})
        expect(page, page.status == 200 and "kp-receipt__code" in page.text, "cast_ballot")
        told.keep("cast_ballot", token, opinion, browser)


def answer_opinions(told: Told) -> None:
    """The office answers what citizens wrote, as soon as it arrives."""
    browser = told.browser("handler")
    reads = late("kaoping.evaluation.queries")
    while not told.stop.is_set():
        waiting = list(reads.opinions(year=YEAR, open_only=True).values_list("pk", flat=True)[:5])
        for pk in waiting:
            words = f"答复{pk}"
            form = {"reasonable": "yes", "answer": words, "closed": "on"}
            page = browser.post(f"/desk/evaluation/{YEAR}/opinions/{pk}/", form)
            expect(page, page.status == 302, "answer_opinion")
            told.keep("answer_opinion", pk, words, browser)
        if not waiting:
            time.sleep(0.2)


def promise_jobs(told: Told) -> None:
    """Promises for the worker: one ledger line each, and now and then to fetch opinions."""
    jobs, number = late("kaoping.support.jobs"), 0
    while not told.stop.is_set():
        number += 1
        arguments = {"number": number, "unit": UNITS[number % len(UNITS)], "item": "K3.8"}
        jobs.enqueue("bench.appending:append", key=f"append-{number}", due_at=NOW, now=NOW, **arguments)
        told.acknowledged["job"][number] = None
        if number % 10 == 0:
            collect = "kaoping.evaluation.jobs:collect_opinions"
            jobs.enqueue(collect, key=f"collect-{number}", due_at=NOW, now=NOW)
        time.sleep(0.1)


WRITERS: tuple[tuple[str, Callable[[Told], None]], ...] = (
    ("sign_in", sign_in),
    ("people", make_people),
    ("ledger", import_ledger),
    ("register", change_register),
    ("sheets", compute_sheets),
    ("self_review", answer_self_review),
    ("vote", vote),
    ("vote", vote),
    ("opinions", answer_opinions),
    ("jobs", promise_jobs),
)
