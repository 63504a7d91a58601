"""Marks wherever they hide, ordinary files left alone, and what cannot be read said so."""

import io
import random
import zipfile

import pytest

from kaoping.evidence import looking
from kaoping.evidence.looking import look
from tests.evidence import files as f
from tests.evidence.corpus import JPEG, Sample, marked, ordinary

SAMPLES = marked()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: f"{one.kind}-{one.name}")
def test_a_mark_is_found_as_a_mark_or_the_file_is_not_looked_at(sample: Sample):
    seen = look(sample.name, sample.content)
    if sample.readable:
        assert seen["mark"]
    else:
        assert seen["unread"] and not seen["mark"]


def test_the_corpus_is_wide():
    kinds = {one.kind for one in SAMPLES}
    assert len(kinds) > 120
    assert all(
        sum(one.kind == kind for one in SAMPLES) >= 2
        for kind in kinds
        if any(o.kind == kind and o.readable for o in SAMPLES)
    )


@pytest.mark.parametrize("sample", ordinary(60, seed=11), ids=lambda one: one.name)
def test_ordinary_files_are_not_refused(sample: Sample):
    seen = look(sample.name, sample.content)
    assert (seen["mark"], seen["program"]) == ("", "")


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pdf", "txt", "html", "csv", "pptx", "ofd"])
def test_what_is_plain_is_read_through(kind):
    [one, *_] = [sample for sample in ordinary(60, seed=3) if sample.kind == kind]
    assert look(one.name, one.content)["unread"] == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", f.zipped({"工具.exe": b"x"})),
        ("a.zip", f.zipped({"安装/SETUP.EXE ": b"x"})),
        ("a.zip", f.zipped({"通知\u202ecod.scr": b"x"})),
        ("a.zip", f.zipped({"通知.docx": b"MZ" + b"\0" * 58 + (64).to_bytes(4, "little") + b"PE\0\0"})),
        ("a.zip", f.zipped({"内.zip": f.zipped({"a.vbs": b"x"})})),
        ("a.zip", f.zipped({"a": b"\x7fELF\x02"})),
        ("a.docx", f.docx("x", parts={"word/embeddings/o.bin": f.compound({"\x01Ole10Native": b"\0" * 9 + b"MZ\x90\x00" + b"\0" * 60})})),
        ("a.txt", b"MZ\x90\x00" + b"\0" * 200),
    ],
)  # fmt: skip
def test_programs_are_found(name, content):
    assert look(name, content)["program"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04broken", looking.DAMAGED),
        (f.zipped({"a.docx": f.docx("x")})[:-60], looking.DAMAGED),
        (f.zipped({"a.rar": b"Rar!\x1a\x07"}), looking.COMPRESSION),
        (f.zipped({"a.jpg": JPEG}), looking.PICTURES),
        (f.zipped({"a.bin": bytes(range(256)) * 9}), looking.BINARY),
    ],
)
def test_what_cannot_be_read_through_is_said(content, words):
    seen = look("a.zip", content)
    assert (seen["mark"], words in seen["unread"]) == ("", True)


def test_a_bomb_is_not_looked_at_to_its_end():
    inner = f.zipped({"a.txt": b" " * (60 << 20)})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(12):
            archive.writestr(f"{number}.zip", inner)
    assert looking.LIMITS in look("a.zip", out.getvalue())["unread"]


def test_many_members_are_counted(monkeypatch):
    monkeypatch.setattr(looking, "MAX_PARTS", 50)
    assert looking.LIMITS in look("a.zip", f.zipped({f"{n}.txt": b"x" for n in range(60)}))["unread"]


@pytest.mark.parametrize("seed", range(12))
def test_broken_files_end_in_an_answer(seed):
    """Bytes of real shapes, damaged at random: the look never raises."""
    chance = random.Random(seed)
    for sample in chance.sample(SAMPLES, 12):
        content = bytearray(sample.content[:200_000])
        for _ in range(chance.randint(1, 40)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        look(sample.name, bytes(content[: chance.randint(1, len(content))]))
