"""The screens of 单项否决、重大减分: form, preview, the second person's answer, the board, and what the unit sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kaoping.campaigns.models import SevereRuling
from tests.campaigns.conftest import severe_year
from tests.campaigns.examples import PDF, Year
from tests.ledger import ledger as whole_ledger
from tests.web.chromium import IN_CHROMIUM, WITH_CHROMIUM, Window, browse, over
from tests.web.desk.campaign import at

__all__ = ["severe_year"]
pytestmark = pytest.mark.django_db
URL = "/desk/severe/G1-2025/"
FORM = {
    "unit": "U1",
    "item": "V1",
    "value": "查实",
    "on": "2025-10-08",
    "document": "常政公开办发〔2025〕1号",
    "reason": "查实台账不实",
    "no_secret": "1",
}
HEAD = "单位代码,事项,取值,认定日期,文号,认定事实,附件\n"
GOOD = "U1,V1,查实,2025-10-08,通报1号,查实台账不实,通报.pdf\n"


@pytest.fixture
def year(severe_year: Year, monkeypatch: pytest.MonkeyPatch) -> Year:
    severe_year.to("routine")
    at(severe_year.tick(), monkeypatch)
    return severe_year


def text(response: Any) -> str:
    return str(response.content.decode())


def pdf(name: str = "通报.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF)


def proposed(client: Client, **change: Any) -> SevereRuling:
    assert client.post(f"{URL}new/", FORM | {"file": pdf()} | change).status_code == 302
    made = SevereRuling.objects.order_by("-id").first()
    assert made is not None
    return made


def test_from_the_form_to_the_ledger_by_two(year: Year, signed_in: Callable[..., Client]) -> None:
    handler, head = signed_in(year.handler), signed_in(year.head)
    assert "没有待确认的" in text(handler.get(URL))
    made = proposed(handler)
    listed = text(handler.get(URL))
    assert "1 件待第二人确认" in listed
    assert "常政公开办发〔2025〕1号" in listed
    own = text(handler.get(f"{URL}{made.pk}/"))
    assert "收回自己提出的" in own
    assert "文书属实" not in own
    page = text(head.get(f"{URL}{made.pk}/"))
    assert f"/desk/artefact/{made.sha256}/" in page
    assert "文书属实，确认" in page
    assert head.get(f"/desk/artefact/{made.sha256}/").status_code == 200
    empty = head.post(f"{URL}{made.pk}/", {"agreed": "no", "reason": ""})
    assert (empty.status_code, "写明理由" in text(empty)) == (409, True)
    assert head.post(f"{URL}{made.pk}/", {"agreed": "yes"}).status_code == 302
    done = text(head.get(URL))
    assert "已确认，记入台账" in done
    [line] = [one for one in whole_ledger() if one.item == "V1"]
    assert f"/desk/ledger/{line.id}/" in done
    assert "提请审定" in text(handler.get(f"/desk/ledger/{line.id}/"))
    assert "这一件已经办过" in text(head.get(f"{URL}{made.pk}/"))


def test_everything_wrong_is_said_at_its_field_and_what_was_typed_stays(
    year: Year, signed_in: Callable[..., Client]
) -> None:
    handler = signed_in(year.handler)
    page = handler.post(
        f"{URL}new/", FORM | {"item": "D1", "value": "４０００", "document": "", "file": pdf()}
    )
    said = text(page)
    assert page.status_code == 409
    assert "有 2 处要改" in said
    assert "D1 应写件数，1 到 3 的整数" in said
    assert "请写文书的文号；没有文号的" in said
    assert "查实台账不实" in said
    assert "请重新选文件" in said
    assert SevereRuling.objects.count() == 0
    unpledged = {name: value for name, value in FORM.items() if name != "no_secret"}
    said = text(handler.post(f"{URL}new/", unpledged | {"document": "", "file": pdf()}))
    assert "有 2 处要改" in said
    assert "请勾选" in said
    assert handler.post(f"{URL}new/", unpledged | {"file": pdf()}).status_code == 409


def test_the_handler_takes_the_own_one_back(year: Year, signed_in: Callable[..., Client]) -> None:
    handler = signed_in(year.handler)
    made = proposed(handler)
    assert handler.post(f"{URL}{made.pk}/", {"reason": "文号抄错"}).status_code == 302
    assert "提出人收回" in text(handler.get(URL))


def test_the_preview_tells_every_row_and_proposes_only_what_was_shown(
    year: Year, signed_in: Callable[..., Client]
) -> None:
    handler = signed_in(year.handler)

    def offer(rows: str, *documents: SimpleUploadedFile) -> Any:
        table = SimpleUploadedFile("重大事项.csv", (HEAD + rows).encode())
        given = {"file": table, "documents": list(documents), "no_secret": "1"}
        return handler.post(f"{URL}import/", given)

    bad = offer(GOOD + "U9,D1,10,昨天,,短,别的.pdf\n", pdf())
    said = text(bad)
    assert bad.status_code == 422
    assert "没有提出：1 行要改" in said
    assert "第 3 行 A 列（单位代码）" in said
    assert "不能登记 10 件" in said
    assert "提出这" not in said
    assert "请先选一个" in text(handler.post(f"{URL}import/", {"no_secret": "1"}))
    good = text(offer(GOOD, pdf()))
    assert "可以提出 1 件" in good
    assert SevereRuling.objects.count() == 0
    fields = {name: good.split(f'name="{name}" value="')[1].split('"')[0] for name in ("table", "document")}
    assert handler.post(f"{URL}import/", fields | {"confirm": "1"}).status_code == 302
    assert SevereRuling.objects.get().table == fields["table"]
    again = handler.post(f"{URL}import/", fields | {"confirm": "1"})
    assert (again.status_code, "已凭这份文书提出" in text(again)) == (422, True)
    lost = handler.post(f"{URL}import/", {"confirm": "1", "table": "x"})
    assert "预览已经失效" in text(lost)


def test_the_template_is_a_table_that_the_import_reads(year: Year, signed_in: Callable[..., Client]) -> None:
    handler = signed_in(year.handler)
    content = handler.get(f"{URL}template.xlsx").content
    given = {"file": SimpleUploadedFile("模板.xlsx", content), "no_secret": "1"}
    said = text(handler.post(f"{URL}import/", given))
    assert "列名下面没有内容。请从下一行起每行写一件" in said and "没有读" not in said


def test_the_board_tells_those_who_may_confirm(year: Year, signed_in: Callable[..., Client]) -> None:
    proposed(signed_in(year.handler))
    for actor, sees in ((year.head, True), (year.signer, True), (year.handler, False), (year.leader, False)):
        assert (
            "1 件单项否决、重大减分等您确认" in text(signed_in(actor).get("/desk/board/G1-2025/"))
        ) is sees


def test_who_may_look_and_who_may_not(year: Year, signed_in: Callable[..., Client]) -> None:
    made = proposed(signed_in(year.handler))
    pages = ("", "new/", "import/", f"{made.pk}/")
    for actor in (year.decider, year.liaisons["U1"], year.reviewers[0]):
        assert {signed_in(actor).get(URL + page).status_code for page in pages} <= {403, 404}
    leader = signed_in(year.leader)
    assert "由第二签发人或办公室负责人确认" in text(leader.get(f"{URL}{made.pk}/"))
    assert "由政务公开办经办提出" in text(leader.get(f"{URL}new/"))
    assert leader.post(f"{URL}{made.pk}/", {"agreed": "yes"}).status_code == 409
    assert not [one for one in whole_ledger() if one.item == "V1"]
    assert signed_in(year.handler).get(f"{URL}999/").status_code == 404
    assert signed_in(year.handler).get("/desk/severe/").status_code == 302


def test_the_doors_of_one_person_name_the_new_page(year: Year, signed_in: Callable[..., Client]) -> None:
    handler = signed_in(year.handler)
    page = text(handler.get("/desk/ledger/import/"))
    assert 'href="/desk/severe/"' in page
    assert '<th scope="row">V1</th>' not in page
    table = SimpleUploadedFile(
        "台账.csv", "单位代码,指标,种类,取值,观察日期\nU1,V1,结论,不符合,2025-10-08\n".encode()
    )
    refused = handler.post("/desk/ledger/import/", {"file": table, "no_secret": "1"})
    assert "请在“单项否决、重大减分”页提出" in text(refused)


def test_the_unit_sees_it_with_its_document_and_reason(
    year: Year, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = proposed(signed_in(year.handler))
    signed_in(year.head).post(f"{URL}{made.pk}/", {"agreed": "yes"})
    year.to("preview")
    at(year.tick(), monkeypatch)
    unit, other = signed_in(year.liaisons["U1"]), signed_in(year.liaisons["U2"])
    page = text(unit.get("/unit/preview/G1-2025/U1/V1/"))
    assert "查实台账不实（依据：常政公开办发〔2025〕1号）" in page
    file = f"/unit/files/G1-2025/U1/{made.sha256}/"
    assert file in page
    assert unit.get(file).status_code == 200
    assert other.get(f"/unit/files/G1-2025/U2/{made.sha256}/").status_code == 404


def test_what_changed_since_is_said_above_the_form_and_it_can_still_be_refused(
    year: Year, signed_in: Callable[..., Client]
) -> None:
    made = proposed(signed_in(year.handler))
    year.campaign.participations.filter(organisation__code="U1").update(participates=False)
    head = signed_in(year.head)
    page = text(head.get(f"{URL}{made.pk}/"))
    assert "现在不能确认" in page
    assert "不同意" in page
    assert head.post(f"{URL}{made.pk}/", {"agreed": "yes"}).status_code == 409
    assert head.post(f"{URL}{made.pk}/", {"agreed": "no", "reason": "单位已不参评"}).status_code == 302
    assert text(head.get(URL + "?format=csv")).count("不同意") == 1


@IN_CHROMIUM
@WITH_CHROMIUM
def test_the_screens_fit_a_phone_and_the_head_confirms_with_the_mouse(
    year: Year, signed_in: Callable[..., Client]
) -> None:
    """The handler's pages at 360 px; the head goes from the board to the confirmation."""
    handler = signed_in(year.handler)
    made = proposed(handler)

    def look(window: Window) -> None:
        page = window.page
        page.set_viewport_size({"width": 360, "height": 900})
        for path in (URL, f"{URL}import/", f"{URL}new/", f"{URL}{made.pk}/"):
            window.open(path)
            assert over(page) <= 0
        window.open(f"{URL}new/")
        assert "可不填" not in page.inner_text("main")

    def confirm(window: Window) -> None:
        page = window.page
        window.open("/desk/board/G1-2025/")
        page.click("a:has-text('去确认')")
        window.settle()
        page.click("main table a")
        window.settle()
        page.check("input[value=yes]")
        page.click("main form button")
        page.wait_for_selector("text=已确认，记入台账。")

    browse(handler, look)
    browse(signed_in(year.head), confirm)
    assert [one.value for one in whole_ledger() if one.item == "V1"] == ["not_met"]
