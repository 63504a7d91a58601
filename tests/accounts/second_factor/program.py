"""A person's program of codes, as the tests hold it in their hand."""

from __future__ import annotations

from datetime import datetime

from django_otp.oath import TOTP

from kaoping.accounts.second_factor.logic import DIGITS, STEP


def code_at(key: bytes, now: datetime) -> str:
    """What the program shows at this moment."""
    counter = TOTP(key, step=STEP, digits=DIGITS)
    counter.time = now.timestamp()
    return f"{counter.token():0{DIGITS}d}"
