"""Folders and ZIPs are read as hostile."""

import zipfile

import pytest

from kaoping.publication.bundle import container
from kaoping.publication.bundle.container import ContainerError, read, write_folder, zip_bytes

FILES = {"manifest.json": b"{}", "rulebook/about.yaml": b"id: x\n"}


def test_what_is_written_is_read_again(tmp_path):
    write_folder(FILES, tmp_path / "folder")
    zip_bytes(FILES, tmp_path / "bundle.zip")
    assert read(tmp_path / "folder") == read(tmp_path / "bundle.zip") == FILES


def test_the_same_files_make_the_same_zip(tmp_path):
    zip_bytes(FILES, tmp_path / "a.zip")
    zip_bytes(dict(reversed(FILES.items())), tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_folder_with_something_in_it_is_not_written_into(tmp_path):
    (tmp_path / "old").write_text("x")
    with pytest.raises(ContainerError, match="不是空文件夹"):
        write_folder(FILES, tmp_path)


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a/../../b", "C:evil", "a\\b"])
def test_names_that_leave_the_folder_are_refused(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(name, b"x")
    with pytest.raises(ContainerError, match="不该有的路径"):
        read(tmp_path / "x.zip")


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "manifest.json").symlink_to("/etc/hostname")
    with pytest.raises(ContainerError, match="是链接"):
        read(tmp_path / "b")


def test_a_bomb_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(container, "MAX_TOTAL", 1000)
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"0" * 5000)
    with pytest.raises(ContainerError, match="不打开"):
        read(tmp_path / "x.zip")


def test_a_name_twice_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a", b"1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a", b"2")
    with pytest.raises(ContainerError, match="出现了两次"):
        read(tmp_path / "x.zip")


def test_what_is_no_bundle_is_refused(tmp_path):
    (tmp_path / "x.txt").write_text("x")
    with pytest.raises(ContainerError, match="不是文件夹，也不是 ZIP"):
        read(tmp_path / "x.txt")
    with pytest.raises(ContainerError, match="没有"):
        read(tmp_path / "nothing")
