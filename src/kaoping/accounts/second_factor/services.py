"""Verbs of second factors: enrol, confirm, check at the door, give up; and the reset by two persons."""

from __future__ import annotations

import json
import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from kaoping.accounts import throttle
from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.audit import record_act
from kaoping.accounts.models import Person, SecondFactor
from kaoping.accounts.origin import here
from kaoping.accounts.second_factor import logic
from kaoping.accounts.verbs import Act, verb
from kaoping.support import clock
from kaoping.support.sealing import lock, unlock

_LOST = "第二重验证的密钥读不出来（服务器的 secret-key 换过）。请安全管理员重置您的第二重验证。"
# However it is done, the log calls it one thing.
enrols = verb(
    "enrol_factor",
    "登记第二重验证",
    kind="person",
    thing="actor.id",
    said="{who} 登记{what}。",
    back="give_up_factor",
)


def factors(person_id: str) -> QuerySet[SecondFactor]:
    """What a person has enrolled and proved once."""
    return SecondFactor.objects.filter(person_id=person_id, confirmed_at__isnull=False).order_by("kind")


def fresh_key(person_id: str) -> bytes:
    """A fresh key for a counter of codes, kept until the first code confirms it; the former one holds until then."""
    with transaction.atomic():
        waiting = SecondFactor.objects.filter(person_id=person_id, kind=_waiting(logic.TOTP_KIND)).first()
        if waiting is not None:
            key = unlock(settings.SECRET_KEY, person_id, waiting.secret)
            if key is not None:
                return bytes.fromhex(key)
            waiting.delete()
        made = secrets.token_bytes(20)
        SecondFactor.objects.create(
            person_id=int(person_id),
            kind=_waiting(logic.TOTP_KIND),
            secret=lock(settings.SECRET_KEY, person_id, made.hex()),
            made_at=clock.machine_now(),
        )
        return made


@enrols
def confirm_totp(act: Act, *, actor: Actor, code: str, now: datetime) -> None:
    """The first right code makes the fresh key the one that counts. Raises ``Refused``."""
    key = fresh_key(actor.id)
    step = logic.right_step(key, code, now=clock.machine_now(), last_step=-1, drift=0)
    if step is None:
        raise Refused(
            "动态口令不对。请看程序上现在的 6 位数字；总是不对，多半是那边的时钟与服务器差了一分钟以上，请先对时。"
        )
    with act.writing():
        SecondFactor.objects.filter(person_id=actor.id, kind=logic.TOTP_KIND).delete()
        SecondFactor.objects.filter(person_id=actor.id, kind=_waiting(logic.TOTP_KIND)).update(
            kind=logic.TOTP_KIND, confirmed_at=clock.machine_now(), last_step=step.number, drift=step.drift
        )
        act.done(what=_enrolled(logic.TOTP_KIND))


@enrols
def make_card(act: Act, *, actor: Actor, now: datetime) -> list[str]:
    """A new card of one-time codes, returned once; the former card is worth nothing from here on."""
    codes = ["".join(secrets.choice(logic.ALPHABET) for _ in range(10)) for _ in range(logic.CARD_CODES)]
    kept = json.dumps([logic.card_digest(settings.SECRET_KEY, actor.id, code) for code in codes])
    with act.writing():
        _replace(actor, logic.CARD, kept)
        act.done(what=_enrolled(logic.CARD))
    return [f"{code[:5]}-{code[5:]}" for code in codes]


@enrols
def bind_certificate(act: Act, *, actor: Actor, certificate: str, now: datetime) -> None:
    """The certificate with which the person sits here now is the person's from now on. Raises ``Refused``."""
    if not certificate:
        raise Refused(
            "没有收到数字证书。请插上 UKey，用支持证书的浏览器重新打开本页；仍然没有，请系统管理员看前置代理的设置。"
        )
    taken = SecondFactor.objects.filter(kind=logic.CERTIFICATE).exclude(person_id=actor.id)
    if any(unlock(settings.SECRET_KEY, str(one.person_id), one.secret) == certificate for one in taken):
        raise Refused("这张证书已登记在别人名下。一张证书只能一人使用。")
    with act.writing():
        _replace(actor, logic.CERTIFICATE, lock(settings.SECRET_KEY, actor.id, certificate))
        act.done(what=_enrolled(logic.CERTIFICATE))


@verb(
    "give_up_factor",
    "取消第二重验证",
    kind="person",
    thing="actor.id",
    said="{who} 取消第二重验证：{what}。",
    back="enrol_factor",
)
def give_up(act: Act, *, actor: Actor, kind: str, required: bool, now: datetime) -> None:
    """A person takes back one of the own factors, but not the last one where one is required."""
    with act.writing():
        own = list(factors(actor.id).select_for_update())
        # An identity of the city that stands for the password only is bound, but is no second proof.
        found = SecondFactor.objects.filter(person_id=actor.id, kind=kind)
        if not found:
            raise Refused("没有登记这一种。")
        if required and [one.kind for one in own] == [kind]:
            raise Refused("您的岗位要求第二重验证，这是最后一种。请先登记另一种。")
        found.delete()
        act.done(what=logic.KINDS[kind])


