"""Facts as columns: ``facts/pages.parquet`` (a row a page) and ``facts/links.parquet`` (a row a link)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from kaoping.checks import PageFacts, PageKind, SiteFacts, Table

_TEXTS: Final = [
    "url",
    "sha256",
    "title",
    "kind",
    "column_name",
    "column_type",
    "article_title",
    "pub_date",
    "content_source",
    "site_name",
    "site_domain",
    "meta_site_id_code",
    "index_no",
    "category",
    "disclosure_mode",
    "doc_no",
    "issuer",
    "validity",
    "summary",
    "site_id_code",
    "icp",
    "police_filing",
    "sponsor",
    "contact",
    "encoding",
]
PAGES: Final = pa.schema(
    [(name, pa.string()) for name in _TEXTS]
    + [(name, pa.date32()) for name in ("published_on", "formed_on", "abolished_on")]
    + [
        ("item_dates", pa.list_(pa.date32())),
        ("item_count", pa.int32()),
        ("says_empty", pa.bool_()),
        ("text_chars", pa.int32()),
        ("links", pa.int32()),
        ("attachments", pa.int32()),
        ("guide_elements", pa.list_(pa.string())),
        ("report_year", pa.int32()),
        ("has_site_map", pa.bool_()),
        ("has_find_error", pa.bool_()),
        ("unread", pa.string()),
        ("encoding_fault", pa.string()),
    ]
)
LINKS: Final = pa.schema([("on", pa.string()), ("url", pa.string()), ("text", pa.string())])
BATCH: Final = 500


def page_row(facts: PageFacts, sha256: str) -> dict[str, Any]:
    """One page as one row."""
    block, footer, signs = facts.property_block, facts.footer, facts.signs
    return {
        "url": facts.url,
        "sha256": sha256,
        "title": facts.title,
        "kind": signs.kind.value,
        "column_name": facts.tag("ColumnName"),
        "column_type": facts.tag("ColumnType"),
        "article_title": facts.tag("ArticleTitle"),
        "pub_date": facts.tag("PubDate"),
        "content_source": facts.tag("ContentSource"),
        "site_name": facts.tag("SiteName"),
        "site_domain": facts.tag("SiteDomain"),
        "meta_site_id_code": facts.tag("SiteIDCode"),
        "index_no": block.index_no,
        "category": block.category,
        "disclosure_mode": block.disclosure_mode,
        "doc_no": block.doc_no,
        "issuer": block.issuer,
        "validity": block.validity,
        "summary": block.summary,
        "site_id_code": footer.site_id_code,
        "icp": footer.icp,
        "police_filing": footer.police_filing,
        "sponsor": footer.sponsor,
        "contact": footer.contact,
        "encoding": facts.encoding,
        "published_on": facts.published_on,
        "formed_on": block.formed_on,
        "abolished_on": block.abolished_on,
        "item_dates": list(signs.item_dates),
        "item_count": signs.item_count,
        "says_empty": signs.says_empty,
        "text_chars": facts.text_chars,
        "links": len(facts.links),
        "attachments": len(facts.attachments),
        "guide_elements": list(signs.guide_elements),
        "report_year": signs.report_year,
        "has_site_map": signs.has_site_map,
        "has_find_error": signs.has_find_error,
        "unread": signs.unread or None,
        "encoding_fault": signs.encoding_fault or None,
    }


class FactsWriter:
    """Writes both files in batches, so that memory does not grow with the site."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._pages = pq.ParquetWriter(folder / "pages.parquet", PAGES, compression="zstd")
        self._links = pq.ParquetWriter(folder / "links.parquet", LINKS, compression="zstd")
        self._page_rows: list[dict[str, Any]] = []
        self._on: list[str] = []
        self._to: list[str] = []
        self._words: list[str] = []

    def __enter__(self) -> FactsWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, facts: PageFacts, sha256: str) -> None:
        """One page and its links."""
        self._page_rows.append(page_row(facts, sha256))
        for link in facts.links:
            self._on.append(facts.url)
            self._to.append(link.url)
            self._words.append(link.text)
        if len(self._page_rows) >= BATCH:
            self._flush()

    def close(self) -> None:
        """Write what is left and finish the files."""
        self._flush()
        self._pages.close()
        self._links.close()

    def _flush(self) -> None:
        self._pages.write_table(_as_table(self._page_rows))
        self._links.write_table(
            pa.table([_storable(self._on), _storable(self._to), _storable(self._words)], schema=LINKS)
        )
        self._page_rows, self._on, self._to, self._words = [], [], [], []


def _as_table(rows: list[dict[str, Any]]) -> pa.Table:
    """The rows as columns. A row that no column takes keeps its address, so that one page does not cost the others."""
    try:
        return pa.Table.from_pylist(rows, schema=PAGES)
    except (pa.ArrowException, ValueError, TypeError, OverflowError):
        return pa.concat_tables([_row_as_table(row) for row in rows])


def _row_as_table(row: dict[str, Any]) -> pa.Table:
    try:
        return pa.Table.from_pylist([row], schema=PAGES)
    except (pa.ArrowException, ValueError, TypeError, OverflowError) as error:
        kept = {"url": _storable([row["url"]])[0], "sha256": row["sha256"], "kind": PageKind.OTHER.value}
        return pa.Table.from_pylist(
            [kept | {"unread": f"事实存不进表（{type(error).__name__}），是本平台的原因"}], schema=PAGES
        )


def _storable(texts: list[str]) -> list[str]:
    """Texts without half characters, which no UTF-8 can carry."""
    return [text if text.isascii() else text.encode(errors="replace").decode() for text in texts]


def load_site(folder: Path, *, root: str, fetched_on: date, complete: bool) -> SiteFacts:
    """The columns of a crawl for site checks; each column is read when a check asks for it."""
    return SiteFacts(
        root, fetched_on, _table(folder / "pages.parquet"), _table(folder / "links.parquet"), complete
    )


def _table(path: Path) -> Table:
    names = tuple(pq.read_schema(path).names)

    def load(name: str) -> Sequence[Any]:
        return list(pq.read_table(path, columns=[name]).column(name).to_pylist())

    return Table(names, load)
