"""A poll, its cheap key and arrivals for the tests of the ballot box."""

import hashlib
from datetime import UTC, date, datetime

from kaoping.evaluation.ballotbox.crypto import Cost, make_poll_key
from kaoping.evaluation.ballotbox.polls import poll_from_json
from kaoping.evaluation.ballotbox.records import Arrival, OpinionRecord

FIRST, SECOND = "first opener's words", "second opener's words"
CHEAP = Cost(passes=1, memory=8192)
KEY = make_poll_key(FIRST, SECOND, CHEAP)
NOW = datetime(2025, 11, 10, 2, tzinfo=UTC)
POLL = "p2025"


def poll_data(**changes):
    return {
        "id": POLL,
        "title": "2025年政务公开社会评议",
        "year": 2025,
        "opens_at": "2025-11-01T00:00:00+08:00",
        "closes_at": "2025-11-17T00:00:00+08:00",
        "public_key": KEY.public_key,
        "questionnaire": {
            "id": "q",
            "version": "1",
            "questions": [
                {
                    "id": "q1",
                    "dimension": "S5.1",
                    "kind": "single",
                    "options": [
                        {"code": "s", "label": "满意", "counts_as": "satisfied"},
                        {"code": "d", "label": "不满意", "counts_as": "dissatisfied"},
                    ],
                },
                {"id": "q2", "dimension": "S5.5", "kind": "text", "options": []},
            ],
            "satisfaction": {},
            "min_n": 30,
        },
        "units": [
            {"code": "U1", "name": "示例局", "short_name": "示例", "group": "部门"},
            {"code": "U2", "name": "示例区", "short_name": None, "group": None},
        ],
        "example": True,
        "min_n": 30,
        "government_networks": ["10.20.0.0/16", "2001:db8::/32"],
    } | changes


def poll(**changes):
    return poll_from_json(poll_data(**changes))


def arrival(number, words=None, name=POLL):
    receipt = hashlib.sha256(str(number).encode()).digest()
    opinion = OpinionRecord(f"o{number:03}", name, "U1", words, date(2025, 11, 10)) if words else None
    return Arrival(name, receipt, f"payload {number}".encode(), opinion)
