"""Seal at once, propose and confirm by two persons, all uses first, no name of a sealed file on any screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kaoping.accounts.actor import Actor
from kaoping.accounts.queries import audit_entries
from kaoping.evidence import queries
from kaoping.evidence.logic import report_due
from kaoping.evidence.services import store_artefact
from kaoping.rectification.services import order, unit
from kaoping.web.ui.wording import cn_datetime
from tests.rectification.making import drafted

pytestmark = pytest.mark.django_db
NAME = "作战方案.pdf"
CONTENT = b"%PDF-1.7 x"
Enter = Callable[[Actor], Client]


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def people(units: Any, cast: Callable[..., Actor]) -> dict[str, Actor]:
    return {
        "handler": cast("office_handler", name="经办"),
        "head": cast("office_head", name="主任"),
        "liaison": cast("liaison", "U1", name="联络员"),
    }


@pytest.fixture
def twice(units: Any, people: dict[str, Actor], stored_files: Any, now: datetime) -> tuple[str, list[str]]:
    """Equal bytes in two cases: the digest and the numbers."""
    numbers = []
    for place in ("http://u1.kaoping.test/wj/1.html", "http://u1.kaoping.test/wj/2.html"):
        [case] = order.serve(actor=people["handler"], numbers=[drafted(now, target=place).number], now=now)
        unit.answer(
            actor=people["liaison"],
            case=case,
            text="已改",
            files=[(f"{case.number}{NAME}", CONTENT)],
            confirmed=True,
            now=now,
        )
        numbers.append(case.number)
    [digest] = set(queries.file_store().digests())
    return digest, numbers


def seen(page: Any) -> str:
    return text(page).partition('name="seen" value="')[2].partition('"')[0]


def propose(client: Client, digest: str, kind: str, **given: Any) -> Any:
    url = f"/desk/materials/{digest}/"
    form = {"seen": seen(client.get(url)), "reason": "误传", **given}
    return client.post(f"{url}propose/{kind}/", form)


def test_all_uses_stand_before_destruction_and_two_persons_destroy(
    twice: tuple[str, list[str]], people: dict[str, Actor], signed_in: Enter
) -> None:
    digest, numbers = twice
    handler, head = signed_in(people["handler"]), signed_in(people["head"])
    page = text(handler.get(f"/desk/materials/{digest}/"))
    assert "用途 2 处" in page and all(number in page for number in numbers)
    assert propose(handler, digest, "destroy").status_code == 302
    pending = queries.open_proposal(digest)
    assert pending is not None and len(pending.uses) == 2
    own = handler.get(f"/desk/materials/{digest}/")
    assert "由办公室负责人或第二签发人确认" in text(own)
    url = f"/desk/materials/proposal/{pending.pk}/confirm/"
    assert handler.post(url, {"seen": seen(head.get(f"/desk/materials/{digest}/"))}).status_code == 409
    assert head.post(url, {"seen": "old"}).status_code == 409
    assert queries.standing(digest) == "kept"
    assert head.post(url, {"seen": seen(head.get(f"/desk/materials/{digest}/"))}).status_code == 302
    assert queries.standing(digest) == "destroyed"
    handler, liaison = signed_in(people["handler"]), signed_in(people["liaison"])
    for client, case in ((handler, f"/desk/cases/{numbers[0]}/"), (liaison, f"/unit/cases/{numbers[0]}/")):
        shown = text(client.get(case))
        assert "已由两人销毁" in shown and f"{case}file/{digest}/" not in shown
        gone = client.get(f"{case}file/{digest}/", HTTP_REFERER=f"http://testserver{case}")
        assert gone.status_code == 410
        page = text(gone)
        assert "已由两人销毁" in page and 'class="kp-' in page and f'href="{case}"' in page


def test_sealed_at_once_for_all_and_its_name_is_nowhere(
    twice: tuple[str, list[str]], people: dict[str, Actor], signed_in: Enter
) -> None:
    digest, numbers = twice
    handler, liaison = signed_in(people["handler"]), signed_in(people["liaison"])
    assert NAME in text(liaison.get(f"/unit/cases/{numbers[0]}/"))
    assert handler.post(f"/desk/materials/{digest}/seal/").status_code == 302
    page = handler.get(f"/desk/materials/{digest}/")
    assert "已封存，请在" in text(page) and "前报告" in text(page)
    for client, path in (
        (handler, f"/desk/materials/{digest}/"),
        (handler, "/desk/materials/"),
        (handler, f"/desk/materials/{digest}/report/"),
        (handler, f"/desk/cases/{numbers[0]}/"),
        (handler, f"/desk/cases/{numbers[1]}/"),
        (liaison, f"/unit/cases/{numbers[0]}/"),
    ):
        shown = client.get(path)
        assert shown.status_code == 200 and NAME not in text(shown), path
    for path in (f"/desk/cases/{numbers[0]}/file/{digest}/", f"/desk/artefact/{digest}/"):
        closed = handler.get(path)
        assert closed.status_code == 410 and "已经封存" in text(closed)
    assert not [one for one in audit_entries() if NAME in one.sentence]


def test_the_report_has_the_clock_the_copies_and_what_is_not_from_a_source(
    twice: tuple[str, list[str]], people: dict[str, Actor], signed_in: Enter
) -> None:
    digest, _numbers = twice
    handler = signed_in(people["handler"])
    assert handler.get(f"/desk/materials/{digest}/report/").status_code == 404
    handler.post(f"/desk/materials/{digest}/seal/")
    page = text(handler.get(f"/desk/materials/{digest}/report/"))
    held = queries.seal_of(digest)
    assert held is not None and cn_datetime(report_due(held.at)) in page
    for words in (
        "24 小时，待核",
        "条款待核",
        "备份",
        "手机",
        "数据包",
        "报告人、时间",
        "知悉范围",
    ):
        assert words in page, words


def test_unsealing_takes_the_paper_and_two_persons(
    twice: tuple[str, list[str]], people: dict[str, Actor], signed_in: Enter
) -> None:
    digest, numbers = twice
    handler, head = signed_in(people["handler"]), signed_in(people["head"])
    handler.post(f"/desk/materials/{digest}/seal/")
    assert "书面意见" in text(propose(handler, digest, "unseal"))
    paper = SimpleUploadedFile("意见.pdf", b"%PDF-1.7 paper")
    assert "请勾选" in text(propose(handler, digest, "unseal", paper=paper))
    paper.seek(0)
    assert propose(handler, digest, "unseal", paper=paper, no_secret="1").status_code == 302
    pending = queries.open_proposal(digest)
    assert pending is not None
    form = {"seen": seen(head.get(f"/desk/materials/{digest}/"))}
    assert head.post(f"/desk/materials/proposal/{pending.pk}/confirm/", form).status_code == 302
    assert handler.get(f"/desk/cases/{numbers[0]}/file/{digest}/").content == CONTENT


def test_a_refused_file_is_found_by_its_digest_and_let_pass(
    people: dict[str, Actor], signed_in: Enter, units: Any, stored_files: Any, now: datetime
) -> None:
    handler, head = signed_in(people["handler"]), signed_in(people["head"])
    with pytest.raises(Exception, match="密级标志"):
        store_artefact("秘密".encode(), name="a.txt", confirmed=True, actor=people["liaison"], now=now)
    digest = queries.refused_files()[0].sha256
    found = handler.get("/desk/materials/", {"digest": digest[:8].upper()})
    assert found.headers["Location"] == f"/desk/materials/{digest}/"
    assert handler.get("/desk/materials/", {"digest": "zz"}).status_code == 422
    propose(handler, digest, "lift")
    pending = queries.open_proposal(digest)
    assert pending is not None
    assert "待第二人确认" in text(head.get("/desk/materials/"))
    form = {"seen": seen(head.get(f"/desk/materials/{digest}/"))}
    head.post(f"/desk/materials/proposal/{pending.pk}/confirm/", form)
    assert (
        store_artefact("秘密".encode(), name="a.txt", confirmed=True, actor=people["liaison"], now=now)
        == digest
    )


def test_a_proposal_is_taken_back(
    twice: tuple[str, list[str]], people: dict[str, Actor], signed_in: Enter
) -> None:
    digest, _numbers = twice
    handler = signed_in(people["handler"])
    propose(handler, digest, "destroy")
    pending = queries.open_proposal(digest)
    assert pending is not None
    assert handler.post(f"/desk/materials/proposal/{pending.pk}/drop/").status_code == 302
    assert queries.open_proposal(digest) is None and queries.standing(digest) == "kept"


def test_the_second_person_reads_the_paper_and_may_disagree(
    twice: tuple[str, list[str]], people: dict[str, Actor], signed_in: Enter
) -> None:
    digest, _numbers = twice
    handler, head = signed_in(people["handler"]), signed_in(people["head"])
    assert handler.post(f"/desk/materials/{digest}/seal/").status_code == 302
    paper = SimpleUploadedFile("意见.pdf", b"%PDF-1.4 opinion")
    propose(handler, digest, "unseal", paper=paper, no_secret="1")
    pending = queries.open_proposal(digest)
    assert pending is not None
    assert pending.paper
    page = text(head.get(f"/desk/materials/{digest}/"))
    assert f"/desk/artefact/{pending.paper}/" in page
    assert head.get(f"/desk/artefact/{pending.paper}/").status_code == 200
    assert "不同意</button>" in page
    assert "撤回这件事项" not in page
    assert "撤回这件事项" in text(handler.get(f"/desk/materials/{digest}/"))
    done = head.post(f"/desk/materials/proposal/{pending.pk}/drop/", follow=True)
    assert "已写明不同意，材料照旧" in text(done)
    assert queries.standing(digest) == "sealed"
    [line] = audit_entries(verb="drop_disposal")
    assert "不同意启封材料的提议" in line.sentence


def test_nobody_else_sees_or_does_anything(
    twice: tuple[str, list[str]], people: dict[str, Actor], signed_in: Enter
) -> None:
    digest, _numbers = twice
    liaison = signed_in(people["liaison"])
    for path in ("/desk/materials/", f"/desk/materials/{digest}/", f"/desk/materials/{digest}/report/"):
        assert liaison.get(path).status_code == 403
    for path in (f"/desk/materials/{digest}/seal/", f"/desk/materials/{digest}/propose/destroy/"):
        assert liaison.post(path, {"reason": "x"}).status_code in (403, 409)
    assert queries.standing(digest) == "kept" and queries.open_proposal(digest) is None
