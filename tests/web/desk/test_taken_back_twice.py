"""Every verb that takes something back, sent a second time: in words who did it and when, with a link, and done once.

Another tab, a second click, a colleague who was faster: never a page that is not there, never an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kaoping.accounts.actor import Actor
from kaoping.accounts.models import AuditEntry
from kaoping.campaigns.services import (
    appeal,
    approval,
    correction,
    ledger,
    review,
    ruling,
    setting_up,
    sign_off,
    step_back,
)
from kaoping.evidence import queries as lines
from kaoping.publication import services as publication
from kaoping.registry.queries.organisers import main_year
from kaoping.support import clock
from tests.campaigns.examples import Year
from tests.campaigns.test_withdrawal import imported, lines_of, seen

pytestmark = pytest.mark.django_db
AGAIN = "未重复办理"
WHY = {"reason": "登记有误，核对后撤回"}


class Act:
    """Who sends which form where, and as what the log knows it; ``others``: colleagues who send the same."""

    def __init__(self, verb: str, actor: Actor, url: str, form: dict[str, Any], *, page: bool = True) -> None:
        self.verb, self.actor, self.url, self.form, self.page = verb, actor, url, form, page


def _void(year: Year) -> Act:
    return Act("void_campaign", year.handler, "/desk/plan/G1-2025/void/", {**WHY, "confirm_year": "2025"})


def _assignment(year: Year) -> Act:
    year.to("self_review")
    year.assign()
    row = year.assignment(year.reviewers[0], "U1")
    url = f"/desk/reviews/G1-2025/assignment/{row.pk}/back/"
    return Act("take_back_assignment", year.handler, url, WHY)


def _recuse(year: Year) -> Act:
    year.to("review")
    row = year.assignment(year.reviewers[0], "U1")
    return Act("recuse", year.reviewers[0], f"/review/{row.pk}/recuse/", WHY)


def _appeal(year: Year) -> Act:
    year.to("preview")
    made = appeal.file_appeal(
        actor=year.liaisons["U1"],
        campaign=year.campaign,
        organisation="U1",
        item="K1.1",
        claim="材料齐全",
        now=year.tick(),
    )
    url = reverse("unit-appeal-withdraw", args=[main_year(2025), "U1", made.pk])
    return Act("withdraw_appeal", year.liaisons["U1"], url, WHY)


def _import(year: Year) -> Act:
    year.to("routine")
    imported(year, f"U1,K3.3,件数,1,{year.at.date().isoformat()},错的")
    batch = lines.batch_of(lines_of(year, "register")[0])
    return Act("undo_import", year.handler, f"/desk/ledger/batch/{batch}/undo/", WHY)


def _import_by_a_line(year: Year) -> Act:
    year.to("routine")
    imported(year, f"U1,K3.3,件数,1,{year.at.date().isoformat()},错的")
    url = f"/desk/ledger/{lines_of(year, 'register')[0]}/move/"
    return Act("undo_import", year.handler, url, {**WHY, "act": "undo"}, page=False)


def _propose_ruling(year: Year) -> Act:
    year.to("routine")
    url = f"/desk/ledger/{seen(year)}/move/"
    return Act("propose_ruling", year.handler, url, {**WHY, "act": "rule"}, page=False)


def _second_ruling(year: Year, act: str = "agree") -> Act:
    year.to("routine")
    uid = seen(year)
    ledger.propose_ruling(actor=year.handler, line=uid, reason=WHY["reason"], now=year.tick())
    return Act("second_ruling", year.head, f"/desk/ledger/{uid}/move/", {"act": act}, page=False)


def _refused_ruling(year: Year) -> Act:
    return _second_ruling(year, "disagree")


def _points(year: Year) -> Act:
    year.to("preview")
    row = ruling.propose_points(
        actor=year.handler,
        campaign=year.campaign,
        organisation="U1",
        item="K1.1",
        points="37",
        reason=WHY["reason"],
        now=year.tick(),
    )
    return Act("second_points", year.head, f"/desk/scoring/G1-2025/rulings/{row.pk}/", {"agreed": "no"})


def _return_plan(year: Year) -> Act:
    approval.approve(actor=year.handler, campaign=year.campaign, subject="plan", now=year.tick())
    return Act("return_approval", year.head, "/desk/approval/G1-2025/plan/return/", WHY)


def _return_form(year: Year) -> Act:
    year.to("self_review")
    year.submit("U1")
    return Act("return_to_unit", year.handler, "/desk/self-reviews/G1-2025/unit/U1/return/", WHY)


def _freeze(year: Year) -> Any:
    year.to("appeals").compute()
    assert year.campaign.appeals_close_at is not None
    year.at = year.campaign.appeals_close_at
    sign_off.sign_off(actor=year.signer, campaign=year.campaign, typed_year="2025", now=year.tick())
    year.advance()
    return publication.freeze(actor=year.handler, campaign=year.campaign, typed_year="2025", now=year.tick())


def _publish(year: Year) -> Any:
    release = _freeze(year)
    year.sign("result")
    publication.publish(actor=year.handler, release=release, now=year.tick())
    year.campaign.refresh_from_db()
    return release


BACK = "/desk/publication/G1-2025/back/"


def _propose_back(year: Year) -> Act:
    _freeze(year)
    return Act("propose_back", year.signer, BACK, WHY)


def _second_back(year: Year, agreed: str = "yes") -> Act:
    _freeze(year)
    step_back.propose_back(actor=year.signer, campaign=year.campaign, reason="算错", now=year.tick())
    return Act("second_back", year.head, BACK, {"agreed": agreed})


def _refused_back(year: Year) -> Act:
    return _second_back(year, "no")


def _bring_back(year: Year) -> Act:
    _freeze(year)
    approval.approve(actor=year.handler, campaign=year.campaign, subject="result", now=year.tick())
    approval.return_approval(
        actor=year.head, campaign=year.campaign, subject="result", reason="有误", now=year.tick()
    )
    return Act("bring_back", year.handler, BACK, WHY)


def _withdraw_release(year: Year) -> Act:
    release = _publish(year)
    return Act(
        "withdraw",
        year.head,
        f"/desk/publication/G1-2025/{release.pk}/withdraw/",
        {**WHY, "confirm_year": "2025"},
    )


def _drop_correction(year: Year) -> Act:
    _publish(year)
    correction.open_correction(actor=year.handler, campaign=year.campaign, reason="有误", now=year.tick())
    return Act("drop_correction", year.handler, "/desk/publication/G1-2025/correction/drop/", WHY)


ACTS: dict[str, Callable[[Year], Act]] = {
    "a year": _void,
    "an assignment": _assignment,
    "a recusal": _recuse,
    "an appeal": _appeal,
    "an import": _import,
    "an import by one of its lines": _import_by_a_line,
    "a proposed ruling": _propose_ruling,
    "a ruling agreed to": _second_ruling,
    "a ruling not agreed to": _refused_ruling,
    "points not agreed to": _points,
    "a plan's paper": _return_plan,
    "a self-review": _return_form,
    "a signature proposed": _propose_back,
    "a signature taken back": _second_back,
    "a signature that stays": _refused_back,
    "a result brought back": _bring_back,
    "a release": _withdraw_release,
    "a correction": _drop_correction,
}


def _said(response: Any) -> str:
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return f"{response.status_code}: {' '.join(re.sub(r'<[^>]*>', ' ', main).split())}"


@pytest.mark.parametrize("name", ACTS)
def test_who_comes_second_reads_who_did_it_and_when(
    name: str,
    year: Year,
    signed_in: Callable[[Actor], Client],
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.KAOPING_PUBLISHED = tmp_path / "published"
    act = ACTS[name](year)

    def now() -> datetime:
        return year.tick()

    monkeypatch.setattr(clock, "now", now)
    client = signed_in(act.actor)
    first = client.post(act.url, act.form)
    assert first.status_code == 302, _said(first)
    done = AuditEntry.objects.filter(verb=act.verb, refused=False).count()
    second = client.post(act.url, act.form, follow=True)
    page = second.content.decode()
    assert second.status_code in (200, 409), _said(second)
    main = page.partition("<main")[2].partition("</main>")[0]
    assert AGAIN in page and act.actor.name in main, _said(second)
    assert 'href="/' in main
    assert "没有这一页" not in page
    assert AuditEntry.objects.filter(verb=act.verb, refused=False).count() == done
    if act.page:  # the form's own address, opened once more
        assert client.get(act.url).status_code == 200


def test_a_second_tab_does_not_void_the_year_that_was_made_since(
    year: Year, signed_in: Callable[[Actor], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", year.tick)
    client = signed_in(year.handler)
    url, pk = "/desk/plan/G1-2025/void/", year.campaign.pk
    assert f'value="{pk}"' in client.get(url).content.decode()
    form = {**WHY, "confirm_year": "2025", "campaign": str(pk)}
    assert client.post(url, form).status_code == 302

    setting_up.create_campaign(
        actor=year.handler,
        key=main_year(2025),
        title="2025 年度考核",
        rulebook=year.campaign.rulebook,
        timetable="A",
        now=year.tick(),
    )
    again = client.post(url, form).content.decode()
    assert AGAIN in again and "/desk/plan/voided/" in again
    assert AuditEntry.objects.filter(verb="void_campaign", refused=False).count() == 1


def test_a_reviewer_whose_assignment_was_taken_back_meanwhile_reads_so(
    year: Year, signed_in: Callable[[Actor], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    year.to("review")
    row = year.assignment(year.reviewers[0], "U1")
    review.take_back_assignment(actor=year.handler, assignment=row, reason="分错了", now=year.tick())
    monkeypatch.setattr(clock, "now", year.tick)
    own, other = (signed_in(one) for one in year.reviewers)
    page = own.get(f"/review/{row.pk}/")
    assert page.status_code == 409 and "撤回，不用再评" in page.content.decode()
    assert other.get(f"/review/{row.pk}/").status_code == 404
