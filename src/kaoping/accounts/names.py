"""Which sign-in names are given. Pure."""

from __future__ import annotations

from typing import Final

from kaoping.patterns import linear

_NAME: Final = linear(r"[A-Za-z0-9][A-Za-z0-9._-]{1,59}")
# A citizen's identity number (GB 11643: 18 places, the last may be X; before 1999 15) and a mobile number.
_PERSONAL: Final = linear(r"[0-9]{17}[0-9xX]|[0-9]{15}|1[3-9][0-9]{9}")


def refusal_of_name(name: str) -> str | None:
    """Why a sign-in name is not given, or null. It stands in logs and lists, so it must not be a number of the person."""
    if not _NAME.fullmatch(name):
        return "登录名用字母、数字、点、横线，2 到 60 个字符，例如 chenjing。"
    if _PERSONAL.fullmatch(name):
        return "登录名不要用身份证号、手机号：它会写进日志和名单。请用姓名的拼音，例如 chenjing。"
    return None
