"""Folders and ZIPs are read as hostile."""

import os
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.foreign import container
from kaoping.foreign.container import ContainerError, read, write_folder, zip_bytes

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
    monkeypatch.setattr(container, "BUNDLE", replace(container.BUNDLE, total=1000))
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


def test_a_linked_folder_is_not_entered(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "rulebook").symlink_to("/etc", target_is_directory=True)
    with pytest.raises(ContainerError, match="rulebook 是链接"):
        read(tmp_path / "b")


def test_a_pipe_does_not_keep_us_waiting(tmp_path):
    (tmp_path / "b").mkdir()
    os.mkfifo(tmp_path / "b" / "manifest.json")
    with pytest.raises(ContainerError, match="不是普通文件"):
        read(tmp_path / "b")


def test_a_huge_folder_is_left_early(tmp_path, monkeypatch):
    monkeypatch.setattr(container, "BUNDLE", replace(container.BUNDLE, files=3))
    (tmp_path / "b").mkdir()
    for number in range(5):
        (tmp_path / "b" / f"{number}").write_bytes(b"x")
    with pytest.raises(ContainerError, match="不像数据包"):
        read(tmp_path / "b")


@pytest.mark.parametrize("name", ["./a", "a//b", "a\x1b[2Jb", "a\nb", "x" * 300, "/".join("abcdefghijklmn")])
def test_odd_names_are_refused(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(name, b"x")
    with pytest.raises(ContainerError, match="不该有的路径"):
        read(tmp_path / "x.zip")


def test_a_link_inside_a_zip_is_not_followed(tmp_path):
    info = zipfile.ZipInfo("manifest.json")
    info.create_system = 3
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(info, "/etc/hostname")
    with pytest.raises(ContainerError, match="是链接"):
        read(tmp_path / "x.zip")


def test_a_zip_with_a_huge_directory_is_refused_before_it_is_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for number in range(20):
            archive.writestr(f"{number}", b"x")
    content = bytearray((tmp_path / "x.zip").read_bytes())
    content[-10:-6] = (500_000_000).to_bytes(4, "little")
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(ContainerError, match="不像数据包"):
        container.read_zip(bytes(content), container.BUNDLE)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_zip_with_any_byte_changed_reads_the_same_or_is_refused(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("zip")
    zip_bytes(FILES, folder / "a.zip")
    content = bytearray((folder / "a.zip").read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    (folder / "b.zip").write_bytes(content)
    try:
        found = read(folder / "b.zip")
    except ContainerError:
        return
    assert set(found.values()) <= set(FILES.values())
