"""One ballot and what of it counts.

An answer that does not fit its question does not count; the ballot's other answers do. A ballot without one
counting answer is blank and is left out of every base.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kaoping.balloting.questionnaire import MULTI, TEXT, Question, Questionnaire


class BallotError(ValueError):
    """A line that is no ballot at all: ``field`` names the key, the message says what to write."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}：{message}")
        self.field, self.message = field, message


@dataclass(frozen=True, slots=True)
class Ballot:
    """One filled questionnaire about one unit. ``answers`` are as they came; ``read_answers`` sorts them."""

    id: str
    unit: str
    stratum: str | None
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReadBallot:
    """``choices`` holds the counting answers (option codes; empty for text); ``faults`` names what does not
    count.
    """

    choices: Mapping[str, tuple[str, ...]]
    faults: tuple[str, ...]


def ballot_from_json(line: Any) -> Ballot:
    """Read ``{"id", "unit", "stratum", "answers"}``. Raises ``BallotError``."""
    if not isinstance(line, Mapping):
        raise BallotError("ballot", '应为对象，如 {"id": …, "unit": …, "stratum": …, "answers": {…}}')
    for name in ("id", "unit"):
        if not isinstance(line.get(name), str) or not line[name]:
            raise BallotError(name, "应为文本，不能空")
    stratum = line.get("stratum")
    if stratum is not None and not isinstance(stratum, str):
        raise BallotError("stratum", "应为文本或 null")
    if not isinstance(line.get("answers"), Mapping):
        raise BallotError("answers", "应为对象，键为题号")
    return Ballot(line["id"], line["unit"], stratum or None, line["answers"])


def read_answers(questionnaire: Questionnaire, ballot: Ballot) -> ReadBallot:
    """Sort the answers of ``ballot`` into those that count and the faults of those that do not."""
    choices: dict[str, tuple[str, ...]] = {}
    faults: list[str] = []
    for code, answer in ballot.answers.items():
        question = questionnaire.question(code)
        if question is None:
            faults.append(f"问卷没有“{code}”这一题")
        elif answer is None or answer in ("", []):
            continue
        else:
            chosen = _chosen(question, answer)
            if isinstance(chosen, str):
                faults.append(f"第 {code} 题{chosen}")
            else:
                choices[code] = chosen
    return ReadBallot(choices, tuple(faults))


def _chosen(question: Question, answer: Any) -> tuple[str, ...] | str:
    """The option codes of a fitting answer, or the fault in words."""
    if question.kind == TEXT:
        return () if isinstance(answer, str) else "应为文字"
    if question.kind == MULTI:
        given = [_code(one) for one in answer] if isinstance(answer, list) else [None]
        if None in given:
            return "是多选题，应为选项数组"
        if len(set(given)) != len(given):
            return "同一选项写了两次"
    else:
        given = [_code(answer)]
        if None in given:
            return "是单选题，只能选一项"
    codes = tuple(code for code in given if code is not None)
    unknown = [code for code in codes if question.option(code) is None]
    return f"没有选项“{unknown[0]}”" if unknown else codes


def _code(answer: Any) -> str | None:
    """The code that an answer means, null when it can mean none. Other systems write 1, or 1.0, for the option "1"."""
    if isinstance(answer, str):
        return answer
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return None
    return str(int(answer)) if isinstance(answer, float) and answer.is_integer() else str(answer)
