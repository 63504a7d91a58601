"""更正: opened with a reason, computed, signed by a second person, frozen and published; what it replaces stays."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from kaoping.accounts.actor import Actor, Refused
from kaoping.campaigns.models import Correction, CorrectionEnd
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import changes
from kaoping.campaigns.queries import correction as reads
from kaoping.campaigns.queries import ledger as year_ledger
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.services import correction, sign_off
from kaoping.campaigns.services.ledger import (
    correct_restoration,
    correct_withdrawal,
    import_lines,
    propose_ruling,
)
from kaoping.evidence import queries as ledger
from kaoping.evidence.services import Entry
from kaoping.evidence.services.withdrawal import rule, undo_import
from kaoping.publication import queries, services, shelf, standing
from kaoping.publication.bundle.canonical import loads
from kaoping.publication.bundle.verify import verify_files
from kaoping.publication.models import Release
from kaoping.registry.queries.organisers import main_year
from kaoping.reporting import annual_report, report_facts
from tests.campaigns.examples import Year
from tests.ledger import ledger as whole_ledger
from tests.ledger import record

pytestmark = pytest.mark.django_db
HEADINGS = "单位代码,指标,种类,取值,观察日期,理由\n"
OBSERVED = datetime.fromisoformat("2025-11-20T10:00:00+08:00")


def ways(uid: str) -> year_ledger.Ways:
    """How a line can be moved now."""
    line = ledger.observation(uid)
    assert line is not None
    return year_ledger.ways(line)


@dataclass
class Desk:
    """The verbs of a correction by the people who do them."""

    year: Year

    def open(self, reason: str = "K1.1 录分有误。") -> Correction:
        return correction.open_correction(
            actor=self.year.handler, campaign=self.year.campaign, reason=reason, now=self.year.tick()
        )

    def points(self, points: str = "40", **given: str) -> str:
        facts = {"organisation": "U1", "item": "K1.1", "reason": "专家都评了好"} | given
        return correction.correct_points(
            actor=self.year.handler, campaign=self.year.campaign, points=points, now=self.year.tick(), **facts
        )

    def drop(self, actor: Actor | None = None, reason: str = "查实没有错") -> CorrectionEnd:
        return correction.drop_correction(
            actor=actor or self.year.handler, campaign=self.year.campaign, reason=reason, now=self.year.tick()
        )

    def sign(self, actor: Actor | None = None, typed: str = "2025") -> Any:
        return sign_off.sign_off(
            actor=actor or self.year.signer,
            campaign=self.year.campaign,
            typed_year=typed,
            now=self.year.tick(),
        )

    def freeze(self) -> Release:
        return services.freeze(
            actor=self.year.handler, campaign=self.year.campaign, typed_year="2025", now=self.year.tick()
        )

    def publish(self, release: Release, note: str = "") -> Any:
        """A correction that changes a grade passes the leading group first."""
        if campaigns.correction_missing(self.year.campaign):
            self.year.sign("correction")
        return services.publish(actor=self.year.handler, release=release, note=note, now=self.year.tick())

    def corrected(self) -> Release:
        """A whole correction."""
        self.open()
        self.points()
        self.year.compute("correction")
        self.sign()
        release = self.freeze()
        self.publish(release)
        return release


@pytest.fixture
def desk(frozen: Year) -> Desk:
    """The year is published."""
    made = Desk(frozen)
    release = made.freeze()
    frozen.sign("result")
    made.publish(release)
    frozen.campaign.refresh_from_db()
    return made


def test_nothing_is_computed_without_an_open_correction(desk: Desk) -> None:
    with pytest.raises(Refused, match="只能算更正计分表"):
        desk.year.compute()
    with pytest.raises(Refused, match="没有在办的更正"):
        desk.year.compute("correction")
    with pytest.raises(Refused, match="没有在办的更正"):
        desk.points()
    with pytest.raises(Refused, match="立更正"):
        desk.sign()
    with pytest.raises(Refused, match="立更正"):
        desk.freeze()


def test_who_opens_it_with_what(desk: Desk) -> None:
    with pytest.raises(Refused, match="由政务公开办经办办理"):
        correction.open_correction(
            actor=desk.year.head, campaign=desk.year.campaign, reason="错了", now=desk.year.tick()
        )
    with pytest.raises(Refused, match="请写明错在哪里"):
        desk.open(" ")
    opened = desk.open()
    assert (opened.number, opened.sheet) == (1, sheets.signed(desk.year.campaign))
    with pytest.raises(Refused, match="第 1 次更正正在办理"):
        desk.open()
    with pytest.raises(DatabaseError, match="只增不改"), transaction.atomic():
        Correction.objects.filter(pk=opened.pk).update(reason="没有错")


def test_before_publication_there_is_nothing_to_correct(frozen: Year) -> None:
    with pytest.raises(Refused, match="结果公开以后才有更正"):
        Desk(frozen).open()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"points": "41"}, "最高 40 分"),
        ({"points": "很多"}, "写成小数"),
        ({"points": "40", "item": "K9"}, "没有这一项指标"),
        ({"points": "40", "organisation": "G1"}, "没有参加本年度考核"),
        ({"points": "40", "reason": " "}, "请写明改分的理由"),
    ],
)
def test_points_that_do_not_fit_are_refused(desk: Desk, given: dict[str, str], words: str) -> None:
    desk.open()
    with pytest.raises(Refused, match=words):
        desk.points(**given)


def test_the_same_form_twice_records_once(desk: Desk) -> None:
    opened = desk.open()
    desk.points()
    with pytest.raises(Refused, match="刚刚已有人办理"):
        desk.points()
    assert [one.value for one in reads.ledger_lines(opened)] == ["40"]


def test_it_needs_a_difference_a_second_person_and_the_year(desk: Desk) -> None:
    opened = desk.open()
    with pytest.raises(Refused, match="计算更正计分表"):
        desk.sign()
    desk.year.compute("correction")
    with pytest.raises(Refused, match="与已公开的结果一样"):
        desk.sign()
    desk.points()
    with pytest.raises(Refused, match="又有新记录"):
        desk.sign()
    desk.year.compute("correction")
    both = desk.year.handler.__class__(
        desk.year.handler.id,
        desk.year.handler.username,
        desk.year.handler.name,
        (("office_handler", "G1"), ("second_signer", "G1")),
    )
    with pytest.raises(Refused, match="须由第二人办理"):
        desk.sign(both)
    with pytest.raises(Refused, match="请输入年份 2025"):
        desk.sign(typed="2024")
    desk.sign()
    for act in (desk.points, desk.drop, lambda: desk.year.compute("correction")):
        with pytest.raises(Refused, match="已经签发"):
            act()
    assert reads.is_signed(opened)


def test_units_and_reports_keep_the_published_result_until_the_correction_is_out(desk: Desk) -> None:
    def told() -> tuple[str | None, str]:
        view = standing.preview(desk.year.campaign, "U1")
        assert view is not None
        year = queries.report_year(desk.year.campaign)
        return view.total, annual_report.assessment_sentence(report_facts.of_unit(year, "U1"))

    before = told()
    desk.open()
    desk.points()
    desk.year.compute("correction")
    assert told() == before
    desk.sign()
    assert told() == before
    release = desk.freeze()
    assert told() == before
    desk.publish(release)
    total, sentence = told()
    assert (before[0], total) == ("62.50", "82.50")
    assert "更正前得62.50分，等次为“不合格”。更正理由：K1.1 录分有误。" in sentence
    other = queries.report_year(desk.year.campaign)
    assert not report_facts.of_unit(other, "U2").is_correction
    city = report_facts.of_city(other, city="样例市人民政府")
    assert city.is_correction
    assert "更正前等次为良好0个、不合格2个" in annual_report.assessment_sentence(city)


def test_a_unit_whose_report_must_be_put_right_is_told(
    desk: Desk, signed_in: Callable[[Actor], Client]
) -> None:
    def home(unit: str) -> str:
        return str(signed_in(desk.year.liaisons[unit]).get(f"/unit/G1-2025/{unit}/").content.decode())

    assert "更正年度报告" not in home("U1")
    desk.corrected()
    assert "2025 年考核结果有更正，更正年度报告并重新公布" in home("U1")
    assert "更正年度报告" not in home("U2"), "its result is what it was"


def test_the_correction_is_another_release_that_names_what_it_replaces(
    desk: Desk, published_folder: Path
) -> None:
    first = Release.objects.get()
    before = queries.full_files(first)
    second = desk.corrected()
    assert second.number == 2
    assert queries.full_files(first) == before
    for files, digest in (
        (queries.full_files(second), second.full_digest),
        (queries.public_files(second), second.public_digest),
    ):
        assert files is not None
        verdict = verify_files(files, digest=digest)
        assert verdict.ok, verdict.as_json()
        assert verdict.corrects == {
            "release": "2025-1",
            "full_digest": first.full_digest,
            "public_digest": first.public_digest,
            "reason": "K1.1 录分有误。",
        }
        roles = [one["role"] for one in loads(files["manifest.json"])["signatures"]]
        assert roles[-3:] == ["更正经办", "计分表经办", "计分表第二签发人"]
        assert "经办甲" not in files["manifest.json"].decode()
    old = queries.full_files(first)
    assert old is not None
    assert verify_files(old, digest=first.full_digest).ok
    latest = shelf.latest(published_folder, main_year(2025))
    assert latest is not None
    assert latest.facts["corrects"]["number"] == 1
    assert shelf.read_release(published_folder, main_year(2025), 1) is not None
    ended = reads.corrections(desk.year.campaign).get()
    assert ended.end.kind == "published"
    assert reads.under_way(desk.year.campaign) is None


def test_a_second_correction_replaces_the_first(desk: Desk) -> None:
    desk.corrected()
    desk.open("再查，仍有误")
    desk.points("36", reason="缺一份文件")
    desk.year.compute("correction")
    desk.sign()
    third = desk.freeze()
    desk.publish(third, note="K1.1 少一份文件")
    pair = queries.corrected_by(third)
    assert pair is not None
    assert (pair[0].number, pair[1].number) == (2, 2)
    assert queries.results_out("G1")[2025].sheet_digest == third.sheet_digest


def test_a_wrong_line_withdrawn_and_points_set_are_what_changed_and_one_recorded_late_is_not(
    desk: Desk,
) -> None:
    """The published result never used what came late: neither its withdrawal nor its return would correct anything."""
    [tally] = [one.id for one in whole_ledger(units=["U1"]) if one.source == "ballot"]
    opened = desk.open("计票有误，漏记一处")
    gone = correct_withdrawal(actor=desk.year.handler, line=tally, reason="计票有误", now=desk.year.tick())
    [late] = record(
        [Entry("U2", "monitor", OBSERVED, "verdict", "not_met", item="K3.3", check="P-02")],
        actor=desk.year.handler,
        now=desk.year.tick(),
    )
    with pytest.raises(Refused, match="到达时本轮已截止，存档不计分.*不用更正.*按项改分"):
        correct_withdrawal(actor=desk.year.handler, line=late, reason="确系误报", now=desk.year.tick())
    assert ways(late).correct == 0
    assert "存档不计分" in ways(late).words
    taken = rule(line=late, ref="ruling:1", actor=desk.year.handler, reason="确系误报", now=desk.year.tick())
    with pytest.raises(Refused, match="到达时本轮已截止，存档不计分"):
        correct_restoration(actor=desk.year.handler, line=taken, reason="不是误报", now=desk.year.tick())
    assert (ways(taken).correct, ways(taken).restore) == (0, False)
    assert "存档不计分" in ways(taken).words
    missed = desk.points("15", organisation="U2", item="K3.3", reason="漏记一处")
    assert [one.id for one in reads.ledger_lines(opened)] == [gone, missed]
    sheet = desk.year.compute("correction")
    difference = reads.difference(opened, sheet)
    assert [(one.unit, [item.code for item in one.items]) for one in difference.units] == [
        ("U1", ["S5.1"]),
        ("U2", ["K3.3"]),
    ]
    assert not difference.identical


def test_a_file_that_came_late_is_not_taken_for_one_of_the_correction(desk: Desk) -> None:
    """Imported again it would meet its own lines, which count nothing; they go first, and then it counts."""
    year = desk.year
    given = {
        "actor": year.handler,
        "campaign": year.campaign,
        "filename": "台账.csv",
        "content": f"{HEADINGS}U1,K3.3,件数,2,2025-11-20,漏记".encode(),
        "units": ["U1"],
        "confirmed": True,
    }
    late = import_lines(now=year.tick(), **given)  # type: ignore[arg-type]
    opened = desk.open("漏记两件")
    with pytest.raises(Refused, match="存档不计分.*先在“台账”打开那一批，撤回以后再导入"):
        import_lines(now=year.tick(), **given)  # type: ignore[arg-type]
    undo_import(batch=late.batch, actor=year.handler, reason="改在更正里导入", now=year.tick())
    assert import_lines(now=year.tick(), **given).batch != late.batch  # type: ignore[arg-type]
    assert [one.act for one in reads.ledger_lines(opened)] == ["correction:G1-2025-1"]


def test_a_tally_falls_and_comes_back_by_corrections_alone_and_the_bundle_verifies(desk: Desk) -> None:
    [tally] = [one.id for one in whole_ledger(units=["U1"]) if one.source == "ballot"]
    desk.open("一道题的计票有误")
    gone = correct_withdrawal(actor=desk.year.handler, line=tally, reason="计票有误", now=desk.year.tick())
    back = correct_restoration(actor=desk.year.handler, line=gone, reason="计票没有错", now=desk.year.tick())
    line, first = ledger.observation(back), ledger.observation(tally)
    assert line is not None
    assert first is not None
    assert (line.value, line.source, line.act) == (first.value, "ballot", "correction:G1-2025-1")
    with pytest.raises(Refused, match="已经恢复"):
        correct_restoration(actor=desk.year.handler, line=gone, reason="计票没有错", now=desk.year.tick())
    desk.points()
    desk.year.compute("correction")
    desk.sign()
    files = queries.full_files(desk.freeze())
    assert files is not None
    assert loads(files["manifest.json"])["format_version"] == 4
    assert verify_files(files).ok, verify_files(files).as_json()
    assert loads(files["acts.json"])["correction:G1-2025-1"]["signers"] == 2


def test_once_frozen_nobody_rules_on_a_line(desk: Desk) -> None:
    [first, *_more] = [one.id for one in whole_ledger() if one.source == "reviewer"]
    with pytest.raises(Refused, match="在“更正”办理"):
        propose_ruling(actor=desk.year.handler, line=first, reason="经核实有误", now=desk.year.tick())


@pytest.mark.parametrize("ended", ["published", "dropped"])
def test_a_sheet_belongs_to_its_own_correction_also_where_the_clock_stands(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, ended: str
) -> None:
    """Whatever is computed, signed, published and opened again at one instant is told apart."""
    first = desk.open()
    desk.points()
    stands = desk.year.tick()
    monkeypatch.setattr(Year, "tick", lambda _self: stands)
    own = desk.year.compute("correction")
    if ended == "published":
        desk.sign()
        desk.publish(desk.freeze())
    else:
        desk.drop()
    second = desk.open("K1.1 再次核对，仍有误。")
    assert (reads.of_sheet(own), reads.sheet_of(second), reads.is_signed(second)) == (first, None, False)
    assert reads.refusal_to_change(desk.year.campaign) is None
    newest = desk.year.compute("correction")
    assert (reads.of_sheet(newest), reads.sheet_of(second)) == (second, newest)
    told = changes.steps(desk.year.campaign, "U1", newest)
    assert [one.what for one in told["K1.1"]] == ["更正"]


def test_a_sheet_of_an_earlier_release_never_leads_round_in_a_circle(desk: Desk) -> None:
    """Its row names no correction; the one that corrects it was opened at the instant at which it was computed."""
    desk.corrected()
    signed = sheets.signed(desk.year.campaign)
    assert signed is not None
    second = correction.open_correction(
        actor=desk.year.handler, campaign=desk.year.campaign, reason="再次更正。", now=signed.computed_at
    )
    row = copy(signed)
    row.correction = None
    found = reads.of_sheet(row)
    assert found is not None and found != second and found.sheet_id < row.pk


def test_dropped_it_changes_nothing_and_another_can_be_opened(desk: Desk) -> None:
    with pytest.raises(Refused, match="没有在办的更正"):
        desk.drop()
    desk.open()
    desk.points()
    desk.year.compute("correction")
    with pytest.raises(Refused, match="作罢要写明理由"):
        desk.drop(reason="")
    with pytest.raises(Refused, match="由政务公开办经办办理"):
        desk.drop(desk.year.signer)
    desk.drop()
    view = standing.preview(desk.year.campaign, "U1")
    assert view is not None
    assert view.total == "62.50"
    assert Release.objects.count() == 1
    again = desk.open("又发现一处")
    assert again.number == 2
    # What the dropped one recorded is still in the ledger, and the new one shows it.
    assert [one.value for one in reads.ledger_lines(again)] == ["40"]


def test_a_withdrawn_correction_lets_the_first_result_stand_again(desk: Desk, published_folder: Path) -> None:
    second = desk.corrected()
    with pytest.raises(Refused, match="由办公室负责人办理"):
        services.withdraw(
            actor=desk.year.handler,
            release=second,
            reason="更正有误",
            typed_year="2025",
            now=desk.year.tick(),
        )
    services.withdraw(
        actor=desk.year.head,
        release=queries.by_id(second.pk),
        reason="更正有误",
        typed_year="2025",
        now=desk.year.tick(),  # type: ignore[arg-type]
    )
    latest = shelf.latest(published_folder, main_year(2025))
    assert latest is not None
    assert latest.number == 1
    out = queries.results_out("G1")[2025]
    assert out.sheet_digest == Release.objects.get(number=1).sheet_digest
    assert out.corrects is None
    assert out.undone is not None
    assert (out.undone.sheet_digest, out.undone.reason) == (second.sheet_digest, "更正有误")


def test_after_a_correction_is_withdrawn_every_page_tells_the_result_that_is_valid_again(
    desk: Desk, signed_in: Callable[[Actor], Client]
) -> None:
    second = desk.corrected()
    services.withdraw(
        actor=desk.year.head,
        release=Release.objects.get(pk=second.pk),
        reason="更正依据有误",
        typed_year="2025",
        now=desk.year.tick(),
    )
    year = desk.year
    unit, office = signed_in(year.liaisons["U1"]), signed_in(year.handler)

    def page(client: Client, url: str) -> str:
        return str(client.get(url).content.decode())

    for client, url in (
        (unit, "/unit/preview/G1-2025/U1/"),
        (office, "/desk/scoring/G1-2025/unit/U1/"),
        (office, "/desk/board/G1-2025/"),
        (office, "/desk/publication/G1-2025/"),
        (office, "/desk/publication/G1-2025/correction/"),
    ):
        text = page(client, url)
        assert "发布 2025-2 已撤回，发布 2025-1 重新有效" in text, url
        assert "更正依据有误" in text, url
    for client, url in ((unit, "/unit/preview/G1-2025/U1/"), (office, "/desk/scoring/G1-2025/unit/U1/")):
        text = page(client, url)
        assert "62.50 分" in text, url
        assert "82.50 分" not in text, url
    assert "第 1 次更正：已公开，后已撤回" in page(office, "/desk/publication/G1-2025/correction/")
    assert "更正计分表，|还没有公开" not in page(office, "/desk/scoring/G1-2025/")
    home = page(unit, "/unit/G1-2025/U1/")
    assert "更正已撤回，年度报告改按 62.50 分重新公布" in home
    assert "更正已撤回" not in page(signed_in(year.liaisons["U2"]), "/unit/G1-2025/U2/")
    told = queries.report_year(year.campaign)
    sentence = annual_report.assessment_sentence(report_facts.of_unit(told, "U1"))
    assert "得62.50分" in sentence
    assert "已撤回的更正得82.50分" in sentence
    # What comes next corrects the result that is valid.
    steps = page(office, "/desk/publication/G1-2025/")
    assert "去更正" in steps
    assert f"/desk/publication/G1-2025/{second.pk}/publish/" not in steps
    opened = office.post("/desk/publication/G1-2025/correction/open/", {"reason": "重新更正"})
    assert opened.status_code == 302
    again = reads.under_way(year.campaign)
    assert again is not None
    assert again.sheet.digest == Release.objects.get(number=1).sheet_digest
    assert "62.50 分" in page(unit, "/unit/preview/G1-2025/U1/")


def test_when_nothing_is_valid_any_more_the_unit_is_told(
    desk: Desk, signed_in: Callable[[Actor], Client]
) -> None:
    first = Release.objects.get()
    services.withdraw(
        actor=desk.year.head, release=first, reason="分组写错", typed_year="2025", now=desk.year.tick()
    )
    unit, office = signed_in(desk.year.liaisons["U1"]), signed_in(desk.year.handler)
    for client, url in ((unit, "/unit/preview/G1-2025/U1/"), (office, "/desk/board/G1-2025/")):
        assert "发布 2025-1 已撤回，本年度现在没有有效的结果" in client.get(url).content.decode(), url
    assert "2025 年考核结果已撤回" in unit.get("/unit/G1-2025/U1/").content.decode()
    assert "62.50" not in unit.get("/unit/report/G1-2025/U1/").content.decode()
    assert "结果已经撤回" in office.get("/desk/board/G1-2025/").content.decode()


def test_while_a_correction_is_under_way_the_steps_are_its_own(
    desk: Desk, signed_in: Callable[[Actor], Client]
) -> None:
    desk.open()
    text = signed_in(desk.year.handler).get("/desk/publication/G1-2025/").content.decode()
    assert "更正公开前的步骤" in text
    assert "结果呈批表三人签批并附扫描件" not in text
    assert "总分或等次变了的单位，年度报告文本成为更正稿" in text


def test_the_pages_of_signature_and_approval_do_not_speak_of_a_withdrawn_sheet(
    desk: Desk, signed_in: Callable[[Actor], Client]
) -> None:
    second = desk.corrected()
    first = Release.objects.get(number=1)
    office = signed_in(desk.year.handler)
    approval = office.get("/desk/approval/G1-2025/result/").content.decode()
    assert first.sheet_digest in approval, "the leading group was asked about the first result"
    services.withdraw(
        actor=desk.year.head,
        release=Release.objects.get(pk=second.pk),
        reason="更正依据有误",
        typed_year="2025",
        now=desk.year.tick(),
    )
    page = office.get("/desk/scoring/G1-2025/sign-off/").content.decode()
    assert first.sheet_digest[:8] in page
    assert second.sheet_digest[:8] not in page
    assert "发布 2025-1 重新有效" in page
    # The ledger still holds what the withdrawn correction recorded: it need not be recorded again.
    desk.open("重新更正")
    with pytest.raises(Refused, match="K1.1 现在就是 40.00 分.*直接计算更正计分表"):
        desk.points(reason="另一个理由")
