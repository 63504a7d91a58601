"""What is sealed to somebody is written for its owner only, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pyrage
import pytest

from kaoping.support import envelopes

KEY = pyrage.x25519.Identity.generate()


def test_what_is_sealed_is_read_with_its_key_only(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"secret")
    envelopes.seal(tmp_path / "plain", tmp_path / "sealed", [KEY.to_public()])
    assert b"secret" not in (tmp_path / "sealed").read_bytes()
    assert (tmp_path / "sealed").stat().st_mode & 0o077 == 0
    envelopes.unseal(tmp_path / "sealed", tmp_path / "again", [KEY])
    assert (tmp_path / "again").read_bytes() == b"secret"
    with pytest.raises(envelopes.EnvelopeError, match="打不开"):
        envelopes.unseal(tmp_path / "sealed", tmp_path / "never", [pyrage.x25519.Identity.generate()])


def test_what_cannot_be_read_leaves_nothing_open(tmp_path: Path) -> None:
    before = sorted(os.listdir("/proc/self/fd"))
    with pytest.raises(FileNotFoundError):
        envelopes.seal(tmp_path / "gone", tmp_path / "sealed", [KEY.to_public()])
    with pytest.raises(FileNotFoundError):
        envelopes.unseal(tmp_path / "gone", tmp_path / "plain", [KEY])
    assert sorted(os.listdir("/proc/self/fd")) == before
