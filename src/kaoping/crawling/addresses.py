"""Links of a page, sites and kinds of files; how an address is spelt is ``foreign.addresses``. Pure."""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from kaoping.foreign.addresses import LONGEST, canonical, is_canonical

MAX_LENGTH: Final = 2000
FILE_KINDS: Final = frozenset(
    [
        "doc",
        "docx",
        "xls",
        "xlsx",
        "ppt",
        "pptx",
        "pdf",
        "zip",
        "rar",
        "7z",
        "tar",
        "gz",
        "txt",
        "csv",
        "rtf",
        "wps",
        "et",
        "dps",
        "ofd",
        "odt",
        "ods",
        "jpg",
        "jpeg",
        "png",
        "gif",
        "bmp",
        "svg",
        "webp",
        "ico",
        "mp3",
        "mp4",
        "avi",
        "wmv",
        "flv",
        "mov",
        "swf",
        "exe",
        "apk",
        "ceb",
        "css",
        "js",
        "xml",
        "json",
    ]
)
ATTACHMENT_KINDS: Final = frozenset(
    [
        "doc",
        "docx",
        "xls",
        "xlsx",
        "ppt",
        "pptx",
        "pdf",
        "zip",
        "rar",
        "7z",
        "txt",
        "csv",
        "rtf",
        "wps",
        "et",
        "dps",
        "ofd",
        "odt",
        "ods",
        "ceb",
    ]
)


def absolute(base: str, href: str) -> str | None:
    """The absolute http(s) address of a link without its fragment, or null when it leads to no page."""
    href = href.strip()
    if not href or href[0] == "#" or len(href) > MAX_LENGTH:
        return None
    return canonical(href, base)


class Base:
    """Where the links of one page are resolved from: ``absolute`` for many links, most of them plain paths.

    A path of letters, digits and ``_-~.`` below the site's root or some folders up needs no parsing: the answer is
    put together. Everything else goes through ``absolute``; both give the same answer.
    """

    __slots__ = ("_folders", "_origin", "_url")

    def __init__(self, url: str) -> None:
        self._url = url
        self._origin: str | None = None
        self._folders: list[str] = []
        if is_canonical(url):
            parts = urlsplit(url)
            folders = parts.path.split("/")[1:-1]
            if "//" not in parts.path and not {".", ".."} & set(folders):
                self._origin, self._folders = f"{parts.scheme}://{parts.netloc}", folders

    def absolute(self, href: str) -> str | None:
        """The same as ``absolute`` with this base."""
        if self._origin is None or not href or len(href) > MAX_LENGTH or not href.isascii():
            return absolute(self._url, href)
        if href.encode().translate(None, _PLAIN):
            return absolute(self._url, href)
        # No segment begins with a dot, so that the only dot segments are those in front.
        up, path = 0, href
        if href[0] == "/":
            path = href[1:]
        else:
            while path.startswith("../"):
                up, path = up + 1, path[3:]
        if path.startswith(("/", ".")) or "//" in path or "/." in path:
            return absolute(self._url, href)
        if href[0] == "/":
            found = f"{self._origin}{href}"
        else:
            kept = self._folders[: max(0, len(self._folders) - up)] if up else self._folders
            found = f"{self._origin}/{'/'.join((*kept, path))}"
        return found if len(found) <= LONGEST else None


_PLAIN: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-~./"


@lru_cache(maxsize=65_536)
def site_of(url: str) -> str:
    """Host and port: what makes two pages belong to one site. http and https of one host are one site."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    return host if port in (None, 80, 443) else f"{host}:{port}"


@lru_cache(maxsize=65_536)
def file_kind(url: str) -> str | None:
    """The extension of a file that is not a page (pdf, docx, jpg, …), or null."""
    name = urlsplit(url).path.rpartition("/")[2]
    stem, dot, extension = name.rpartition(".")
    extension = extension.lower()
    return extension if dot and stem and extension in FILE_KINDS else None
