"""The decider's desk: effect before saving, refusal for whoever scored, both scores kept."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from kaoping.accounts.actor import SYSTEM, Actor
from kaoping.accounts.models import Person
from kaoping.campaigns.queries import appeal as reads
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.blind import masked_in_texts
from kaoping.campaigns.queries.self_review import answers as answers_of
from kaoping.campaigns.queries.sheet import Scale
from kaoping.campaigns.services import self_review, setting_up
from kaoping.campaigns.services.appeal import file_appeal, withdraw_appeal
from kaoping.evidence.services import Entry
from kaoping.registry.queries.organisers import main_year
from kaoping.registry.services import appoint
from kaoping.reporting.evidence_doors import appeal_file
from kaoping.web.ui.item_points import given_words, scale_words
from tests.campaigns.examples import Year
from tests.ledger import record

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 proof"


def _text(response: Any) -> str:
    return str(response.content.decode())


def ask(year: Year, item: str, **given: Any) -> Any:
    return file_appeal(
        actor=year.liaisons["U1"],
        campaign=year.campaign,
        organisation="U1",
        item=item,
        claim="材料齐全，请看分工文件",
        confirmed=True,
        now=year.tick(),
        **given,
    )


@pytest.fixture
def previewing(year: Year) -> Year:
    year.to("review")
    record(
        [Entry("U1", "monitor", year.at, "verdict", "not_met", item="K3.3", check="P-01", reason="打不开")],
        actor=SYSTEM,
        now=year.tick(),
    )
    return year.to("preview")


@pytest.fixture
def decider(previewing: Year, signed_in: Callable[[Actor], Client]) -> Client:
    return signed_in(previewing.decider)


def test_an_empty_list_says_what_would_fill_it(decider: Client) -> None:
    assert "单位联络员提出的申请列在这里" in _text(decider.get("/review/appeals/"))


def test_the_list_and_its_file(decider: Client, previewing: Year) -> None:
    ask(previewing, "K1.1")
    assert "FH-G1-2025-0001" in _text(decider.get("/review/appeals/"))
    assert "FH-G1-2025-0001" in decider.get("/review/appeals/", {"format": "csv"}).content.decode()


def test_the_effect_is_shown_before_a_change_can_be_saved(decider: Client, previewing: Year) -> None:
    appeal = ask(previewing, "K1.1", content=PDF, name="分工.pdf")
    path = f"/review/appeals/{appeal.pk}/"
    page = _text(decider.get(path))
    assert "材料齐全，请看分工文件" in page
    assert "专家评审：一般" in page
    given = {"outcome": "upheld", "points": "40", "decision": "分工文件属实", "seen": ""}
    first = decider.post(path, given)
    body = _text(first)
    assert "草稿，不入账" in body
    assert "20.00" in body
    assert "40.00" in body
    assert "分工文件属实" in body
    assert reads.by_id(appeal.pk).outcome == ""  # type: ignore[union-attr]
    changed = decider.post(path, {**given, "points": "30", "seen": "40|"})
    assert "草稿，不入账" in _text(changed)
    done = decider.post(path, {**given, "seen": "40|"})
    assert done.status_code == 302
    stored = reads.by_id(appeal.pk)
    assert stored is not None
    assert (stored.outcome, stored.points_before, stored.points_after) == ("upheld", "20.00", "40.00")
    detail = sheets.unit_detail(sheets.latest(previewing.campaign), "U1")  # type: ignore[arg-type]
    assert detail is not None
    assert detail["indicators"]["K1.1"]["points"] == "40.00"
    assert "由 20.00 分改为 40.00 分" in _text(decider.get(path))


def test_a_record_that_does_not_hold_can_be_withdrawn(decider: Client, previewing: Year) -> None:
    appeal = ask(previewing, "K3.3")
    basis = reads.basis(appeal)
    assert basis is not None
    uid = basis.observations[0].id
    given = {"outcome": "upheld", "withdraws": uid, "decision": "是网络故障", "seen": f"|{uid}"}
    assert decider.post(f"/review/appeals/{appeal.pk}/", given).status_code == 302
    assert reads.by_id(appeal.pk).points_after == "20.00"  # type: ignore[union-attr]


def test_a_rejection_changes_nothing_and_needs_words(decider: Client, previewing: Year) -> None:
    path = f"/review/appeals/{ask(previewing, 'K1.1').pk}/"
    silent = decider.post(path, {"outcome": "rejected", "decision": " "})
    assert silent.status_code == 409
    assert "请写明决定的理由" in _text(silent)
    assert "理由至少写 4 个字" in _text(decider.post(path, {"outcome": "rejected", "decision": "不"}))
    assert "至少 4 个字" in _text(decider.get(path))
    both = decider.post(path, {"outcome": "rejected", "points": "30", "decision": "维持原分"})
    assert "不成立就不改分" in _text(both)
    assert decider.post(path, {"outcome": "rejected", "decision": "维持原分"}).status_code == 302


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ("41", "最高 40 分"),
        ("-1", "最高 40 分"),
        ("很多", "写成小数"),
        ("4000", "最高 40 分"),
        ("１０", "半角"),
        ("3_0", "半角"),
        ("1e3", "写成小数"),
        ("1" + "0" * 11, "最高 40 分"),
        ("", "要写明改为多少分"),
    ],
)
def test_a_change_that_does_not_fit_is_refused_and_kept(
    decider: Client, previewing: Year, points: str, words: str
) -> None:
    path = f"/review/appeals/{ask(previewing, 'K1.1').pk}/"
    page = decider.post(path, {"outcome": "upheld", "points": points, "decision": "写好的理由"})
    assert page.status_code == 409
    assert words in _text(page)
    assert "写好的理由" in _text(page)


def test_who_scored_the_unit_is_refused_in_words(
    previewing: Year, signed_in: Callable[[Actor], Client]
) -> None:
    scorer = previewing.reviewers[0]
    appoint(
        actor=SYSTEM,
        person=Person.objects.get(pk=scorer.id),
        role="appeal_decider",
        organisation=None,
        valid_from=previewing.at.date(),
        now=previewing.tick(),
    )
    client = signed_in(scorer)
    path = f"/review/appeals/{ask(previewing, 'K1.1').pk}/"
    assert "您评过这家单位的分" in _text(client.get(path))
    page = client.post(path, {"outcome": "rejected", "decision": "维持原分"})
    assert page.status_code == 409
    assert "您评过这家单位的分" in _text(page)


def test_only_deciders_come_in(previewing: Year, signed_in: Callable[[Actor], Client]) -> None:
    path = f"/review/appeals/{ask(previewing, 'K1.1').pk}/"
    for actor in (previewing.liaisons["U1"], previewing.handler, previewing.reviewers[0]):
        assert signed_in(actor).get("/review/appeals/").status_code == 403
        assert signed_in(actor).post(path, {"outcome": "rejected"}).status_code == 403
    assert signed_in(previewing.decider).get("/review/appeals/99/").status_code == 404


def test_a_change_for_the_worse_is_shown_and_refused(decider: Client, previewing: Year) -> None:
    appeal = ask(previewing, "K1.1")
    path = f"/review/appeals/{appeal.pk}/"
    given = {"outcome": "partly", "points": "10", "decision": "只有一半", "seen": ""}
    for seen in ("", "10|"):
        answer = decider.post(path, {**given, "seen": seen})
        assert answer.status_code == 409
        assert "复核不加重" in _text(answer)
    assert 'name="seen" value=""' in _text(decider.post(path, given))
    assert reads.by_id(appeal.pk).outcome == ""  # type: ignore[union-attr]


def test_last_year_s_appeals_stand_there_while_the_next_plan_is_written(
    year: Year, signed_in: Callable[[Actor], Client]
) -> None:
    year.to("preview")
    made = file_appeal(
        actor=year.liaisons["U2"],
        campaign=year.campaign,
        organisation="U2",
        item="K1.1",
        claim="请复核",
        now=year.tick(),
    )
    setting_up.create_campaign(
        actor=year.handler,
        key=main_year(2026),
        title="2026 年度考核",
        rulebook=year.campaign.rulebook,
        timetable="A",
        now=year.tick(),
    )
    page = signed_in(year.decider).get("/review/appeals/").content.decode()
    assert made.number in page and "1 件复核申请待决定" in page


def test_an_appeal_that_was_taken_back_names_no_decider(decider: Client, previewing: Year) -> None:
    appeal = ask(previewing, "K1.1")
    withdraw_appeal(actor=previewing.liaisons["U1"], appeal=appeal, now=previewing.tick())
    page = _text(decider.get(f"/review/appeals/{appeal.pk}/"))
    assert "申请单位已撤回，没有作出决定" in page and "撤回人" in page and "<dt>决定人" not in page


def test_the_form_says_how_the_sheet_stretches_its_scale() -> None:
    item = SimpleNamespace(max="2", role="item")
    plain = scale_words(item, Scale(Fraction("1.6"), Fraction(2)))
    assert plain == "0 到 2 之间，按规则集的满分 2 分填。"
    # The sheet writes 2.08 and 1.67: reckoned from these the present points would be 1.61, and nobody could write them.
    stretched = scale_words(item, Scale(Fraction(5, 3), Fraction(25, 12)))
    assert "按满分 2.08 分折算：现得 1.67 分，即规则集的 1.60 分" in stretched
    given = given_words(item, Scale(Fraction(5, 3), Fraction(25, 12)), "1.6")
    assert given == "1.6 分（规则集满分 2 分），计分表折算为 1.67 分（满分 2.08 分）"


def test_a_draft_that_was_never_handed_in_is_not_shown_to_the_decider(
    year: Year, signed_in: Callable[[Actor], Client]
) -> None:
    year.to("self_review")
    year.answer("U1", "K1.1", level="good", text="草稿里的话")
    self_review.add_artefact(
        actor=year.liaisons["U1"],
        self_review=year.form("U1"),
        item="K1.1",
        content=PDF,
        name="草稿.pdf",
        confirmed=True,
        now=year.tick(),
    )
    [artefact] = answers_of(year.form("U1"))["K1.1"].artefacts.all()
    self_review.name_as_missing(
        actor=year.handler, self_review=year.form("U1"), reason="两次催报未交", now=year.after_self_review()
    )
    year.submit("U2")
    year.assign()
    year.advance_after_the_promised_day()
    year.to("preview")
    appeal = ask(year, "K1.1")
    decider = signed_in(year.decider)
    page = _text(decider.get(f"/review/appeals/{appeal.pk}/"))
    assert "本单位没有提交自查" in page
    assert "草稿里的话" not in page and "自查档次" not in page and "自查时没有附材料" not in page
    assert appeal_file(year.decider, appeal.pk, artefact.sha256) is None
    assert masked_in_texts(year.campaign) == 0
