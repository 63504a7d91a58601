import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaoping.cli.demo.sites import BAD_NUMBER, Fault
from kaoping.monitoring import queries
from kaoping.monitoring.models import Finding, Run, Sighting
from kaoping.registry.models import Organisation
from kaoping.support import clock
from tests.ledger import ledger, main
from tests.monitoring.fixtures import look, world  # noqa: F401
from tests.monitoring.site import SHUT, after

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(monkeypatch):
    """``at(day)``: the clock's door says so many days after the first look."""

    def move(day):
        monkeypatch.setattr(clock, "now", lambda: after(day))

    return move


@pytest.fixture
def ready(look, world, at):  # noqa: F811
    for day in (0, 3, 6):
        look(day)
    at(6)
    return list(queries.findings(state="ready"))


class TestDoors:
    @pytest.mark.parametrize("role", ["reviewer", "inspector", "appeal_decider"])
    def test_who_does_not_see_it(self, cast, signed_in, units, role):
        client = signed_in(cast(role))
        for part in ("", "findings/", "runs/", "site/U1/"):
            assert client.get(f"/desk/monitoring/{part}").status_code == 403

    def test_a_branch_sees_its_own_units_only(self, cast, signed_in, units, ready):
        units[1].leading_department = "U2"
        units[1].save()
        client = signed_in(cast("competent_department", "U2"))
        assert "市教育局" not in client.get("/desk/monitoring/").content.decode()
        assert client.get("/desk/monitoring/site/U1/").status_code == 403
        assert "没有符合条件" in client.get("/desk/monitoring/findings/").content.decode()
        sha = Sighting.objects.exclude(artefact="").first().artefact
        assert client.get(f"/desk/monitoring/evidence/{sha}/").status_code == 404

    def test_a_branch_does_not_confirm(self, cast, signed_in, units, ready):
        units[0].leading_department = "U2"
        units[0].save()
        client = signed_in(cast("competent_department", "U2"))
        page = client.get("/desk/monitoring/findings/").content.decode()
        assert "确认由政务公开办" in page and "确认勾选的" not in page
        answer = client.post("/desk/monitoring/confirm/", {"finding": [ready[0].pk]})
        assert answer.status_code == 422 and ledger() == []


class TestConsole:
    def test_it_is_empty_in_words(self, cast, signed_in, units):
        page = signed_in(cast("office_handler")).get("/desk/monitoring/").content.decode()
        assert "没有可监测的网站" in page

    def test_counts_matrix_and_files(self, cast, signed_in, units, ready):
        client = signed_in(cast("office_handler"))
        page = client.get("/desk/monitoring/").content.decode()
        assert f"{len(ready)} 条监测发现" in page
        assert 'data-outcome="suspected"' in page and "待人工确认" in page
        text = client.get("/desk/monitoring/?format=csv").content.decode("utf-8-sig")
        assert "u1.kaoping.test" in text

    def test_a_failed_run_names_whose_it_was(self, cast, signed_in, units, world, look, at):  # noqa: F811
        world.put(SHUT)
        assert look(0).whose == "us"  # a 503 may be aimed at crawlers
        at(0)
        client = signed_in(cast("office_handler"))
        assert "监测未完成，原因在本平台" in client.get("/desk/monitoring/").content.decode()
        assert "最近一轮监测未完成" in client.get("/desk/monitoring/site/U1/").content.decode()
        assert "市教育局" in client.get("/desk/monitoring/runs/").content.decode()

    def test_same_number_of_queries_at_3_and_300(
        self, cast, signed_in, units, now, django_assert_num_queries
    ):
        client = signed_in(cast("office_handler"))
        counts = {}
        many(3)
        for part in PAGES:
            with CaptureQueriesContext(connection) as few:
                client.get(f"/desk/monitoring/{part}")
            counts[part] = len(few)
        many(300)
        for part, count in counts.items():
            with django_assert_num_queries(count):
                client.get(f"/desk/monitoring/{part}")


PAGES = ("", "findings/", "findings/?state=", "runs/", "?format=csv", "findings/?format=csv")


