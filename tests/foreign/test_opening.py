"""Ordinary files only, never waited for, never more than was allowed."""

import os
import socket
import sys

import pytest

from kaoping.foreign.opening import Unreadable, as_text, read_bytes, read_text, refuse_odd
from tests.cli.hostile import in_time


def refusal(path, most=100):
    with in_time(), pytest.raises(Unreadable) as caught:
        read_bytes(path, most=most)
    assert caught.value.remedy
    return caught.value.message


def test_a_file_and_a_link_to_it_are_read(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"x" * 100)
    (tmp_path / "link").symlink_to(path)
    assert read_bytes(path, most=100) == read_bytes(tmp_path / "link", most=100) == b"x" * 100


def test_one_byte_too_many_is_refused(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"x" * 101)
    assert "超过" in refusal(path)


@pytest.mark.skipif(sys.platform != "linux", reason="devices and sockets of Linux")
def test_what_is_no_file_is_named(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    (tmp_path / "ring").symlink_to("ring")
    with socket.socket(socket.AF_UNIX) as bound:
        monkeypatch.chdir(tmp_path)  # the name of a socket may be 108 signs long
        bound.bind("socket")
        assert "套接字" in refusal(tmp_path / "socket")
    assert "管道" in refusal(tmp_path / "pipe")
    assert "设备" in refusal(tmp_path / "zero")
    assert "绕圈" in refusal(tmp_path / "ring")
    assert "文件夹" in refusal(tmp_path)
    assert "没有这个文件" in refusal(tmp_path / "none")
    assert "太长" in refusal(tmp_path / ("x" * 300))
    assert "字符" in refusal("a\0b")
    assert "文件夹" in refusal(tmp_path / "none" / "x") or "没有" in refusal(tmp_path / "none" / "x")
    with pytest.raises(Unreadable, match="管道"):
        refuse_odd(tmp_path / "pipe")
    with pytest.raises(Unreadable):
        refuse_odd("a\0b")


def test_text_loses_its_mark_and_names_the_line_that_is_none(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"\xef\xbb\xbf\xe4\xb8\x80\r\n\xe2\x80\xa8")
    assert read_text(path, most=100) == "一\r\n\u2028"
    with pytest.raises(Unreadable, match="第 2 行"):
        as_text(b"a\n\xff\n")
