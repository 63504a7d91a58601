"""A page made one file: its stylesheets and pictures inside it, nothing in it that acts or asks. Pure.

What is left over here, because a browser reads some hostile markup otherwise than this reader, is stopped by the frame
without rights in which ``framed`` puts it, by its policy, and by a browser that has no network.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from html import escape
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kaoping.crawling.addresses import absolute
from kaoping.crawling.bounds import bounded
from kaoping.crawling.charset import decode
from kaoping.patterns import linear

WIDTH: Final = 1280
HEIGHT: Final = 3000
STYLE, IMAGE = "style", "image"
Part = tuple[str, str]  # kind, address
Kept = Mapping[str, tuple[str, bytes]]  # address -> media type, bytes
# Elements that act, load or lead somewhere; a picture needs none of them.
_GONE: Final = (
    "script, iframe, frame, frameset, object, embed, applet, base, meta, link, style, template, portal, audio, video, track, "
    "source, dialog, animate, set, animatemotion, animatetransform"
)
_ADDRESSES: Final = frozenset({
    "src", "srcset", "sizes", "href", "xlink:href", "background", "poster", "data", "action", "formaction", "ping", "cite",
    "longdesc", "usemap", "manifest", "lowsrc", "dynsrc", "code", "codebase", "archive", "classid", "imagesrcset",
})  # fmt: skip
_IMAGES: Final = {"img": "src", "input": "src", "image": "href"}
_BACKGROUNDS: Final = ("body", "table", "td", "th", "tr")
_URL: Final = linear(r"""(?i)url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"']*))\s*\)""")
_IMPORT: Final = linear(r"(?i)@import[^;]*(?:;|$)")
_TYPES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/x-icon", "image/svg+xml"})  # fmt: skip
EMPTY: Final = "data:,"
POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def wanted(body: bytes, media_type: str, url: str) -> list[Part]:
    """What the page needs to look like itself, in the order in which it names it, each once."""
    tree, base = _read(body, media_type, url)
    found = [one for node in tree.css("*") for one in _parts_of(node, base)]
    return list(dict.fromkeys(found))


def wanted_by_style(css: bytes, media_type: str, url: str) -> list[Part]:
    """The pictures that a stylesheet names; those of what it imports are left out."""
    return list(dict.fromkeys(_images_of(decode(css, media_type)[0], url)))


def assembled(body: bytes, media_type: str, url: str, parts: Kept) -> str:
    """The page as one text. What is not among ``parts`` is missing, as on a screen whose network broke."""
    tree, base = _read(body, media_type, url)
    styles = []
    for node in tree.css("link, style"):
        if node.tag == "style":
            styles.append(_dressed(node.text(), base, parts))
        elif (address := _style_address(node, base)) in parts and address:
            kind, css = parts[address]
            styles.append(_dressed(decode(css, kind)[0], address, parts))
    for node in tree.css(_GONE):
        node.decompose()
    for node in tree.css("*"):
        _bare(node, base, parts)
    mode = "<!doctype html>" if _is_standard(body) else ""
    root, inside = tree.css_first("html"), tree.body
    named = "".join(
        f' {name}="{escape(value or "")}"'
        for name, value in (root.attributes if root else {}).items()
        if name in ("class", "lang", "dir", "style", "id")
    )
    sheet = "\n".join(styles).replace("</", "<\\/")
    return f'{mode}<html{named}><head><meta charset="utf-8"><style>{sheet}</style></head>{inside.html if inside else ""}</html>'


def framed(page: str) -> str:
    """Our own page around it: a frame without any right, under a policy that loads nothing."""
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        "<style>html,body{margin:0;background:#fff}iframe{border:0;display:block}</style></head>"
        f'<body><iframe sandbox="" width="{WIDTH}" height="{HEIGHT}" scrolling="no" srcdoc="{escape(page)}"></iframe></body></html>'
    )


def _read(body: bytes, media_type: str, url: str) -> tuple[LexborHTMLParser, str]:
    text, _encoding = decode(body, media_type)
    tree = LexborHTMLParser(bounded(text.replace("\x00", "")))
    first = tree.css_first("base[href]")
    told = absolute(url, first.attributes.get("href") or "") if first else None
    return tree, told or url


def _is_standard(body: bytes) -> bool:
    return body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:9].lower() == b"<!doctype"


def _style_address(node: LexborNode, base: str) -> str | None:
    words = (node.attributes.get("rel") or "").lower().split()
    medium = (node.attributes.get("media") or "").lower()
    if "stylesheet" not in words or "alternate" in words or medium == "print":
        return None
    return absolute(base, node.attributes.get("href") or "")


def _image_address(node: LexborNode) -> str:
    tag = str(node.tag)
    if tag in _BACKGROUNDS:
        return node.attributes.get("background") or ""
    if tag not in _IMAGES:
        return ""
    return node.attributes.get(_IMAGES[tag]) or (
        node.attributes.get("xlink:href") or "" if tag == "image" else ""
    )


def _parts_of(node: LexborNode, base: str) -> Iterator[Part]:
    if node.tag == "link":
        if address := _style_address(node, base):
            yield STYLE, address
    elif node.tag == "style":
        yield from _images_of(node.text(), base)
    else:
        if address := absolute(base, _image_address(node)):
            yield IMAGE, address
        yield from _images_of(node.attributes.get("style") or "", base)


def _images_of(css: str, base: str) -> Iterator[Part]:
    for found in _URL.finditer(_IMPORT.sub("", css)):
        if address := absolute(base, _said(found.groups())):
            yield IMAGE, address


def _said(groups: tuple[str | None, ...]) -> str:
    return next((one for one in groups if one), "").strip()


def _dressed(css: str, base: str, parts: Kept) -> str:
    """A stylesheet whose pictures are inside it and which loads nothing."""
    text, made, end = _IMPORT.sub("", css), [], 0
    for found in _URL.finditer(text):
        made += [text[end : found.start()], f'url("{_data(absolute(base, _said(found.groups())), parts)}")']
        end = found.end()
    return "".join((*made, text[end:]))


def _data(address: str | None, parts: Kept) -> str:
    """A picture as an address that holds it."""
    if address is None or address not in parts:
        return EMPTY
    kind, content = parts[address]
    plain = kind.partition(";")[0].strip().lower()
    return f"data:{plain};base64,{b64encode(content).decode()}" if plain in _TYPES else EMPTY


def _bare(node: LexborNode, base: str, parts: Kept) -> None:
    """An element without what acts or asks, its picture inside it."""
    address = absolute(base, _image_address(node))
    shown = _data(address, parts)
    for name in list(node.attributes):
        if name in _ADDRESSES or name.startswith("on"):
            del node.attrs[name]
    if "style" in node.attributes:
        node.attrs["style"] = _dressed(node.attributes["style"] or "", base, parts)
    if shown != EMPTY:
        node.attrs["background" if node.tag in _BACKGROUNDS else _IMAGES[str(node.tag)]] = shown
