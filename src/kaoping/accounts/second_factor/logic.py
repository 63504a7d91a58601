"""Decisions about second factors: who is asked for one, what a code is worth. Pure."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Final
from urllib.parse import quote

from django_otp.oath import TOTP

from kaoping.accounts.policy import SEPARATED
from kaoping.foreign.width import half_width

TOTP_KIND, CARD, CERTIFICATE, CITY = "totp", "card", "certificate", "city"
KINDS: Final[Mapping[str, str]] = {
    TOTP_KIND: "动态口令（电脑上的程序、硬件令牌或手机）",
    CARD: "打印的一次性口令卡",
    CERTIFICATE: "数字证书（UKey）",
    CITY: "统一身份认证",
}
# Proved without typing anything here.
WITHOUT_CODE: Final = (CERTIFICATE, CITY)
OFF, SIGNING, ALL = "off", "signing", "all"
SETTINGS: Final = (OFF, SIGNING, ALL)
# RFC 6238: 30 seconds a step, six digits; one step to each side for a clock that is a little off.
STEP: Final = 30
DIGITS: Final = 6
TOLERANCE: Final = 1
CARD_CODES: Final = 20
# No letters and digits that are read for one another.
ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Step:
    """A right code: the step it belongs to, and by how many steps the other clock differs."""

    number: int
    drift: int


def asked(setting: str, roles: Iterable[str]) -> bool:
    """Whether the setting wants a second factor of a holder of these roles."""
    return setting == ALL or (setting == SIGNING and not SEPARATED.isdisjoint(roles))


def plain(code: str) -> str:
    """A code as it is compared: without the blanks and dashes of its print, in capitals."""
    return "".join(one for one in half_width(code) if one.isalnum()).upper()


def right_step(key: bytes, code: str, *, now: datetime, last_step: int, drift: int) -> Step | None:
    """The step whose code this is, if it is one of now and later than the last one used; else None."""
    typed = plain(code)
    if len(typed) != DIGITS or not (typed.isascii() and typed.isdigit()):
        return None
    counter = TOTP(key, step=STEP, digits=DIGITS, drift=drift)
    counter.time = now.timestamp()
    if not counter.verify(int(typed), tolerance=TOLERANCE, min_t=last_step + 1):
        return None
    return Step(counter.t(), counter.drift)


def common_drift(drifts: Collection[int]) -> int:
    """By how many seconds most programs and tokens differ from this machine; 0 where they do not agree on it.

    One program that is off is the program's fault; when half of several are off to one side, it is this machine.
    """
    ahead = sorted(drifts)
    middle = ahead[len(ahead) // 2] if len(ahead) > 2 else 0  # noqa: PLR2004 - of two, neither is right
    return middle * STEP


def address(key: bytes, *, name: str, issuer: str) -> str:
    """What the picture holds, as programs and tokens read it."""
    label = quote(f"{issuer}:{name}")
    return f"otpauth://totp/{label}?secret={secret_text(key)}&issuer={quote(issuer)}&digits={DIGITS}&period={STEP}"


def secret_text(key: bytes) -> str:
    """The key to be typed where no picture can be read."""
    return b32encode(key).decode().rstrip("=")


def card_digest(secret: str, person_id: str, code: str) -> str:
    """What is stored of a code of a card: keyed with the installation's secret, so that a copied database guesses none."""
    key = blake2b(secret.encode(), digest_size=32, person=b"code card").digest()
    return blake2b(f"{person_id} {plain(code)}".encode(), key=key, digest_size=24).hexdigest()


def left_of(card: Collection[str], digest: str) -> list[str] | None:
    """The card without the code that was just used; None when it holds no such code."""
    return [one for one in card if one != digest] if digest in card else None


def certificate_of(subject: str, serial: str) -> str:
    """A certificate as it is bound to a person; empty when the proxy named none whole."""
    name, number = " ".join(subject.split()), serial.strip().upper().replace(":", "")
    return f"{number} {name}" if name and number else ""
