"""A refused result goes back and comes out again, by the screens: every screen names the way, no circle is left."""

from __future__ import annotations

from typing import Any

import pytest

from kaoping.campaigns.models import PointsRuling
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.services import approval, correction, sign_off
from kaoping.publication import queries, services
from kaoping.registry.queries.organisers import main_year
from tests.campaigns.examples import PDF
from tests.web.chromium import IN_CHROMIUM, WITH_CHROMIUM, Window, browse, over
from tests.web.desk.campaign import at
from tests.web.outside import Visitor

pytestmark = pytest.mark.django_db
PUBLICATION = "/desk/publication/G1-2025/"
BACK = PUBLICATION + "back/"
SCORING = "/desk/scoring/G1-2025/"
REASON = "按领导小组意见核对 K1.1"


@pytest.fixture
def refused(year: Any, settings: Any, tmp_path: Any, monkeypatch: Any, signed_in: Any) -> Any:
    """Signed, frozen, signed by two on the paper, sent back by the leading group."""
    settings.KAOPING_PUBLISHED = tmp_path / "published"
    year.to("appeals")
    year.at = year.campaign.appeals_close_at
    year.compute()
    sign_off.sign_off(actor=year.signer, campaign=year.campaign, typed_year="2025", now=year.tick())
    year.advance()
    at(year.tick(), monkeypatch)
    signed_in(year.handler).post(PUBLICATION + "freeze/", {"confirm_year": "2025"})
    for actor in (year.handler, year.head):
        approval.approve(actor=actor, campaign=year.campaign, subject="result", now=year.tick())
    approval.return_approval(
        actor=year.leader, campaign=year.campaign, subject="result", reason="U1 得分有误", now=year.tick()
    )
    at(year.tick(), monkeypatch)
    return year


@pytest.fixture
def correcting(refused: Any, monkeypatch: Any) -> Any:
    """The same result, public after all; a correction of it is signed."""
    refused.sign("result")
    release = queries.latest(main_year(2025))
    assert release is not None
    services.publish(actor=refused.handler, release=release, now=refused.tick())
    correction.open_correction(
        actor=refused.handler, campaign=refused.campaign, reason="录错", now=refused.tick()
    )
    correction.correct_points(
        actor=refused.handler, campaign=refused.campaign, organisation="U1", item="K1.1", points="39", reason="核对",
        now=refused.tick(),
    )  # fmt: skip
    refused.compute("correction")
    sign_off.sign_off(actor=refused.signer, campaign=refused.campaign, typed_year="2025", now=refused.tick())
    at(refused.tick(), monkeypatch)
    return refused


def test_a_correction_goes_back_under_a_name_of_its_own(correcting: Any, signed_in: Any) -> None:
    """Its result is public: no appeal is taken up again by it."""
    for who in (correcting.handler, correcting.signer, correcting.head):
        desk = signed_in(who)
        for page in (PUBLICATION, BACK, PUBLICATION + "correction/", PUBLICATION + "correction/drop/"):
            assert "退回复核申请" not in text(desk.get(page)), page
        assert "更正退回重办" in text(desk.get(PUBLICATION))
    assert "<h1>2025 年度更正退回重办" in text(signed_in(correcting.head).get(BACK))


def text(response: Any) -> str:
    return str(response.content.decode())


