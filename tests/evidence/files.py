"""Small office files made by hand, for what a person may hand in: OOXML, OFD, PDF, RTF, compound files."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
TYPES = HEAD + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def zipped(
    members: Mapping[str, bytes | str] | Iterable[tuple[str, bytes | str]], comment: bytes = b""
) -> bytes:
    """An archive of members in order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items() if isinstance(members, Mapping) else members:
            info = zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0))  # equal members make equal bytes
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
        archive.comment = comment
    return out.getvalue()


def named_in(encoding: str, name: str, content: bytes) -> bytes:
    """An archive whose one member's name is in an old encoding, without the flag for UTF-8."""
    raw = name.encode(encoding)
    stand_in = "x" * len(raw)
    return zipped({stand_in: content}).replace(stand_in.encode(), raw)


def paragraphs(*lines: str) -> str:
    """Paragraphs of WordprocessingML, the lines as they are (markup allowed)."""
    return "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)


def docx(
    *lines: str,
    parts: Mapping[str, bytes | str] | None = None,
    body: str = "",
    main: str = "word/document.xml",
) -> bytes:
    """A DOCX; ``body`` is raw markup after the lines, ``parts`` are further parts."""
    text = f"{HEAD}<w:document {W}><w:body>{paragraphs(*lines)}{body}</w:body></w:document>"
    return zipped({"[Content_Types].xml": TYPES, main: text, **(parts or {})})


def part(name: str, *lines: str) -> str:
    """A further part of a DOCX."""
    return f"{HEAD}<w:{name} {W}>{paragraphs(*lines)}</w:{name}>"


def xlsx(
    *cells: str,
    parts: Mapping[str, bytes | str] | None = None,
    sheet: str = "Sheet1",
    inline: bool = False,
    tail: str = "",
) -> bytes:
    """An XLSX of one column; ``tail`` is raw markup after the rows."""
    shared = "".join(f"<si><t>{cell}</t></si>" for cell in cells)
    rows = "".join(
        f'<row r="{n + 1}"><c r="A{n + 1}" t="{"inlineStr" if inline else "s"}">'
        + (f"<is><t>{cell}</t></is>" if inline else f"<v>{n}</v>")
        + "</c></row>"
        for n, cell in enumerate(cells)
    )
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": TYPES,
        "xl/workbook.xml": f'{HEAD}<workbook><sheets><sheet name="{sheet}" sheetId="1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f"{HEAD}<worksheet><sheetData>{rows}</sheetData>{tail}</worksheet>",
    }
    if not inline:
        members["xl/sharedStrings.xml"] = f"{HEAD}<sst>{shared}</sst>"
    return zipped({**members, **(parts or {})})


def pptx(*lines: str, parts: Mapping[str, bytes | str] | None = None) -> bytes:
    """A PPTX of one slide."""
    text = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in lines)
    slide = (
        f"{HEAD}<p:sld><p:cSld><p:spTree><p:sp><p:txBody>{text}</p:txBody></p:sp></p:spTree></p:cSld></p:sld>"
    )
    return zipped({"[Content_Types].xml": TYPES, "ppt/slides/slide1.xml": slide, **(parts or {})})


def ofd(*lines: str, parts: Mapping[str, bytes | str] | None = None) -> bytes:
    """An OFD of one page, one text object a line."""
    text = "".join(
        f'<ofd:TextObject ID="{n}"><ofd:TextCode X="0" Y="{n}">{line}</ofd:TextCode></ofd:TextObject>'
        for n, line in enumerate(lines)
    )
    return zipped(
        {
            "OFD.xml": f"{HEAD}<ofd:OFD><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            "Doc_0/Document.xml": f"{HEAD}<ofd:Document/>",
            "Doc_0/Pages/Page_0/Content.xml": f"{HEAD}<ofd:Page><ofd:Content>{text}</ofd:Content></ofd:Page>",
            **(parts or {}),
        }
    )


