"""DOCX in the layout of GB/T 9704-2012 for plain documents: A4, type area 156 × 225 mm, 22 lines of 28 characters.

The program never imitates a red head, a document number or a seal: those come from the office system.
Fonts are named as the standard asks (小标宋, 仿宋, 黑体, 楷体); a machine without them substitutes its own.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import docx
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from kaoping.foreign.visible import undirected

# GB/T 9704-2012 5.2: 天头 37 mm, 订口 28 mm, 版心 156 × 225 mm.
TOP, LEFT, RIGHT, BOTTOM = Mm(37), Mm(28), Mm(26), Mm(35)
# 5.2.3: 22 lines a page on 225 mm.
LINE: Final = Pt(28.95)
TITLE_FONT, BODY_FONT, HEADING_FONT, SUBHEADING_FONT, TABLE_FONT = (
    "方正小标宋简体",
    "仿宋_GB2312",
    "黑体",
    "楷体_GB2312",
    "宋体",
)
LATIN_FONT: Final = "Times New Roman"
TITLE_SIZE, BODY_SIZE, TABLE_SIZE, FOOT_SIZE = Pt(22), Pt(16), Pt(10.5), Pt(14)


@dataclass(frozen=True, slots=True)
class Title:
    """2 号小标宋, centred."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """First level 黑体 (一、), second level 楷体 (（一）); the caller writes the number."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A body paragraph, indented by two characters unless ``indent`` is off."""

    text: str
    indent: bool = True
    align: str = "start"  # start | end | center


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a caption above; the header row repeats on each page."""

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float] = field(default=())


Block = Title | Heading | Text | Grid


def render(blocks: Iterable[Block], *, title: str, footer: str = "") -> bytes:
    """The document as bytes. ``footer`` is printed beside the page number (示例数据, 校验值)."""
    document = docx.Document()
    document.core_properties.title = title
    document.core_properties.author = ""
    document.core_properties.language = "zh-CN"
    _page(document, footer)
    for block in blocks:
        _add(document, block)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _page(document: Document, footer: str) -> None:
    section = document.sections[0]
    section.start_type = WD_SECTION.NEW_PAGE
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin = TOP, LEFT
    section.right_margin, section.bottom_margin = RIGHT, BOTTOM
    # 7.5: the page number stands 7 mm below the type area.
    section.footer_distance = Mm(26)
    _font(document.styles["Normal"], BODY_FONT, BODY_SIZE)
    document.settings.element.append(OxmlElement("w:evenAndOddHeaders"))
    _page_number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT, footer)
    _page_number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT, footer)


def _page_number(paragraph: Paragraph, align: WD_ALIGN_PARAGRAPH, note: str) -> None:
    """— 1 —, 4 号宋体; odd pages right, even pages left."""
    paragraph.alignment = align
    if note:
        _run(paragraph, f"{note}　", TABLE_FONT, TABLE_SIZE)
    _run(paragraph, "— ", TABLE_FONT, FOOT_SIZE)
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        if kind:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:instrText")
            element.text = text
        run._r.append(element)
    _font(run, TABLE_FONT, FOOT_SIZE)
    _run(paragraph, " —", TABLE_FONT, FOOT_SIZE)


def _add(document: Document, block: Block) -> None:
    if isinstance(block, Title):
        paragraph = _paragraph(document, WD_ALIGN_PARAGRAPH.CENTER)
        paragraph.paragraph_format.space_after = LINE
        paragraph.paragraph_format.line_spacing = Pt(34)
        _run(paragraph, block.text, TITLE_FONT, TITLE_SIZE)
    elif isinstance(block, Heading):
        paragraph = _paragraph(document, WD_ALIGN_PARAGRAPH.LEFT, indent=True)
        paragraph.paragraph_format.keep_with_next = True
        _run(paragraph, block.text, HEADING_FONT if block.level == 1 else SUBHEADING_FONT, BODY_SIZE)
    elif isinstance(block, Text):
        align = {
            "start": WD_ALIGN_PARAGRAPH.LEFT,
            "end": WD_ALIGN_PARAGRAPH.RIGHT,
            "center": WD_ALIGN_PARAGRAPH.CENTER,
        }[block.align]
        paragraph = _paragraph(document, align, indent=block.indent)
        _run(paragraph, block.text, BODY_FONT, BODY_SIZE)
    else:
        _grid(document, block)


def _grid(document: Document, block: Grid) -> None:
    caption = _paragraph(document, WD_ALIGN_PARAGRAPH.CENTER)
    caption.paragraph_format.keep_with_next = True
    _run(caption, block.caption, HEADING_FONT, Pt(14))
    table = document.add_table(rows=1, cols=len(block.header), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for cell, text in zip(table.rows[0].cells, block.header, strict=True):
        _cell(cell.paragraphs[0], text, HEADING_FONT, center=True)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in block.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            _cell(cell.paragraphs[0], text, TABLE_FONT, center=False)
    table.autofit = not block.widths
    for index, width in enumerate(block.widths):
        table.columns[index].width = Mm(width)  # LibreOffice and WPS read the grid, Word the cells
        for cell in table.columns[index].cells:
            cell.width = Mm(width)
    _paragraph(document, WD_ALIGN_PARAGRAPH.LEFT)


def _cell(paragraph: Paragraph, text: str, font: str, *, center: bool) -> None:
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if center else WD_ALIGN_PARAGRAPH.LEFT
    _run(paragraph, text, font, TABLE_SIZE)


def _paragraph(document: Document, align: WD_ALIGN_PARAGRAPH, *, indent: bool = False) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    form.space_before = form.space_after = Pt(0)
    if indent:
        form.first_line_indent = BODY_SIZE * 2
    return paragraph


def _run(paragraph: Paragraph, text: str, font: str, size: Pt) -> None:
    _font(paragraph.add_run(undirected(text)), font, size)


def _font(thing: object, east_asian: str, size: Pt) -> None:
    """Set the Latin and the East Asian face, which Word keeps apart."""
    thing.font.name, thing.font.size = LATIN_FONT, size  # type: ignore[attr-defined]
    element = getattr(thing, "_element", None) if hasattr(thing, "_element") else thing.element  # type: ignore[attr-defined]
    element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), east_asian)  # type: ignore[union-attr]