def test_every_screen_names_the_way_and_the_way_leads_out(
    refused: Any, signed_in: Any, monkeypatch: Any
) -> None:
    desk = signed_in(refused.handler)

    def later() -> None:
        at(refused.tick(), monkeypatch)

    for page in (
        "/desk/board/G1-2025/",
        SCORING,
        PUBLICATION + "correction/",
        PUBLICATION + "freeze/",
        PUBLICATION,
        "/desk/approval/G1-2025/result/",
    ):
        assert "退回复核申请" in text(desk.get(page)), page
    assert "U1 得分有误" in text(desk.get(PUBLICATION))
    page = text(desk.get(BACK))
    assert "未公开，已退回" in page and "U1 得分有误" in page
    # Who may not, reads why; who says nothing, is asked.
    assert "由政务公开办经办退回" in text(signed_in(refused.decider).get(BACK))
    assert desk.post(BACK, {"reason": " "}).status_code == 409
    assert desk.post(BACK, {"reason": REASON}).status_code == 302
    shown = text(desk.get(PUBLICATION))
    assert "未公开，已退回" in shown and REASON in shown and refused.leader.name in shown
    assert "未重复办理" in text(desk.get(BACK))
    assert "不能公开" in text(desk.get(f"{PUBLICATION}{queries.latest(main_year(2025)).pk}/publish/"))
    # The same sheet cannot be signed: page and act say so in the same words.
    signer = signed_in(refused.signer)
    page = text(signer.get(SCORING + "sign-off/"))
    assert "签发已经作废" in page
    assert "签发已经作废" in text(signer.post(SCORING + "sign-off/", {"confirm_year": "2025"}))
    # Points by two people.
    form = {"unit": "U1", "item": "K1.1", "points": "40", "reason": "会议核定"}
    assert "审定改分" in text(desk.get(SCORING))
    assert desk.post(SCORING + "rulings/new/", form).status_code == 302
    ruling = PointsRuling.objects.get()
    answer = f"{SCORING}rulings/{ruling.pk}/"
    assert answer in text(desk.get(SCORING + "rulings/"))
    assert "由第二签发人或办公室负责人确认" in text(desk.get(answer))
    later()
    assert signed_in(refused.head).post(answer, {"agreed": "yes"}).status_code == 302
    later()
    desk.post(SCORING + "compute/")
    later()
    # The unit may ask for review of what was ruled, and nothing is signed before its days are over.
    assert "期限没有到，单位仍可申请" in text(signer.get(SCORING + "sign-off/"))
    refused.wait_for_appeals()
    later()
    page = text(signer.get(SCORING + "sign-off/"))
    assert "审定改分：1 件" in page and "会议核定" in page
    assert signer.post(SCORING + "sign-off/", {"confirm_year": "2025"}).status_code == 302
    desk.post("/desk/board/G1-2025/advance/", {"to": "frozen", "confirm_year": "2025"})
    later()
    assert "已冻结" in text(desk.post(PUBLICATION + "freeze/", {"confirm_year": "2025"}, follow=True))
    refused.campaign.refresh_from_db()
    refused.sign("result")
    later()
    done = desk.post(f"{PUBLICATION}{queries.latest(main_year(2025)).pk}/publish/", {"confirm_year": "2025"})
    assert done.status_code == 302
    refused.campaign.refresh_from_db()
    assert refused.campaign.stage == "published"
    assert "未公开，已退回" in text(desk.get(PUBLICATION))


def test_two_persons_take_a_signature_back_on_one_page(
    refused: Any, signed_in: Any, monkeypatch: Any
) -> None:
    approval.approve(actor=refused.handler, campaign=refused.campaign, subject="result", now=refused.tick())
    at(refused.tick(), monkeypatch)
    signer, head = signed_in(refused.signer), signed_in(refused.head)
    assert "由第二签发人和办公室负责人两人" in text(signed_in(refused.handler).get(BACK))
    assert signer.post(BACK, {"reason": "漏记一条"}).status_code == 302
    assert "等办公室负责人确认" in text(head.get(PUBLICATION))
    assert "等办公室负责人确认" in text(signer.get(BACK))
    assert "提出人不能自己确认" in text(signer.post(BACK, {"agreed": "yes"}))
    assert "漏记一条" in text(head.get(BACK))
    assert head.post(BACK, {"agreed": ""}).status_code == 409
    assert head.post(BACK, {"agreed": "yes"}).status_code == 302
    refused.campaign.refresh_from_db()
    assert refused.campaign.stage == "appeals"


