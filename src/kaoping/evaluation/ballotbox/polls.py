"""A poll as it is published: the file ``polls/<id>.json`` that the desk writes and portal and intake read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any, Final

from kaoping.balloting import GOVERNMENT_STRATUM, Questionnaire, QuestionnaireError, questionnaire_from_dict
from kaoping.foreign.days import strict_instant
from kaoping.patterns import linear

PUBLIC_STRATUM: Final = "public"
_KEY: Final = linear(r"[0-9a-f]{64}")
_ID: Final = linear(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


class PollError(ValueError):
    """A poll file that cannot be used; ``field`` names the key."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}：{message}")
        self.field = field


@dataclass(frozen=True, slots=True)
class PollUnit:
    """One unit to be evaluated, as the citizen sees it."""

    code: str
    name: str
    short_name: str | None
    group: str | None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """When and why a poll was cancelled, before it began."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class PublishedPoll:
    """One published poll. ``data`` is the file as it was read, ``questionnaire`` its parsed form.

    Ballots are taken from ``opens_at`` up to but not including ``closes_at``, and never once it is ``cancelled``.
    """

    id: str
    title: str
    year: int
    opens_at: datetime
    closes_at: datetime
    public_key: str
    questionnaire: Questionnaire
    units: tuple[PollUnit, ...]
    example: bool
    min_n: int | None
    government_networks: tuple[IPv4Network | IPv6Network, ...]
    data: Mapping[str, Any]
    cancelled: Cancelled | None = None

    def unit(self, code: str) -> PollUnit | None:
        """The unit of that code, null when it is not evaluated here."""
        return next((unit for unit in self.units if unit.code == code), None)

    def is_open(self, now: datetime) -> bool:
        """Whether ballots are taken at ``now``."""
        return self.cancelled is None and self.opens_at <= now < self.closes_at

    def stratum_of(self, address: str) -> str:
        """``government`` for an address of a listed network, else ``public``. The address is not kept."""
        try:
            found = ip_address(address.strip())
        except ValueError:
            return PUBLIC_STRATUM
        mapped = getattr(found, "ipv4_mapped", None) or found
        inside = any(mapped.version == net.version and mapped in net for net in self.government_networks)
        return GOVERNMENT_STRATUM if inside else PUBLIC_STRATUM


def poll_from_json(data: Any) -> PublishedPoll:
    """Read the file form (``docs/reference/ballots.md``). Raises ``PollError``."""
    if not isinstance(data, Mapping):
        raise PollError("poll", "应为对象")
    name = _text(data, "id")
    if not _ID.fullmatch(name):
        raise PollError("id", "只能用字母、数字、点、横线、下划线，最多 40 个字符")
    opens_at, closes_at = _instant(data, "opens_at"), _instant(data, "closes_at")
    if opens_at >= closes_at:
        raise PollError("closes_at", "应晚于 opens_at")
    key = _text(data, "public_key")
    if not _KEY.fullmatch(key):
        raise PollError("public_key", "应为 64 位十六进制")
    try:
        questionnaire = questionnaire_from_dict(data.get("questionnaire"))
    except QuestionnaireError as error:
        raise PollError(f"questionnaire.{error.field}", error.message) from None
    year = data.get("year")
    if not isinstance(year, int) or isinstance(year, bool):
        raise PollError("year", "应为整数")
    min_n = data.get("min_n")
    if min_n is not None and (not isinstance(min_n, int) or isinstance(min_n, bool)):
        raise PollError("min_n", "应为整数或 null")
    return PublishedPoll(
        id=name,
        title=_text(data, "title"),
        year=year,
        opens_at=opens_at,
        closes_at=closes_at,
        public_key=key,
        questionnaire=questionnaire,
        units=_units(data.get("units")),
        example=data.get("example") is True,
        min_n=min_n,
        government_networks=_networks(data.get("government_networks") or []),
        data=data,
        cancelled=_cancelled(data.get("cancelled")),
    )


def read_poll(folder: Path, poll: str) -> PublishedPoll | None:
    """The poll of that id from the published folder's ``polls``; null when there is none. Raises
    ``PollError``.
    """
    if not _ID.fullmatch(poll):
        return None
    path = folder / f"{poll}.json"
    try:
        state = path.stat()
        return _parsed(path, state.st_mtime_ns, state.st_size)
    except OSError:
        return None


@lru_cache(maxsize=16)
def _parsed(path: Path, _modified: int, _size: int) -> PublishedPoll:
    try:
        return poll_from_json(json.loads(path.read_text(encoding="utf-8-sig")))
    except ValueError as error:
        if isinstance(error, PollError):
            raise
        raise PollError(path.stem, "不是 JSON") from None


def read_polls(folder: Path) -> list[PublishedPoll]:
    """Every poll of the folder, the latest to close first. Raises ``PollError``."""
    found = [read_poll(folder, path.stem) for path in sorted(folder.glob("*.json"))]
    return sorted((poll for poll in found if poll), key=lambda poll: poll.closes_at, reverse=True)


def _cancelled(found: Any) -> Cancelled | None:
    """Null, or missing in the files of the first release: not cancelled."""
    if found is None:
        return None
    if not isinstance(found, Mapping):
        raise PollError("cancelled", "应为 null，或写明 at、reason")
    return Cancelled(_instant(found, "at"), _text(found, "reason"))


def _units(entries: Any) -> tuple[PollUnit, ...]:
    if not isinstance(entries, list) or not entries:
        raise PollError("units", "应为单位数组，至少一个")
    units: list[PollUnit] = []
    for index, entry in enumerate(entries):
        if not isinstance(entry, Mapping):
            raise PollError(f"units[{index}]", "应为对象")
        units.append(
            PollUnit(_text(entry, "code"), _text(entry, "name"), entry.get("short_name"), entry.get("group"))
        )
    return tuple(units)


def _networks(entries: Iterable[Any]) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(str(entry), strict=False) for entry in entries)
    except ValueError:
        raise PollError("government_networks", "应为网段，如 10.0.0.0/8") from None


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value:
        raise PollError(key, "应为文本，不能空")
    return value


def _instant(data: Mapping[str, Any], key: str) -> datetime:
    instant = strict_instant(_text(data, key))
    if instant is None:
        raise PollError(key, "应为带时区的时间，如 2025-11-01T00:00:00+08:00")
    return instant
