"""What somebody else wrote, as a terminal may see it: nothing in it moves the cursor, turns the line round or hides.

Every sign that would is written as JSON writes it (``\\u001b``), so that the same door serves words and JSON.
"""

from __future__ import annotations

from typing import Final

from kaoping.patterns import Found, linear

# Controls (C0, DEL, C1), marks of direction, what joins or takes no room, separators of lines, tags, half surrogates.
_SIGNS: Final = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f\x{ad}\x{61c}\x{180e}\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2060}-\x{206f}\x{feff}"
    r"\x{fff9}-\x{fffb}\x{e0000}-\x{e007f}"
)
_UNSEEN: Final = linear(f"[{_SIGNS}]")
# Marks, embeddings, overrides and isolates of direction: what stands behind one is read the other way round.
TURNING: Final = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_TURNING: Final = linear(f"[{TURNING}]")
_UNSEEN_IN_LINE: Final = linear(f"[{_SIGNS}\\t\\n]")


def harmless(text: str) -> str:
    """``text`` for the terminal, its tabs and line feeds as they are."""
    return text if text.isascii() and text.isprintable() else _UNSEEN.sub(_escape, _whole(text))


def visible(text: str) -> str:
    """``text`` for one place in a line: tabs and line feeds are shown as well, so that nobody forges a line."""
    return text if text.isprintable() else _UNSEEN_IN_LINE.sub(_escape, _whole(text))


def undirected(text: str) -> str:
    """``text`` for a page, a paper or a sentence of the log: nothing in it turns round what stands behind it."""
    return text if text.isascii() else _TURNING.sub("", text)


def unseen_in(what: str, text: str) -> str | None:
    """Why a typed name does not do, or null: ``what`` (地点) holds a break of lines or a sign that nobody sees.

    Two names that look equal must be equal, in lists, in the log and in what is published.
    """
    found = _UNSEEN_IN_LINE.search(_whole(text))
    if found is None:
        return None
    return f"{what}含有换行或看不见的字符（{_escape(found)}），请删去后重新输入。"


def _whole(text: str) -> str:
    """Half a surrogate, which comes from names of files that are no UTF-8, as it would be written."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _escape(found: Found) -> str:
    encoded = str(found.group()).encode("utf-16-be")
    return "".join(f"\\u{encoded[at : at + 2].hex()}" for at in range(0, len(encoded), 2))