def many(count):
    start = Organisation.objects.count()
    rows = Organisation.objects.bulk_create(
        Organisation(
            code=f"T{n}", name=f"第{n}镇", short_name=f"第{n}镇", kind="township", site_url="http://x/"
        )
        for n in range(start, start + count)
    )
    runs = Run.objects.bulk_create(
        Run(
            organiser=main(),
            organisation=row,
            state=state,
            started_at=after(n),
            outcomes={"P-05": {"not_met": 1}},
            whose="us",
        )
        for row in rows
        for n, state in enumerate(("done", "failed", "done"))
    )
    findings = Finding.objects.bulk_create(
        Finding(
            organiser=main(),
            organisation=row,
            check_id="P-05",
            item="K3.4.p",
            target="http://x/",
            state="ready",
            opened_at=after(0),
        )
        for row in rows
    )
    Sighting.objects.bulk_create(
        Sighting(finding=one, run=runs[0], outcome="not_met", at=after(n))
        for one in findings
        for n in (0, 3, 6)
    )


class TestConfirming:
    def test_a_batch_is_confirmed_by_a_person(self, cast, signed_in, units, ready):
        client = signed_in(cast("office_handler", name="陈静"))
        page = client.get("/desk/monitoring/findings/").content.decode()
        assert "3 次，跨 6 天" in page
        done = client.post("/desk/monitoring/confirm/", {"finding": [one.pk for one in ready]})
        assert done.status_code == 302
        assert {one.by for one in ledger()} == {"陈静"} and len(ledger()) == len(ready)
        again = client.post("/desk/monitoring/confirm/", {"finding": [ready[0].pk]})
        assert again.status_code == 422 and "已经确认或已消除" in again.content.decode()

    def test_nothing_ticked_is_said(self, cast, signed_in, units, ready):
        answer = signed_in(cast("office_head")).post("/desk/monitoring/confirm/", {})
        assert answer.status_code == 422 and "没有选中任何一条" in answer.content.decode()


class TestSite:
    def test_evidence_card_and_counters(self, cast, signed_in, units, ready):
        client = signed_in(cast("office_handler"))
        page = client.get(f"/desk/monitoring/site/U1/?finding={ready[0].pk}").content.decode()
        assert "连续失败" in page and "确认线 3 次" in page and "网页原文" in page and "确认不符合" in page
        sha = Sighting.objects.filter(finding=ready[0]).first().artefact
        file = client.get(f"/desk/monitoring/evidence/{sha}/")
        assert file.status_code == 200 and file["Content-Disposition"].startswith("attachment")

    def test_damaged_evidence_stops_everything(self, cast, signed_in, units, ready, stored_files):
        for path in stored_files.glob("??/*"):
            path.write_bytes(b"changed")
        page = signed_in(cast("office_handler")).get(f"/desk/monitoring/site/U1/?finding={ready[0].pk}")
        assert "与校验值不符" in page.content.decode() and "确认不符合</button>" not in page.content.decode()

    def test_a_false_alarm_needs_a_reason(self, cast, signed_in, units, ready):
        client = signed_in(cast("office_handler"))
        url = f"/desk/monitoring/finding/{ready[0].pk}/clear/"
        answer = client.post(url, {"reason": ""})
        assert answer.status_code == 422 and "为什么是误报" in answer.content.decode()
        assert client.post(url, {"reason": "规则读错了表头"}).status_code == 302
        assert queries.finding(ready[0].pk).state == "cleared" and ledger() == []

    def test_runs_are_queued_by_the_office(self, cast, signed_in, units, world, at):  # noqa: F811
        at(0)
        client = signed_in(cast("office_handler"))
        assert "还没有看过" in client.get("/desk/monitoring/site/U1/").content.decode()
        assert client.post("/desk/monitoring/site/U1/run/").status_code == 302
        second = client.post("/desk/monitoring/site/U1/run/")
        assert second.status_code == 409 and "已有一轮在排队" in second.content.decode()
        other = client.post("/desk/monitoring/site/U2/run/")
        assert "没有市水利局的网站地址" in other.content.decode()


