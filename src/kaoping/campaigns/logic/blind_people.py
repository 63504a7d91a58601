"""Names of the unit's registered people in what the unit wrote, as a reviewer may read it. Pure.

A name of three characters and more is masked wherever it stands, with or without blanks between its characters. A name of
two is also part of ordinary words (高峰, 方向); it is masked where it stands as a person's:

- with a blank between its characters, as papers align it (王　伟);
- alone between signs that are no letters (“（王伟）”, “王伟、”, the beginning or end of a line);
- after the word of a post or task, with or without a colon (联系人：, 局长), or before a post or 同志;
- as the one who acts: after 由, 请, 经 and before an act (负责, 牵头 …) or a sign, or before an act where no letter stands
  before it (“，王伟带队”), or in a list that ends with a number of people (等3人).

Elsewhere it stays (“会上王伟说明情况”); a word that happens to be a registered name is masked where it stands alone or beside
such a word. People who are not registered for the unit, surnames with a title (王局长), and what a file holds stay: the
screens say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from kaoping.patterns import linear

PERSON: Final = "〔本单位人员〕"
_BLANKS: Final = " \t\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u3000"
_BLANK: Final = f"[{_BLANKS}]"
_POSTS: Final = (
    "局长|主任|处长|科长|股长|所长|院长|校长|部长|厅长|区长|县长|市长|镇长|站长|队长|会长|组长|秘书长|书记|委员|主席|常委"
    "|科员|专员|专干|巡视员|调研员|经理|董事长|工程师|同志|老师|女士|先生"
)
_TASKS: Final = (
    "联系人|负责人|责任人|承办人|经办人|经办|联络员|信息员|填报人|填表人|制表人|审核人|审核|审批人|签发人|签发|校对|撰稿|撰稿人"
    "|起草人|记录人|主持人|召集人|分管领导|主要领导|领导|成员|姓名|人员"
)
_ACTS: Final = "负责|牵头|带队|主持|承办|协办|经办|审核|审签|审定|签发|签批|批示|起草|撰写|撰稿|汇报|办理|落实|把关|主讲|解读|答复|出席|参加|担任|任组长"
# Text before the name: a post or task, and what may stand between it and a name.
_AFTER_POST: Final = linear(rf"(?:{_POSTS}|{_TASKS})(?:{_BLANK}|[：:])*$")
_AFTER_BY: Final = linear("(?:由|请|经)$")
# Text behind the name.
_BEFORE_POST: Final = linear(rf"^{_BLANK}*(?:副|党委|党组|党支部)?(?:{_POSTS})")
_BEFORE_ACT: Final = linear(rf"^{_BLANK}*(?:{_ACTS})")
_BEFORE_COUNT: Final = linear(
    rf"^等{_BLANK}*(?:[0-9０-９一二三四五六七八九十两几多]+{_BLANK}*(?:人|名|位|同志)|人|同志|领导|一行)"
)
_LOOK: Final = 12  # characters on each side that decide


def compact(names: Iterable[str]) -> tuple[str, ...]:
    """Names without blanks, each once, the longest first; one character is no name."""
    found = {"".join(name.split()) for name in names}
    return tuple(sorted((one for one in found if len(one) > 1), key=lambda one: (-len(one), one)))


def over_people(text: str, names: Iterable[str]) -> tuple[str, int]:
    """``text`` with every registered name masked that stands as one, and how many were; ``names`` as ``compact`` gives them."""
    hits = 0
    for name in names:
        pieces, at = [], 0
        for start, end in _places(text, name):
            if start >= at and _is_person(text, start, end, name):
                pieces += [text[at:start], PERSON]
                at, hits = end, hits + 1
        text = "".join([*pieces, text[at:]])
    return text, hits


def _places(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Where ``name`` stands in ``text``, in any case of its Latin letters, with blanks between its characters or without."""
    seen = [place for place, sign in enumerate(text) if sign not in _BLANKS]
    bare, wanted = small("".join(text[place] for place in seen)), small(name)
    at = 0
    while (found := bare.find(wanted, at)) >= 0:
        yield seen[found], seen[found + len(wanted) - 1] + 1
        at = found + 1


def small(text: str) -> str:
    """Small Latin letters and nothing else, so that no character changes its length."""
    return text.translate(_SMALL)


_SMALL: Final = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def _is_person(text: str, start: int, end: int, name: str) -> bool:
    before, after = text[max(0, start - _LOOK) : start], text[end : end + _LOOK]
    if name.isascii():
        return not (before[-1:].isascii() and before[-1:].isalpha()) and not (
            after[:1].isascii() and after[:1].isalpha()
        )
    if len(name) > 2 or end - start > len(name):
        return True
    open_left, open_right = not before[-1:].isalpha(), not after[:1].isalpha()
    if open_left and open_right:
        return True
    acts = bool(_BEFORE_ACT.search(after))
    if _AFTER_POST.search(before) or _BEFORE_POST.search(after):
        return True
    if _AFTER_BY.search(before):
        return acts or open_right
    return open_left and (acts or bool(_BEFORE_COUNT.search(after)))