def pdf(
    *lines: str,
    info: Mapping[str, bytes] | None = None,
    more: Sequence[bytes] = (),
    page: bytes = b"",
    catalog: bytes = b"",
    padding: int = 0,
) -> bytes:
    """A PDF of one page whose text is drawn by glyph numbers, as office programs write it; ``info`` holds raw strings.

    ``more`` are further objects from number 9 on; ``page`` and ``catalog`` are raw entries of theirs.
    """
    signs = sorted(set("".join(lines)))
    glyph = {sign: number + 1 for number, sign in enumerate(signs)}
    drawn = "\n".join(
        f"BT /F1 14 Tf 60 {760 - 20 * n} Td <{''.join(f'{glyph[sign]:04x}' for sign in line)}> Tj ET"
        for n, line in enumerate(lines)
    ).encode()
    pairs = "\n".join(f"<{glyph[s]:04x}> <{s.encode('utf-16-be').hex()}>" for s in signs)
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{len(signs)} beginbfchar\n{pairs}\nendbfchar\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode()

    def stream(content: bytes) -> bytes:
        packed = zlib.compress(content)
        return b"<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream" % (len(packed), packed)

    filler = (
        b"" if not padding else b"<</Length %d>>\nstream\n%s\nendstream" % (padding, b"0 " * (padding // 2))
    )
    objects = [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>%s>>"
        % page,
        stream(drawn),
        b"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        b"/FontDescriptor 8 0 R/DW 1000>>",
        stream(cmap),
        b"<</Type/FontDescriptor/FontName/SimSun/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700/StemV 80>>",
        *more,
        *([filler] if filler else []),
        b"<<" + b"".join(b"/%s %s" % (key.encode(), value) for key, value in (info or {}).items()) + b">>",
    ]
    out, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, one in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        len(objects),
        start,
    )
    return bytes(out)


def wide(text: str) -> bytes:
    """A PDF string in UTF-16, in parentheses, as Word writes it."""
    raw = b"\xfe\xff" + text.encode("utf-16-be")
    return b"(" + raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)") + b")"


def hexed(text: str) -> bytes:
    """A PDF string in hexadecimal UTF-16."""
    return b"<FEFF" + text.encode("utf-16-be").hex().encode() + b">"


def rtf(*lines: str, hexadecimal: bool = False) -> bytes:
    """An RTF, as many a .doc is one; signs as ``\\u`` or as bytes of GBK."""

    def said(text: str) -> str:
        if hexadecimal:
            return "".join(f"\\'{one:02x}" for one in text.encode("gb18030"))
        return "".join(f"\\u{struct.unpack('<h', sign.encode('utf-16-le'))[0]}?" for sign in text)

    return ("{\\rtf1\\ansi\\ansicpg936 " + "".join(f"{said(line)}\\par\n" for line in lines) + "}").encode()


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file (OLE2) with these streams in its root."""
    sector, end, free = 512, 0xFFFFFFFE, 0xFFFFFFFF
    padded = {
        name: content.ljust(max(4096, -(-len(content) // sector) * sector), b"\0")
        for name, content in streams.items()
    }
    count = -(-(len(padded) + 1) // 4)
    total = count + sum(len(one) // sector for one in padded.values())
    tables = 1
    while tables * 128 < total + tables:
        tables += 1
    fat: list[int] = [0xFFFFFFFD] * tables
    fat += [tables + n + 1 for n in range(count - 1)] + [end]
    entries, body, at = [], b"", tables + count
    for name, content in padded.items():
        sectors = len(content) // sector
        entries.append((name, at, len(content)))
        fat += [at + n + 1 for n in range(sectors - 1)] + [end]
        body, at = body + content, at + sectors
    fat += [free] * (tables * 128 - len(fat))

    def entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
        raw = name.encode("utf-16-le") + b"\0\0"
        return raw.ljust(64, b"\0") + struct.pack(
            "<HBBIII16sIQQIQ", len(raw), kind, 1, free, right, child, b"", 0, 0, 0, start, size
        )

    directory = entry("Root Entry", 5, free, 1 if entries else free, end, 0)
    for number, (name, start, size) in enumerate(entries, start=1):
        directory += entry(name, 2, number + 1 if number < len(entries) else free, free, start, size)
    directory = directory.ljust(count * sector, b"\0")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, tables, 0, 4096, end, 0, end, 0
    )
    header += struct.pack("<109I", *(list(range(tables)) + [free] * (109 - tables)))
    return header + struct.pack(f"<{len(fat)}I", *fat) + directory + body


def word_stream(*lines: str) -> bytes:
    """What stands in a DOC's main stream: a header, then text in UTF-16 with carriage returns."""
    return (
        b"\xec\xa5\xc1\x00"
        + b"\x00\x01" * 766
        + "\r".join(lines).encode("utf-16-le")
        + b"\r\x00"
        + b"\0" * 40
    )