class TestWhatOneSiteSays:
    def site_page(self, cast, signed_in, role="office_handler", query=""):
        return signed_in(cast(role)).get(f"/desk/monitoring/site/U1/{query}").content.decode()

    def test_the_heading_counts_what_is_listed(self, cast, signed_in, units, world, look, at):  # noqa: F811
        look(0)
        at(0)
        n = queries.findings(state="suspected").count()
        assert n > 1
        page = self.site_page(cast, signed_in)
        heading = page.partition("<h1")[2].partition("</h1>")[0]
        assert f"{n} 处疑似、未确认" in heading.replace("<wbr>", "") and "没有查出问题" not in heading
        console = signed_in(cast("office_head")).get("/desk/monitoring/").content.decode()
        assert f"{n} 条疑似问题" in console.partition("<h1")[2].partition("</h1>")[0]

    def test_dead_links_are_listed_with_their_pages(self, cast, signed_in, units, world, look, at):  # noqa: F811
        run = look(0)
        at(0)
        kept = queries.folder_of(run) / "run.json"
        told = json.loads(kept.read_text())
        told["broken"] = [
            {"url": f"http://x.test/{n}", "on": "http://x.test/", "cause": "HTTP 404"} for n in (1, 2)
        ]
        kept.write_text(json.dumps(told))
        Run.objects.update(broken=2)
        page = self.site_page(cast, signed_in)
        assert "最近一轮断链 2 处" in page and "http://x.test/1" in page and "HTTP 404" in page

    def test_what_was_cut_and_what_could_not_be_read(self, cast, signed_in, units, world, look, at):  # noqa: F811
        run = look(0)
        at(0)
        kept = queries.folder_of(run) / "run.json"
        told = json.loads(kept.read_text())
        told["unread"] = [
            {
                "url": "http://x.test/a",
                "kind": "编码声明无效",
                "text": "声明的编码“undefined”不是",
                "whose": "site",
                "sha256": "ab" * 32,
            }
        ]
        kept.write_text(json.dumps(told))
        Run.objects.update(unread=1, cut="到了 30 分钟的时限，还有 7 个网址没有看", out_of_time=True)
        page = self.site_page(cast, signed_in)
        assert "1 页读不出或编码声明有误" in page and "undefined" in page and "abababababababab" in page
        assert "还有 7 个网址没有看" in page and "最近一轮没有看完" in page

    def test_a_site_that_breaks_twice_is_a_task_on_console_and_board(
        self,
        cast,
        signed_in,
        units,
        world,  # noqa: F811
        look,  # noqa: F811
        at,
        monkeypatch,
        year,
    ):
        console = signed_in(cast("office_handler"))
        with monkeypatch.context() as patched:
            patched.setattr("kaoping.monitoring.looking.crawl", lambda *given, **named: 1 / 0)
            look(0)
            at(0)
            assert "连续监测未完成" not in console.get("/desk/monitoring/").content.decode()
            look(3)
        page = console.get("/desk/monitoring/").content.decode()
        assert "1 个网站连续监测未完成，须人工处理" in page and "ZeroDivisionError" in page
        board = console.get(f"/desk/board/{year.campaign.year}/").content.decode()
        assert "市教育局连续 2 轮监测未完成，须人工处理" in board and "ZeroDivisionError" in board
        assert "/desk/monitoring/#m-stuck" in board


class TestGone:
    @pytest.fixture
    def gone(self, world, look, at):  # noqa: F811
        world.put(Fault(BAD_NUMBER, after(0).date()))
        look(0)
        one = queries.findings(state="suspected", check="P-05").order_by("target").first()
        look(250)
        at(250)
        return one

    def test_what_is_lacking_is_said_and_then_the_form_stands(
        self,
        cast,
        signed_in,
        units,
        gone,
        look,  # noqa: F811
        at,
    ):
        office, where = signed_in(cast("office_handler")), f"/desk/monitoring/site/U1/?finding={gone.pk}"
        page = office.get(where).content.decode()
        assert "网页可能已撤" in page and "还差 1 次 404 或 410" in page and "怎么核实的" not in page
        refused = office.post(f"/desk/monitoring/finding/{gone.pk}/removed/", {"reason": "问过单位"})
        assert refused.status_code == 422 and "还不能认定" in refused.content.decode()
        look(253)
        at(253)
        assert "怎么核实的" in office.get(where).content.decode()
        empty = office.post(f"/desk/monitoring/finding/{gone.pk}/removed/", {"reason": ""})
        assert empty.status_code == 422 and 'href="#m-removed"' in empty.content.decode()
        done = office.post(
            f"/desk/monitoring/finding/{gone.pk}/removed/", {"reason": "并入新站"}, follow=True
        )
        assert "已认定网页已撤" in done.content.decode()
        after_it = office.get(where).content.decode()
        assert (
            "并入新站" in after_it and "现在再测一次" not in after_it and "判为误报</button>" not in after_it
        )

    def test_others_see_it_and_have_no_form(self, cast, signed_in, units, gone, look, at):  # noqa: F811
        look(253)
        at(253)
        leader = signed_in(cast("leading_group"))
        page = leader.get(f"/desk/monitoring/site/U1/?finding={gone.pk}").content.decode()
        assert "网页可能已撤" in page and "怎么核实的" not in page and "经办或办公室负责人办理" in page
        refused = leader.post(f"/desk/monitoring/finding/{gone.pk}/removed/", {"reason": "x"})
        assert refused.status_code == 422 and "经办" in refused.content.decode()
        assert queries.finding(gone.pk).state == "suspected"
