"""Marks of secrecy (密级标志) in a text, pure. Linear in the text, whatever it holds.

GB/T 7156 and the 保密法 write 绝密／机密／秘密, a star and a term (秘密★1年); papers of every day write 机密 10年, 密级：机密
or the bare word alone on a line. Looked for in a plain form of the text: compatibility forms folded, traditional signs
turned into simplified ones, invisible signs dropped, everything star-shaped one star. Running prose that merely speaks of
secrets bears no mark, nor does a form of a mark that is quoted inside a sentence.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

from kaoping.patterns import linear

# So many characters are looked at in one go, cut at a line end; a mark is shorter than the overlap.
WINDOW: Final = 200_000
_OVERLAP: Final = 200

_UNSEEN: Final = ("Cf", "Mn", "Me", "Co")
_LETTERS: Final = {
    "機": "机",
    "絕": "绝",
    "絶": "绝",
    "祕": "秘",
    "級": "级",
    "宻": "密",
    "長": "长",
    "啟": "启",
    "啓": "启",
}
_STARS: Final = "☆✩✪✫✬✭✮✯✰⭐🌟🟊⋆✦✧⭑⭒*✱✲✳✴✶✷✸✹✻✼✽※⚝✡٭"
# One look-up a sign: invisible signs dropped, control signs as line ends, the rest as above.
_SAME: Final[dict[int, str]] = {
    **{n: "" for n in (*range(0x10000), *range(0xE0000, 0xE01F0)) if unicodedata.category(chr(n)) in _UNSEEN},
    **dict.fromkeys((*range(9), *range(11, 32), *range(127, 160), 8232, 8233), "\n"),
    **{ord(sign): by for sign, by in _LETTERS.items()},
    **{ord(sign): "★" for sign in _STARS},
    **dict.fromkeys((0x3164, 0x115F, 0x1160, 0xFFA0, 0x2800), ""),
}
# Between the signs of one mark: blanks and ornaments, never letters or digits.
_S: Final = r"[^\p{L}\p{N}\n]*"
_BETWEEN: Final = r"[^\p{L}\p{N}]{0,24}"
_LEVEL: Final = rf"(?:[绝机秘]{_BETWEEN}密)"
_TERM: Final = (
    r"(?:\d{1,3}|[一二三四五六七八九十]{1,3})[^\p{L}\p{N}\n]{0,3}(?:年|个月|月|日|天)|长期|启用前|解密前"
)
# 密级, 密级程度, 保密等级, 保密级别, 涉密等级 and the like: what stands before the colon.
_LABEL: Final = rf"(?:密{_S}级(?:{_S}(?:程{_S}度|标{_S}[志识]|等{_S}级))?|密{_S}(?:等{_S}级|级{_S}别|等)|秘{_S}密{_S}(?:等{_S}级|级{_S}别|程{_S}度))"
_URGENT: Final = r"(?:特急|特提|加急|平急|急件|平件)"
_FORMS: Final = (
    # Alone on a line, with or without star, term, 份号 and 紧急程度.
    linear(
        rf"(?m)^{_S}(?:\d{{6}}{_S})?(?:密{_S}级{_S})?{_LEVEL}(?:{_S}级)?(?:{_S}★[^\n]{{0,14}}|{_S}(?:{_TERM}){_S}(?:以内)?)?"
        rf"{_S}(?:{_URGENT}{_S})?$"
    ),
    linear(
        rf"(?m)^{_S}(?:密{_S}级{_S})?工{_BETWEEN}作{_BETWEEN}秘{_BETWEEN}密(?:{_S}★[^\n]{{0,14}}|{_S}(?:{_TERM}))?{_S}$"
    ),
    # 密级：机密, wherever it stands; a list of choices (绝密、机密、秘密 or boxes) is none.
    linear(
        rf"{_LABEL}[^\p{{L}}\p{{N}}\n]{{0,3}}[:：][\s\p{{Z}}【\[(（「“]*(?:{_LEVEL}|工作秘密|[绝机秘]{_BETWEEN}密{_S}级)"
        rf"(?:[\s\p{{Z}}]*(?:$|\n|★|\d|[】\])）」”，。；;,.]|保{_S}密{_S}期|期{_S}限|份{_S}号|编{_S}号|紧{_S}急|长期|启))"
    ),
)
# 机密★ inside a longer line: a mark unless it is quoted there.
_STARRED: Final = linear(rf"([“‘「『《\"']?)({_LEVEL}|工作秘密)[\s\p{{Z}}]{{0,6}}★")
_SEPARATORS: Final = linear(r"[._\-—－()（）\[\]【】〔〕「」《》“”]+")


def secrecy_mark(text: str) -> str | None:
    """The 密级 mark that ``text`` bears, or null."""
    for window in _windows(text):
        if not may_hold(window):
            continue
        plain = _plain(window)
        for form in _FORMS:
            found = form.search(plain)
            if found:
                return _shown(found.group(0))
        for starred in _STARRED.finditer(plain):
            if not starred.group(1) or _stands_first(plain, starred.start()):
                return _shown(starred.group(0))
    return None


def may_hold(text: str) -> bool:
    """Whether the one sign stands there that every mark has, in either of its forms; no other folds into it."""
    return "密" in text or "宻" in text


def starred_mark(text: str) -> str | None:
    """A mark with its star only: for bytes that are no lines of text, where a bare word means nothing."""
    for window in _windows(text):
        found = _STARRED.search(_plain(window)) if may_hold(window) else None
        if found:
            return _shown(found.group(0))
    return None


def mark_in_name(name: str) -> str | None:
    """The mark that the name of a file bears: a part of it between separators, or one in brackets."""
    stem = _plain(name).rsplit("/", 1)[-1].rsplit("\\", 1)[-1]
    parts = "\n".join([stem, stem.rpartition(".")[0], *_SEPARATORS.split(stem)])
    return secrecy_mark(parts)


def _plain(text: str) -> str:
    """Folded as the head of this module says."""
    if text.isascii():
        return ""  # no Chinese sign in it
    return unicodedata.normalize("NFKC", text).translate(_SAME)


def _windows(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = start + WINDOW
        if end < len(text):
            end = max(end, text.rfind("\n", end, end + _OVERLAP))
        yield text[start:end]
        if end >= len(text):
            return
        start = end if text[end] == "\n" else end - _OVERLAP


def _stands_first(plain: str, at: int) -> bool:
    """Whether nothing but ornaments stands before ``at`` on its line: then a quotation mark is an ornament too."""
    before = plain[max(0, at - 40) : at].rpartition("\n")[2]
    return not any(sign.isalnum() for sign in before)


def _shown(text: str) -> str:
    return " ".join(text.split())[:12]
