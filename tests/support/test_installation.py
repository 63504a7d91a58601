"""Whose data this is: marks of an installation, on SQLite and on PostgreSQL; what does not belong is refused in words."""

import json
import sqlite3
import stat
from contextlib import closing

import pytest

from kaoping.support import installation
from kaoping.support.environment import DatabaseUrl, parse_database_url
from kaoping.support.installation import ForeignPlace, Mark, Place

OWN, OTHER = Mark("ownown22", "a"), Mark("other222", "a")
COPY = Mark(OWN.id, "b")
PLACE = Place("问卷箱", "db/box", "KAOPING_BALLOT_DATABASE_URL")


def test_an_id_fits_a_poll_id_and_can_be_read_out():
    made = {installation.new_mark() for _ in range(200)}
    assert len({one.id for one in made}) == 200
    for one in made:
        assert len(one.id) == 8 and one.id.isascii() and one.id.isalnum() and not set(one.id) & set("01ilo")


@pytest.mark.parametrize(
    ("own", "found", "filled", "words"),
    [
        (OWN, OWN, True, None),
        (OWN, None, False, None),
        (None, None, True, None),
        (OWN, OTHER, True, "属于另一个安装 other222，本数据目录是 ownown22"),
        (OWN, COPY, True, "属于安装 ownown22 的另一份拷贝"),
        (COPY, OWN, True, "的另一份拷贝"),
        (None, OTHER, True, "本数据目录还没有安装标识"),
        (OWN, None, True, "还没有认领"),
    ],
)
def test_what_is_refused_and_what_may_be_used(own, found, filled, words):
    said = installation.refusal(own, found, PLACE, filled=filled)
    if words is None:
        assert said is None
    else:
        assert words in said
        assert "KAOPING_BALLOT_DATABASE_URL" in said and "办法：" in said


def test_a_restored_copy_keeps_the_id():
    renewed = installation.renewed(OWN)
    assert renewed.id == OWN.id and renewed.copy != OWN.copy


def test_a_folder_carries_its_mark(tmp_path):
    assert installation.read(tmp_path) is None
    assert installation.read(tmp_path / "none") is None
    installation.write(tmp_path, OWN)
    assert installation.read(tmp_path) == OWN
    assert [one.name for one in tmp_path.iterdir()] == [installation.FILE]
    installation.refuse_folder(OWN, tmp_path, "公开目录", "KAOPING_PUBLISHED")
    with pytest.raises(ForeignPlace, match="属于另一个安装"):
        installation.refuse_folder(OTHER, tmp_path, "公开目录", "KAOPING_PUBLISHED")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"id": "x"}', "\0"])
def test_a_broken_mark_is_no_missing_mark(tmp_path, text):
    (tmp_path / installation.FILE).write_text(text)
    with pytest.raises(ForeignPlace, match="内容不对.*备份"):
        installation.read(tmp_path)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request, tmp_path):
    if request.param == "sqlite":
        return DatabaseUrl("sqlite", str(tmp_path / "box.sqlite3")), ""
    return parse_database_url(request.getfixturevalue("fresh_databases")("mark")), "ballots"


def test_a_database_is_marked_once_and_anew_only_by_a_restore(database):
    url, schema = database
    assert installation.read_database(url, schema) is None
    installation.mark_database(url, OWN, schema)
    assert installation.read_database(url, schema) == OWN
    installation.mark_database(url, OTHER, schema)
    assert installation.read_database(url, schema) == OWN
    installation.mark_database(url, COPY, schema, anew=True)
    assert installation.read_database(url, schema) == COPY
    assert not installation.holds_rows(url, ("nothing",))
    assert installation.holds_rows(
        url, (f"{schema}.kaoping_installation" if schema else "kaoping_installation",)
    )


def test_looking_makes_nothing(tmp_path):
    url = DatabaseUrl("sqlite", str(tmp_path / "none.sqlite3"))
    assert installation.read_database(url) is None
    assert not installation.holds_rows(url, ("ballot",))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("part", ["store", "outbox"])
def test_a_foreign_box_is_not_opened_and_a_new_one_is_taken(tmp_path, monkeypatch, part):
    from kaoping.evaluation.ballotbox import store  # noqa: PLC0415 - beside what it guards

    monkeypatch.delenv("KAOPING_BALLOT_DATABASE_URL", raising=False)
    opened = {"store": store.open_ballot_store, "outbox": store.open_opinion_outbox}[part]
    path = tmp_path / {"store": store.BALLOT_FILE, "outbox": store.OUTBOX_FILE}[part]
    installation.write(tmp_path, OWN)
    opened(tmp_path).close()
    assert installation.read_database(DatabaseUrl("sqlite", str(path))) == OWN
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    installation.write(tmp_path, OTHER)
    before = path.read_bytes()
    with pytest.raises(ForeignPlace, match="属于另一个安装 ownown22"):
        opened(tmp_path)
    assert path.read_bytes() == before


def test_a_box_with_ballots_and_no_mark_waits_for_init(tmp_path, monkeypatch):
    from kaoping.evaluation.ballotbox import store  # noqa: PLC0415 - beside what it guards

    monkeypatch.delenv("KAOPING_BALLOT_DATABASE_URL", raising=False)
    store.open_ballot_store(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / store.BALLOT_FILE)) as connection, connection:
        connection.execute("INSERT INTO ballot VALUES (zeroblob(32), 'poll-2024', x'00')")
    installation.write(tmp_path, OWN)
    with pytest.raises(ForeignPlace, match="还没有认领.*kaoping init"):
        store.open_ballot_store(tmp_path)
    assert json.loads((tmp_path / installation.FILE).read_text()) == {"id": OWN.id, "copy": OWN.copy}