def test_the_correction_s_paper_lists_the_grades_and_the_messages_are_true(
    refused: Any, signed_in: Any, monkeypatch: Any
) -> None:
    def later() -> None:
        at(refused.tick(), monkeypatch)

    refused.sign("result")
    later()
    desk, signer = signed_in(refused.handler), signed_in(refused.signer)
    release = queries.latest(main_year(2025))
    assert desk.post(f"{PUBLICATION}{release.pk}/publish/", {"confirm_year": "2025"}).status_code == 302
    later()
    page = PUBLICATION + "correction/"
    desk.post(page + "open/", {"reason": "录错"})
    later()
    desk.post(page + "points/", {"unit": "U1", "item": "K1.1", "points": "40", "reason": "核对"})
    later()
    desk.post(page + "compute/")
    assert "更正呈批表三人签批" in text(desk.get(page))
    assert "还没有第二人签发" in text(desk.get("/desk/approval/G1-2025/correction/sign/"))
    signer.post(SCORING + "sign-off/", {"confirm_year": "2025"})
    later()
    frozen = text(desk.post(PUBLICATION + "freeze/", {"confirm_year": "2025"}, follow=True))
    assert "下一步办更正呈批" in frozen and "下一步办结果呈批" not in frozen
    for name in ("", "print/"):
        sheet = text(desk.get("/desk/approval/G1-2025/correction/" + name))
        assert "等次改变的单位" in sheet and "原等次" in sheet
    assert desk.get("/desk/approval/G1-2025/correction/docx/").status_code == 200
    later()
    refused.campaign.refresh_from_db()
    newest = queries.latest(main_year(2025))
    assert "更正呈批表缺经办、办公室负责人、领导小组领导签批" in text(
        desk.get(f"{PUBLICATION}{newest.pk}/publish/")
    )
    refused.sign("correction")
    later()
    assert desk.post(f"{PUBLICATION}{newest.pk}/publish/", {"confirm_year": "2025"}).status_code == 302


def test_a_wrong_year_an_assignment_and_an_appeal_by_their_screens(
    year: Any, signed_in: Any, monkeypatch: Any
) -> None:
    at(year.tick(), monkeypatch)
    desk = signed_in(year.handler)
    far = {"year": "2072", "title": "2072 年度", "rulebook": f"version:{year.campaign.rulebook_id}"}
    far |= {"timetable": "A", "level": "full"}
    assert "再输入一次年份" in text(desk.post("/desk/plan/new/", far))
    assert desk.post("/desk/plan/new/", far | {"typed_year": "2072"}).status_code == 302
    assert "作废" in text(desk.get("/desk/plan/G1-2072/"))
    wrong = desk.post("/desk/plan/G1-2072/void/", {"confirm_year": "2025", "reason": "年份填错"})
    assert wrong.status_code == 409
    done = desk.post("/desk/plan/G1-2072/void/", {"confirm_year": "2072", "reason": "年份填错"})
    assert done.headers["Location"] == "/desk/plan/voided/"
    assert "年份填错" in text(desk.get("/desk/plan/voided/"))
    assert desk.get("/desk/plan/G1-2072/").status_code == 404
    assert campaigns.current() == year.campaign
    assert desk.get("/desk/board/").headers["Location"] == "/desk/board/G1-2025/"
    year.to("review")
    at(year.tick(), monkeypatch)
    row = year.assignment(year.reviewers[0], "U1")
    page = f"/desk/reviews/G1-2025/assignment/{row.pk}/back/"
    assert page in text(desk.get("/desk/reviews/G1-2025/"))
    assert desk.post(page, {"reason": "分错了"}).status_code == 302
    assert "撤回的分派：1 份" in text(desk.get("/desk/reviews/G1-2025/"))
    assert "未重复办理" in text(desk.get(page))
    year.assign()
    year.to("preview")
    at(year.tick(), monkeypatch)
    unit = signed_in(year.liaisons["U1"])
    item = "/unit/preview/G1-2025/U1/K1.1/"
    assert "没有失分" in text(unit.get("/unit/preview/G1-2025/U1/K3.3/"))
    assert unit.post(item, {"claim": "材料齐全", "url": ""}).status_code == 302
    shown = text(unit.get(item))
    assert "撤回这件申请" in shown
    back = shown.split('href="', 1)[1] and next(
        part.split('"')[0] for part in shown.split('href="') if "/withdraw/" in part.split('"')[0]
    )
    assert signed_in(year.liaisons["U2"]).get(back).status_code == 403
    assert unit.post(back, {"reason": ""}).status_code == 302
    assert "申请单位已撤回" in text(unit.get(item))
    assert "未重复办理" in text(unit.get(back))


