"""What is there stays, unless it was said that it may go; nothing is ever written through a link."""

import os

import pytest

from kaoping.foreign.writing import NotWritten, refuse_existing, refuse_filled, write_file


def write(path, content=b"new", *, overwrite=False):
    write_file(path, content, overwrite=overwrite, flag="--overwrite")


def test_a_new_file_is_written_and_an_old_one_stays(tmp_path):
    path = tmp_path / "a.csv"
    write(path, b"old")
    with pytest.raises(NotWritten, match="--overwrite"):
        write(path)
    assert path.read_bytes() == b"old"
    write(path, overwrite=True)
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["a.csv"]


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("to", ["kept", "nowhere"])
def test_the_file_behind_a_link_is_never_touched(tmp_path, overwrite, to):
    (tmp_path / "kept").write_bytes(b"kept")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / to)
    if overwrite:
        write(link, overwrite=True)
        assert not link.is_symlink() and link.read_bytes() == b"new"
    else:
        with pytest.raises(NotWritten, match="已经存在"):
            write(link)
        assert link.is_symlink()
    assert (tmp_path / "kept").read_bytes() == b"kept"
    assert not (tmp_path / "nowhere").exists()


def test_what_is_no_file_is_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder"):
        for overwrite in (False, True):
            with pytest.raises(NotWritten):
                write(tmp_path / name, overwrite=overwrite)
    for name in ("none/a", "a\0b"):
        with pytest.raises(NotWritten) as caught:
            write(tmp_path / name)
        assert caught.value.remedy


def test_folders_have_to_be_new_or_empty(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    (tmp_path / "dangling").symlink_to("nowhere")
    refuse_filled(tmp_path / "empty", "x")
    refuse_filled(tmp_path / "new", "x")
    refuse_existing(tmp_path / "new", "x")
    for path in (tmp_path, tmp_path / "link", tmp_path / "dangling"):
        with pytest.raises(NotWritten, match="已经存在"):
            refuse_filled(path, "x")
    with pytest.raises(NotWritten, match="已经存在"):
        refuse_existing(tmp_path / "dangling", "x")