def holds_certificate(person: Person, certificate: str) -> bool:
    """Whether the certificate that the proxy verified is the one bound to the person."""
    bound = factors(str(person.pk)).filter(kind=logic.CERTIFICATE).first()
    if bound is None or not certificate:
        return False
    known = unlock(settings.SECRET_KEY, str(person.pk), bound.secret)
    return known is not None and secrets.compare_digest(known.encode(), certificate.encode())


def check_code(*, person: Person, code: str) -> str | None:
    """None when the code is right – it is then used up – else what to tell. Wrong ones are counted, and slow down."""
    now = clock.machine_now()
    with transaction.atomic():
        own = list(
            factors(str(person.pk)).exclude(kind__in=logic.WITHOUT_CODE).select_for_update().order_by("pk")
        )
        if not own:
            return (
                "您没有登记动态口令或口令卡：登记了数字证书的，请插上 UKey 重新打开登录页；登记了统一身份的，"
                "请从统一身份认证进。要在别人的电脑上验证，请先打印一张口令卡。"
            )
        if any(throttle.waits(one.failures, one.failing_since, now) for one in own):
            return "连续错了几次，请等 15 分钟再试，或改用数字证书。"
        if any(_right(one, code, now) for one in own):
            return None
        for one in own:
            _count(one, now)
        if any(_used_before(one, code, now) for one in own):
            _note_reuse(person, own[0], now)
    return "不对。请填程序上现在的 6 位数字，或口令卡上还没有用过的一个；用过的不能再用。"


def told_of_reuse(person: Person) -> list[tuple[datetime, str]]:
    """When, and from which address, a used code was tried again; said once, to whoever proved to be the person."""
    again = factors(str(person.pk)).exclude(reused_at=None)
    found = [(one.reused_at, one.reused_from) for one in again if one.reused_at is not None]
    again.update(reused_at=None, reused_from="")
    return found


def clear_factors(*, person: Person) -> None:
    """Part of a reset by two: the person enrols anew."""
    SecondFactor.objects.filter(person=person).delete()


def drift_seconds() -> int:
    """By how many seconds this machine's clock seems to be behind (positive) those of the programs and tokens."""
    rows = SecondFactor.objects.filter(kind=logic.TOTP_KIND, confirmed_at__isnull=False)
    return logic.common_drift(list(rows.values_list("drift", flat=True)))


def codes_left(person_id: str) -> int | None:
    """Codes that a person's card still has; None without a card."""
    card = factors(person_id).filter(kind=logic.CARD).first()
    return len(json.loads(card.secret)) if card else None


def _right(factor: SecondFactor, code: str, now: datetime) -> bool:
    if factor.kind == logic.CARD:
        digest = logic.card_digest(settings.SECRET_KEY, str(factor.person_id), code)
        left = logic.left_of(json.loads(factor.secret), digest)
        if left is None:
            return False
        factor.secret = json.dumps(left)
    else:
        step = _step_of(factor, code, now, after=factor.last_step)
        if step is None:
            return False
        factor.last_step, factor.drift = step.number, step.drift
    factor.failures, factor.failing_since = 0, None
    factor.save()
    return True


def _used_before(factor: SecondFactor, code: str, now: datetime) -> bool:
    """Whether this is a code of now that has been used already (ASVS 4.0 2.8.5)."""
    return factor.kind == logic.TOTP_KIND and _step_of(factor, code, now, after=-1) is not None


def _step_of(factor: SecondFactor, code: str, now: datetime, *, after: int) -> logic.Step | None:
    """The step of a counter whose code this is, later than ``after``. Raises ``Refused`` when its key cannot be read."""
    key = unlock(settings.SECRET_KEY, str(factor.person_id), factor.secret)
    if key is None:
        raise Refused(_LOST)
    return logic.right_step(bytes.fromhex(key), code, now=now, last_step=after, drift=factor.drift)


def _note_reuse(person: Person, factor: SecondFactor, now: datetime) -> None:
    factor.reused_at, factor.reused_from = now, here().address or ""
    factor.save(update_fields=["reused_at", "reused_from"])
    stranger = Actor(id="", username=person.username, name="未登录者")
    said = f"{person.name} 的一个用过的动态口令又填了一次，没有放行。"
    record_act(stranger, "sign_in", "person", person.username, said, now=clock.now(), refused=True)


def _count(factor: SecondFactor, now: datetime) -> None:
    factor.failures, factor.failing_since = throttle.failed(factor.failures, factor.failing_since, now)
    factor.save(update_fields=["failures", "failing_since"])


def _replace(actor: Actor, kind: str, secret: str) -> None:
    SecondFactor.objects.filter(person_id=actor.id, kind=kind).delete()
    at = clock.machine_now()
    SecondFactor.objects.create(
        person_id=int(actor.id), kind=kind, secret=secret, made_at=at, confirmed_at=at
    )


def _enrolled(kind: str) -> str:
    return f"第二重验证：{logic.KINDS[kind]}"


def _waiting(kind: str) -> str:
    return f"{kind}?"