@IN_CHROMIUM
@WITH_CHROMIUM
def test_a_result_refused_and_brought_back_in_a_browser(
    refused: Any, signed_in: Any, monkeypatch: Any
) -> None:
    """The way with the mouse, each person at the own page: back, the ruling by two, sheet, signatures, frozen, published."""
    people = {name: signed_in(getattr(refused, name)) for name in ("handler", "head", "leader", "signer")}

    def script(window: Window) -> None:
        page = window.page

        def sit_down(name: str) -> None:
            at(refused.tick(), monkeypatch)
            window.become(people[name])

        def send(path: str, button: str = "main form[method=post] button", **fields: str) -> None:
            window.open(path)
            for field, value in fields.items():
                page.fill(f"main [name={field}]", value)
            with page.expect_navigation():
                page.click(button)
            window.settle()
            assert not page.locator(".kp-errors").count(), page.inner_text("main")

        window.open(PUBLICATION)
        for width in (360, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            assert over(page) <= 0
        page.click("a:has-text('退回复核申请')")
        window.settle()
        page.fill("textarea[name=reason]", REASON)
        with page.expect_navigation():
            page.click("main form button")
        window.settle()
        page.wait_for_selector("text=未公开，已退回")
        window.open(SCORING + "rulings/")
        page.set_viewport_size({"width": 360, "height": 900})
        assert over(page) <= 0
        page.click("a:has-text('提请审定改分')")
        window.settle()
        page.select_option("select[name=unit]", "U1")
        page.select_option("select[name=item]", "K1.1")
        page.fill("input[name=points]", "40")
        page.fill("textarea[name=reason]", "会议核定")
        with page.expect_navigation():
            page.click("main form button")
        window.settle()
        page.wait_for_selector("text=待确认")
        ruling = window.in_test(lambda: PointsRuling.objects.get().pk)
        sit_down("head")
        window.open(f"{SCORING}rulings/{ruling}/")
        assert "会议核定" in page.inner_text("main")
        page.check("input[name=agreed][value=yes]")
        with page.expect_navigation():
            page.click("main form[method=post] button")
        window.settle()
        sit_down("handler")
        send(SCORING, "form[action$='/compute/'] button")
        window.in_test(
            refused.wait_for_appeals
        )  # the days in which the unit may ask for review of what was ruled
        sit_down("signer")
        window.open(SCORING + "sign-off/")
        assert "审定改分：1 件" in page.inner_text("main")
        send(SCORING + "sign-off/", confirm_year="2025")
        sit_down("handler")
        send("/desk/board/G1-2025/advance/", confirm_year="2025")
        sit_down("handler")
        send(PUBLICATION + "freeze/", confirm_year="2025")
        assert "已冻结" in page.inner_text("body")
        for name in ("handler", "head", "leader"):
            sit_down(name)
            send("/desk/approval/G1-2025/result/sign/")
        # A file does not pass the browser's answered requests; the scan comes by the service.
        window.in_test(
            lambda: approval.attach_scan(
                actor=refused.handler,
                campaign=refused.campaign,
                subject="result",
                content=PDF,
                confirmed=True,
                name="呈批表.pdf",
                now=refused.tick(),
            )
        )
        release = window.in_test(lambda: queries.latest(main_year(2025)).pk)
        sit_down("handler")
        send(f"{PUBLICATION}{release}/publish/", confirm_year="2025", note="会议核定后公开")
        window.open(PUBLICATION)
        told = page.inner_text("main")
        assert "未公开，已退回" in told and REASON in told and "会议核定后公开" in told
        window.open("/desk/board/G1-2025/")
        assert "退回复核申请" not in page.inner_text("main")
        window.become(Visitor())
        window.open("/2025/")
        public = page.inner_text("main")
        assert "市教育局" in public and "市水利局" in public
        window.open("/2025/U1/")
        # 40 points instead of 20: the total that the ruling makes.
        assert "82.50" in page.inner_text("main")

    browse(people["handler"], script)
    refused.campaign.refresh_from_db()
    assert refused.campaign.stage == "published"
    newest = queries.latest(main_year(2025))
    assert newest is not None and "published" in {one.kind for one in newest.acts.all()}
    assert PointsRuling.objects.get().reason == "会议核定"
