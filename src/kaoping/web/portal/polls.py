"""Polls as the portal sees them: which takes questionnaires now, and in words why none does."""

from __future__ import annotations

from datetime import datetime
from logging import getLogger
from typing import Any

from kaoping.beijing import BEIJING, deadline_day
from kaoping.evaluation import intake

LOG = getLogger(__name__)


def current_poll(now: datetime) -> intake.PublishedPoll | None:
    """The poll that takes ballots now, else the latest one, else null; a cancelled one only while no other of its year stands."""
    found = published_polls()
    standing = {poll.year for poll in found if poll.cancelled is None}
    polls = [poll for poll in found if poll.cancelled is None or poll.year not in standing]
    return next((poll for poll in polls if poll.is_open(now)), polls[0] if polls else None)


def published_polls() -> list[intake.PublishedPoll]:
    """Readable polls, the latest to close first. A broken file is logged and does not stop the others."""
    found = []
    folder = intake.polls_folder()
    for path in sorted(folder.glob("*.json")):
        try:
            poll = intake.read_poll(folder, path.stem)
        except intake.PollError as error:
            LOG.error("poll %s cannot be read: %s", path.name, error)
            continue
        if poll is not None:
            found.append(poll)
    return sorted(found, key=lambda poll: poll.closes_at, reverse=True)


def marked(poll: intake.PublishedPoll | None) -> dict[str, Any]:
    """The example mark of the poll itself, where the folder is not a demonstration."""
    return {"demo": True} if poll is not None and poll.example else {}


def state_title(poll: intake.PublishedPoll | None, now: datetime) -> str:
    """The H1 of the page that lists the units: what can be done now."""
    if poll is None:
        return "现在没有|进行中的社会评议"
    if poll.cancelled is not None:
        return f"{poll.year} 年社会评议|已取消"
    if now < poll.opens_at:
        return f"{poll.year} 年社会评议|{day_words(poll.opens_at)}开始"
    return f"{poll.year} 年社会评议|已截止" if now >= poll.closes_at else "您想评议|哪个单位？"


def state_words(poll: intake.PublishedPoll | None, now: datetime) -> str | None:
    """Why no ballot can be given now, in words with the way on; null when it can."""
    if poll is None:
        return "开始后，本页会列出可以评议的单位。不用登录，大约 3 分钟。"
    if poll.cancelled is not None:
        return f"{poll.title}已取消，不收问卷：{poll.cancelled.reason}　重新布置以后，本页会写明时间。"
    if now < poll.opens_at:
        return f"本次评议 {day_words(poll.opens_at)}开始，请到时再来。"
    if now >= poll.closes_at:
        return f"本次评议 {closing_words(poll)} 已截止。可凭回执码查是否计入。"
    return None


def day_words(instant: datetime) -> str:
    """The day in Beijing: 10月13日."""
    local = instant.astimezone(BEIJING)
    return f"{local.month}月{local.day}日"


def closing_words(poll: intake.PublishedPoll) -> str:
    """The end as people say it: 11月14日 24:00."""
    day = deadline_day(poll.closes_at)
    return f"{day.month}月{day.day}日 24:00"
