from dataclasses import replace
from datetime import timedelta

import pytest

from kaoping.accounts.actor import SYSTEM, Refused
from kaoping.accounts.queries import audit_entries
from kaoping.evidence.queries import artefact_bytes
from kaoping.monitoring import queries, shown
from kaoping.monitoring.models import Run, Sighting
from kaoping.monitoring.services import findings, retest, runs
from kaoping.registry.models import Organisation
from kaoping.registry.scope import about
from kaoping.support import clock, jobs
from tests.ledger import ledger
from tests.monitoring import site
from tests.monitoring.site import SHUT, after

pytestmark = pytest.mark.django_db


class TestRuns:
    def test_what_was_seen_is_kept(self, look):
        run = look(0)
        folder = queries.folder_of(run)
        assert (
            list(folder.glob("*.warc.gz")) and (folder / "facts").is_dir() and (folder / "run.json").is_file()
        )
        assert {line.check for line in queries.outcome_lines(run)} >= {"P-05", "S-13", "R-01"}
        [bad] = Sighting.objects.filter(finding__check_id="S-13")
        assert bad.version == 1 and artefact_bytes(bad.artefact)
        assert run.outcomes["P-05"]["not_met"] == queries.findings(check="P-05").count()
        assert ledger() == []

    def test_an_answer_with_a_separator_of_lines_is_one_answer(self, look):
        run = look(0)
        count = len(queries.outcome_lines(run))
        path = queries.folder_of(run) / "outcomes.jsonl"
        path.write_text(path.read_text("utf-8") + '{"check": "P-05", "reason": "一\u2028二"}\n', "utf-8")
        assert len(queries.outcome_lines(run)) == count + 1
        assert queries.outcome_lines(run)[-1].reason == "一\u2028二"

    def test_done_twice_counts_once(self, look):
        run = look(0)
        count = Sighting.objects.count()
        runs.perform_run(run_id=run.pk, now=after(1))
        assert Sighting.objects.count() == count

    def test_a_site_that_does_not_answer_costs_nothing(self, world, look, cast):
        look(0)
        world.put(SHUT)
        failed = look(3)
        assert (failed.state, failed.whose) == ("failed", "us") and "503" in failed.cause
        assert Sighting.objects.filter(run=failed).count() == 0
        assert queries.findings(state="ready").count() == 0

    def test_addresses_stay_closed_unless_listed(self, world, look, settings):
        settings.KAOPING_CRAWL_ALLOW = []
        failed = look(0)
        assert failed.whose == "us" and failed.pages == 0 and world.answers == 0

    def test_our_own_error_is_ours(self, world, look, settings):
        settings.KAOPING_CRAWL_RESOLVE = "nonsense"
        assert (look(0).state, shown.failed_runs()[:1][0].whose) == ("failed", "us")

    def test_a_unit_without_site_is_refused_in_words(self, units):
        with pytest.raises(Refused, match="网站地址"):
            runs.start_run(actor=SYSTEM, organisation_code="U2", now=after(0))
        assert audit_entries(verb="start_run", refused=True).get().thing_id == "U2"

    def test_the_schedule_leaves_rows_and_returns_in_three_days(self, world, units):
        Organisation.objects.filter(code="G1").update(site_url="http://g1.kaoping.test/")
        assert runs.schedule_runs(now=after(0)) == 1
        assert runs.schedule_runs(now=after(1)) == 0
        assert Run.objects.get().organisation.code == "U1"
        assert jobs.run_due("w", now=after(0)) == 1
        assert Run.objects.get().state == "done"
        assert runs.schedule_runs(now=after(3)) == 1


class TestConfirming:
    def test_all_or_none(self, look, cast):
        office = cast("office_handler")
        for day in (0, 3):
            look(day)
        [early, *_] = queries.findings(state="suspected")
        look(6)
        ready = list(queries.findings(state="ready"))
        with pytest.raises(Refused, match="没有编号"):
            findings.confirm_batch(actor=office, finding_ids=[ready[0].pk, 999], now=after(6))
        assert "999" in audit_entries(verb="confirm_findings", refused=True).get().sentence
        assert ledger() == [] and queries.finding(early.pk).state == "ready"

    def test_who_may_not(self, look, cast):
        look(0)
        with pytest.raises(Refused, match="经办"):
            findings.confirm_batch(actor=cast("liaison", "U1"), finding_ids=[1], now=after(0))
        assert audit_entries(verb="confirm_findings", refused=True).count() == 1

    def test_a_confirmed_false_alarm_is_withdrawn_not_deleted(self, look, cast):
        office = cast("office_handler")
        for day in (0, 3, 6):
            look(day)
        one = queries.findings(state="ready").first()
        [uid] = findings.confirm_batch(actor=office, finding_ids=[one.pk], now=after(6))
        findings.clear(actor=office, finding=one, reason="读错了网页", now=after(7))
        assert audit_entries(verb="confirm_findings", thing_id=str(one.pk)).count() == 1
        first, second = ledger()
        assert first.id == uid and (second.kind, second.supersedes) == ("withdrawn", uid)


