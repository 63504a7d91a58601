"""What people hand in: looked at in a child, confirmed by a named person, never stopping anybody."""

import pytest

from kaoping.accounts.actor import SYSTEM, Actor, Refused
from kaoping.accounts.queries import audit_entries
from kaoping.evidence import handing_in, queries
from kaoping.evidence.disposals import confirm_disposal, destroy_artefact, propose_disposal, seal_artefact
from kaoping.evidence.handing_in import keep_bytes, store_artefact
from kaoping.evidence.models import Upload
from kaoping.support.reading import CAUSES, NotRead
from tests.evidence import files as f

pytestmark = pytest.mark.django_db
HANDLER = Actor("1", "handler", "经办", (("office_handler", ""),))
HEAD = Actor("2", "head", "主任", (("office_head", ""),))
LIAISON = Actor("3", "u1", "联络员", (("liaison", "U1"),))
OTHER = Actor("4", "u2", "另一联络员", (("liaison", "U2"),))


def hand_in(content, name="通知.docx", actor=LIAISON, now=None, **given):
    return store_artefact(content, name=name, actor=actor, confirmed=True, now=now, **given)


def test_who_hands_in_confirms_and_stands_in_the_log(now, stored_files):
    with pytest.raises(Refused, match="请勾选“本人确认不含国家秘密、工作秘密”"):
        store_artefact(f.docx("x"), name="通知.docx", actor=LIAISON, now=now)
    assert list(queries.file_store().digests()) == []
    digest = hand_in(f.docx("x"), now=now)
    [line] = audit_entries(verb="upload_file")
    assert (line.actor_name, line.thing_id) == ("联络员", digest)
    assert "本人确认不含国家秘密、工作秘密" in line.sentence and "通知" not in line.sentence
    hand_in(f.docx("x"), now=now)
    assert audit_entries(verb="upload_file").count() == 1


def test_what_was_not_looked_at_is_kept_and_said(now, stored_files):
    digest = hand_in(b"\xff\xd8\xff photo", name="照片.jpg", now=now)
    [upload] = queries.uploads(digest)
    assert upload.unread == "图片或扫描页"
    assert "未能自动检查：图片或扫描页" in audit_entries(verb="upload_file").first().sentence


@pytest.mark.parametrize("cause", CAUSES)
def test_a_child_that_fails_is_not_looked_at_and_never_an_error(now, stored_files, monkeypatch, cause):
    def fail(*_arguments):
        raise NotRead(cause)

    monkeypatch.setattr(handing_in, "read", fail)
    [upload] = queries.uploads(hand_in(f.docx("x"), now=now))
    assert CAUSES[cause] in upload.unread


def test_forty_thousand_blank_lines_are_read_in_one_pass(now, stored_files):
    """What once held everybody for a minute; here only that it is read through, bench.linear counts the time."""
    [upload] = queries.uploads(hand_in(b"\n" * 1_000_000 + b"x", name="空行.txt", now=now))
    assert upload.unread == ""


def test_equal_bytes_of_two_people_keep_their_own_names(now, stored_files):
    digest = hand_in(f.docx("x"), name="甲局方案.docx", now=now)
    assert hand_in(f.docx("x"), name="乙局方案.docx", actor=OTHER, now=now) == digest
    assert [(one.by_id, one.name) for one in queries.uploads(digest)] == [
        (LIAISON.id, "甲局方案.docx"),
        (OTHER.id, "乙局方案.docx"),
    ]
    assert queries.plain_name(digest) == f"材料-{digest[:8]}.docx"
    assert queries.artefact(digest).name == ""


def test_a_program_in_an_archive_is_refused(now, stored_files):
    with pytest.raises(Refused, match="可执行程序“工具.exe”，不收"):
        hand_in(f.zipped({"工具.exe": b"x"}), name="材料.zip", now=now)


def test_a_marked_file_is_refused_without_its_name_in_the_log(now, stored_files):
    with pytest.raises(Refused, match="密级标志“机密★10年”.*校验值前 8 位"):
        hand_in(f.docx("机密★10年"), name="作战方案.docx", now=now)
    [line] = audit_entries(verb="upload_file")
    assert line.refused and "作战" not in line.sentence and "机密" not in line.sentence
    assert list(queries.file_store().digests()) == []
    [refused] = queries.refused_files()
    assert (refused.by_id, queries.standing(refused.sha256)) == ("3", "refused")


def test_two_persons_let_a_false_alarm_pass_and_the_unit_hands_it_in_again(now, stored_files):
    content = f.docx("秘密", "一种植物的名字")
    with pytest.raises(Refused, match="密级标志"):
        hand_in(content, now=now)
    digest = queries.refused_files()[0].sha256
    made = propose_disposal(kind="lift", sha256=digest, reason="误判", uses=[], actor=HANDLER, now=now)
    with pytest.raises(Refused, match="密级标志"):
        hand_in(content, now=now)
    with pytest.raises(Refused, match="负责人或第二签发人确认"):
        confirm_disposal(proposal=made, uses=[], actor=HANDLER, now=now)
    confirm_disposal(proposal=made, uses=[], actor=HEAD, now=now)
    assert hand_in(content, now=now) == digest
    with pytest.raises(Refused, match="密级标志"):
        hand_in(content + b" ", now=now)


def test_destroyed_and_sealed_bytes_do_not_come_back(now, stored_files):
    leaked, secret = f.docx("身份证号"), f.docx("疑似")
    destroyed, sealed = hand_in(leaked, now=now), hand_in(secret, now=now)
    destroy_artefact(sha256=destroyed, proposed_by=HANDLER, confirmed_by=HEAD, reason="泄露", now=now)
    seal_artefact(sha256=sealed, actor=HANDLER, now=now)
    for content, words in ((leaked, "已按两人办理销毁"), (secret, "已封存")):
        with pytest.raises(Refused, match=words):
            hand_in(content, actor=OTHER, now=now)
        with pytest.raises(Refused, match=words):
            keep_bytes(content, name="x", media_type="application/zip", actor=HANDLER, now=now)
        captured = keep_bytes(content, name="x", media_type="text/html", actor=SYSTEM, now=now)
        assert captured in (destroyed, sealed)
    assert list(queries.file_store().digests()) == []


def test_long_names_keep_their_end(now, stored_files):
    hand_in(b"%PDF-1.7", name="长" * 400 + ".pdf", now=now)
    assert Upload.objects.get().name.endswith("长.pdf")


def test_what_is_refused_leaves_neither_name_nor_content_in_the_log(now, stored_files):
    with pytest.raises(Refused, match="可执行程序"):
        hand_in(f.zipped({"作战工具.exe": b"x"}), name="作战方案.zip", now=now)
    [line] = audit_entries(verb="upload_file")
    assert line.refused and "作战" not in line.sentence
