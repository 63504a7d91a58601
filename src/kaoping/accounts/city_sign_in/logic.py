"""Decisions about the city's sign-in: what its answer is worth, and whether it answers what was asked. Pure."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

# How long somebody may take at the city's page.
ANSWER_WITHIN: Final = timedelta(minutes=10)
# What somebody went there for.
ENTER, SECOND, BIND = "enter", "second", "bind"
# Longer is no identity: some put whole records into a claim.
LONGEST: Final = 200

NOT_OURS: Final = (
    "统一身份认证的答复与本次登录对不上：多半是开了两个登录页，或在登录页停得太久。请从登录页重新进。"
)
TOO_LATE: Final = "在统一身份认证停了 10 分钟以上，本次登录作废。请从登录页重新进。"
NOT_STRONG: Final = "统一身份认证没有说明做过第二重验证，不能抵本平台的第二重验证。请改用验证码，或问统一身份认证的管理员怎样开通。"
NOT_BOUND: Final = (
    "统一身份认证通过了，但这个身份没有登记到本平台的账号。请先用登录名和口令登录，"
    "在右上角姓名→“第二重验证”里登记统一身份，以后就能用它登录。没有账号的，请找本单位联络员转告系统管理员。"
)
SOMEBODY_ELSE: Final = (
    "统一身份认证里登录的是另一个人，不是您登记的身份。请在统一身份认证退出那个人，再来一次。"
)


class Failed(Exception):
    """The city's sign-in came to nothing; the message says why and what to do, in the words of the page."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the city says somebody is: ``value`` of the configured claim, as ``issuer`` gave it.

    ``strong`` when the city said, in the way the setting names, that it asked for two proofs.
    """

    issuer: str
    value: str
    strong: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody went to the city for: kept by the browser, sealed, until the answer comes."""

    purpose: str
    state: str
    at: datetime
    person: str = ""
    target: str = "/"
    nonce: str = ""
    verifier: str = ""


def counts_twice(wanted: Sequence[tuple[str, str]], claims: Mapping[str, object]) -> bool:
    """Whether the city says that it asked for two proofs: one of the ``wanted`` claims has its value.

    A claim is a text or a list of texts (``amr``); nothing wanted means that nothing counts.
    """
    for name, value in wanted:
        said = claims.get(name)
        if said == value or (isinstance(said, list | tuple) and value in said):
            return True
    return False


def identity(issuer: str, claim: str, claims: Mapping[str, object], *, strong: bool) -> Identity:
    """The identity in the city's answer. Raises ``Failed`` when the configured claim is not there as one short text."""
    said = claims.get(claim)
    value = said.strip() if isinstance(said, str) else str(said) if isinstance(said, int) else ""
    if not value or len(value) > LONGEST or isinstance(said, bool):
        raise Failed(
            f"统一身份认证没有给出“{claim}”，无法知道您是谁。请系统管理员核对设置与统一身份认证登记的属性。"
        )
    return Identity(issuer, value, strong)


def answers(asked: Asked, state: str, now: datetime) -> None:
    """Whether an answer belongs to what this browser asked, and in time. Raises ``Failed``."""
    if not state or not hmac.compare_digest(asked.state.encode(), state.encode()):
        raise Failed(NOT_OURS)
    if not timedelta(0) <= now - asked.at <= ANSWER_WITHIN:
        raise Failed(TOO_LATE)


def digest(secret: str, found: Identity) -> str:
    """What is stored of an identity: keyed with the installation's secret, equal for equal identities of one issuer."""
    key = blake2b(secret.encode(), digest_size=32, person=b"city identity").digest()
    return blake2b(f"{found.issuer}\0{found.value}".encode(), key=key, digest_size=32).hexdigest()


def wanted_of(text: str) -> tuple[tuple[str, str], ...]:
    """The setting that says what counts as two proofs: ``amr=mfa,acr=urn:two``. Raises ``ValueError`` with the wrong word."""
    found = []
    for word in (part.strip() for part in text.split(",")):
        if not word:
            continue
        name, equals, value = word.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise ValueError(word)
        found.append((name.strip(), value.strip()))
    return tuple(found)