class TestPassing:
    def test_a_pass_in_a_routine_run_is_recorded_as_a_retest(self, look, cast):
        for day in (0, 3, 6):
            look(day)
        ready = list(queries.findings(state="ready"))
        findings.confirm_batch(actor=cast("office_handler"), finding_ids=[ready[0].pk], now=after(6))
        look(40)
        assert [one.value for one in ledger()] == ["not_met", "met"]
        assert ledger()[1].source == "retest" and queries.findings(state="confirmed").count() == 0
        assert queries.finding(ready[0].pk).state == "cleared"

    def test_undecided_retest_records_nothing(self, look, world, cast):
        office = cast("office_handler")
        for day in (0, 3, 6):
            look(day)
        bad = queries.findings(state="ready", check="P-05").first()
        findings.confirm_batch(actor=office, finding_ids=[bad.pk], now=after(6))
        world.put(SHUT)
        outcome = retest.retest(
            actor=office,
            organisation_code="U1",
            check="P-05",
            target=bad.target,
            now=after(6) + timedelta(hours=1),
        )
        assert outcome == "undecided" and len(ledger()) == 1
        assert queries.last_retest(bad).whose == "us" and queries.finding(bad.pk).state == "confirmed"

    def test_a_site_rule_is_looked_at_again_over_the_whole_site(self, look, world, cast):
        office = cast("office_handler")
        for day in (0, 3, 6):
            look(day)
        foot = queries.findings(state="ready", check="S-13").get()
        findings.confirm_batch(actor=office, finding_ids=[foot.pk], now=after(6))
        world.now = after(40)
        asked = {"organisation_code": "U1", "check": "S-13", "target": foot.target, "now": after(40)}
        assert retest.retest(actor=cast("liaison", "U1"), **asked) == "met"
        assert ledger()[-1].source == "retest"

    def test_another_unit_may_not_ask(self, look, cast):
        look(0)
        with pytest.raises(Refused, match="本单位联络员"):
            retest.ask_retest(
                actor=cast("liaison", "U2"), organisation_code="U1", check="S-13", target="x", now=after(0)
            )

    def test_what_no_rule_found_cannot_be_retested(self, world, cast):
        with pytest.raises(Refused, match="现场核查"):
            retest.ask_retest(
                actor=cast("office_handler"), organisation_code="U1", check="S-13", target="x", now=after(0)
            )
        assert audit_entries(verb="ask_retest", refused=True).get().thing_id == "U1"


class TestRunsThatBreak:
    def test_what_was_cut_stands_on_the_row(self, look, settings, monkeypatch):
        clock_now = [0.0]

        def monotonic():
            clock_now[0] += 20
            return clock_now[0]

        settings.KAOPING_LOOK_MINUTES = 5
        monkeypatch.setattr(clock, "monotonic", monotonic)
        run = look(0)
        assert run.state == "done" and run.out_of_time and "5 分钟的时限" in run.cut
        assert run.cut in audit_entries(verb="perform_run").first().sentence

    def test_two_in_a_row_are_a_task_and_a_good_one_ends_it(self, look, monkeypatch):
        with monkeypatch.context() as patched:
            patched.setattr("kaoping.monitoring.looking.crawl", lambda *given, **named: 1 / 0)
            look(0)
            assert queries.stuck_sites(now=after(0)) == []
            look(3)
        [stuck] = queries.stuck_sites(now=after(3))
        assert (stuck.code, stuck.whose) == ("U1", "us") and "ZeroDivisionError" in stuck.cause
        assert queries.stuck_sites(about("U2"), now=after(3)) == []
        look(6)
        assert queries.stuck_sites(now=after(6)) == []

    def test_running_out_of_time_twice_is_one_too(self, look):
        for day in (0, 3):
            look(day)
        Run.objects.update(out_of_time=True, cut="到了 30 分钟的时限，还有 7 个网址没有看")
        [stuck] = queries.stuck_sites(now=after(3))
        assert "7 个网址" in stuck.cause

    def test_runs_whose_process_died_are_one_too(self, units, world):
        for day in (0, 3):
            runs.start_run(actor=SYSTEM, organisation_code="U1", now=after(day))
        assert queries.stuck_sites(now=after(3)) == []
        [stuck] = queries.stuck_sites(now=after(5))
        assert "没有结果" in stuck.cause and stuck.whose == "us"

    def test_a_page_that_cannot_be_read_costs_neither_run_nor_points(self, look, world, monkeypatch):
        real = site.answer

        def spiteful(sites, host, path, now):
            made = real(sites, host, path, now)
            if path.startswith("/wj/") and path != "/wj/":
                return replace(made, body=made.body.replace(b'charset="utf-8"', b'charset="undefined"'))
            return made

        monkeypatch.setattr(site, "answer", spiteful)
        run = look(0)
        assert run.state == "done" and run.unread == 3 and run.pages > 3
        pages = queries.unread_pages(run)
        assert {one["kind"] for one in pages} == {"编码声明无效"}
        assert all(b"undefined" in artefact_bytes(one["sha256"]) for one in pages)
        assert queries.findings(check="P-05").count()  # read all the same: what is wrong on it is still found
