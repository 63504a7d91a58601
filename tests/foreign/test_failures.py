"""What the system says in English is told in Chinese; no message of ours carries the system's own sentence."""

from __future__ import annotations

import errno
import os
import re
import socket
import sqlite3
import zipfile
import zlib
from pathlib import Path

import pytest

import kaoping
from kaoping.foreign.failures import in_words, of_server

SOURCE = Path(kaoping.__file__).parent
ENGLISH = re.compile(r"[A-Za-z]{3,}")


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_every_failure_of_the_system_is_told_without_its_words(number: int) -> None:
    words = in_words(OSError(number, os.strerror(number), "/some/path"))
    assert words and not ENGLISH.search(words)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (zipfile.BadZipFile("File is not a zip file"), "不是 ZIP 压缩包，或已损坏"),
        (zipfile.BadZipFile("Bad CRC-32 for file 'files/甲'"), "里面的 files/甲 已损坏"),
        (zlib.error("Error -3 while decompressing data"), "压缩的内容已损坏或不完整"),
        (EOFError(), "压缩的内容已损坏或不完整"),
        (NotImplementedError("That compression method is not supported"), "压缩的写法不认识"),
        (RuntimeError("File 'x' is encrypted, password required for extraction"), "压缩包加了口令"),
        (ValueError("seek of closed file"), "内容读不懂"),
        (socket.gaierror(-2, "Name or service not known"), "认不出这个地址"),
        (OSError("no number"), "读写出错"),
        (sqlite3.OperationalError("unable to open database file"), "数据库读写出错"),
    ],
)
def test_other_failures_too(error: Exception, words: str) -> None:
    assert in_words(error) == words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ('connection failed: FATAL:  password authentication failed for user "k"', "口令不对"),
        ('FATAL:  database "x" does not exist', "没有这个库或这个角色"),
        ("something else", "服务器没有应答或不接受"),
        ("Connection refused\n\tIs the server running", "服务器没有启动，或端口不对"),
    ],
)
def test_what_a_database_server_says(said: str, words: str) -> None:
    assert of_server(RuntimeError(said)) == words


def test_no_message_quotes_the_system() -> None:
    found = [
        f"{path.relative_to(SOURCE)}: {line.strip()}"
        for path in SOURCE.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "strerror" in line
    ]
    assert found == []
