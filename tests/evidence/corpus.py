"""Files that bear a 密级 mark in every place we could think of, and ordinary office files that bear none.

Both are made anew each time, seeded, so that nothing secret-looking lies in the repository. ``python -m bench.secrecy``
counts over them.
"""

from __future__ import annotations

import base64
import gzip
import io
import quopri
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from xlsxwriter import Workbook

from tests.evidence import files as f

PLAIN = "关于做好2025年政务公开工作的通知"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"


@dataclass(frozen=True, slots=True)
class Sample:
    """One file. ``readable`` is false where no program without eyes can see the mark."""

    kind: str
    name: str
    content: bytes
    readable: bool = True


def marked() -> list[Sample]:
    """Files that bear a mark, each kind at least once with another mark."""
    found = [Sample(kind, name, content) for kind, name, content in _marked()]
    return [*found, *(Sample(kind, name, content, False) for kind, name, content in _unreadable())]


def _two(kind: str, name: str, make: object, *marks: str) -> Iterator[tuple[str, str, bytes]]:
    for mark in marks or ("机密★10年", "秘密"):
        yield kind, name, make(mark)  # type: ignore[operator]


def _marked() -> Iterator[tuple[str, str, bytes]]:
    yield from _two("body", "a.docx", lambda m: f.docx(m, PLAIN))
    # Parts of DOCX
    for kind, path, root in (
        ("footnote", "word/footnotes.xml", "footnotes"),
        ("endnote", "word/endnotes.xml", "endnotes"),
        ("comment", "word/comments.xml", "comments"),
        ("header", "word/header1.xml", "hdr"),
        ("footer", "word/footer2.xml", "ftr"),
        ("glossary", "word/glossary/document.xml", "glossaryDocument"),
        ("odd part", "custom/x.dat", "document"),
    ):
        yield from _two(kind, "a.docx", lambda m, p=path, r=root: f.docx(PLAIN, parts={p: f.part(r, m)}))
    core = "<cp:coreProperties><dc:title>{}</dc:title></cp:coreProperties>"
    yield from _two(
        "properties", "a.docx", lambda m: f.docx(PLAIN, parts={"docProps/core.xml": core.format(m)})
    )
    yield from _two(
        "properties of a sheet", "a.xlsx",
        lambda m: f.xlsx(PLAIN, parts={"docProps/core.xml": f"<cp:coreProperties><cp:keywords>{m}</cp:keywords></cp:coreProperties>"}),
    )  # fmt: skip
    custom = '<Properties><property name="密级"><vt:lpwstr>{}</vt:lpwstr></property></Properties>'
    yield from _two(
        "custom property", "a.docx", lambda m: f.docx(PLAIN, parts={"docProps/custom.xml": custom.format(m)})
    )
    yield from _two(
        "name of a custom property", "a.docx",
        lambda m: f.docx(PLAIN, parts={"docProps/custom.xml": f'<Properties><property name="{m}"/></Properties>'}),
    )  # fmt: skip
    for kind, name, make in (
        ("embedded workbook", "xl.xlsx", f.xlsx),
        ("embedded document", "w.docx", f.docx),
        ("embedded slides", "p.pptx", f.pptx),
        ("embedded pdf", "p.pdf", f.pdf),
    ):
        yield from _two(
            kind, "a.docx", lambda m, n=name, k=make: f.docx(PLAIN, parts={f"word/embeddings/{n}": k(m)})
        )
    yield from _two(
        "embedded object", "a.docx",
        lambda m: f.docx(PLAIN, parts={"word/embeddings/oleObject1.bin": f.compound({"Package": f.docx(m)})}),
    )  # fmt: skip
    yield from _two(
        "embedded native object", "a.xlsx",
        lambda m: f.xlsx(PLAIN, parts={"xl/embeddings/o.bin": f.compound({"\x01Ole10Native": b"\x10\0\0\0\x02\0a.docx\0" + f.docx(m)})}),
    )  # fmt: skip
    for encoding in ("utf-16", "gb18030", "big5"):
        text = f"<?xml version='1.0' encoding='{encoding}'?><w:document><w:body>{{}}</w:body></w:document>"
        marks = ("機密★10年", "機密") if encoding == "big5" else ("机密★10年", "秘密")
        yield from _two(
            f"part in {encoding}", "a.docx",
            lambda m, t=text, e=encoding: f.zipped({"word/document.xml": t.format(f.paragraphs(m, "政務公開")).encode(e)}), *marks,
        )  # fmt: skip
    yield from _two("decimal entities", "a.docx", lambda m: f.docx("".join(f"&#{ord(s)};" for s in m), PLAIN))
    yield from _two(
        "hexadecimal entities",
        "a.html",
        lambda m: "".join(f"&#x{ord(s):x};" for s in m).join(["<p>", "</p>"]).encode(),
    )
    yield from _two(
        "doubled entities",
        "a.html",
        lambda m: "".join(f"&amp;#{ord(s)};" for s in m).join(["<p>", "</p>"]).encode(),
    )
    yield from _two("main part under another name", "a.docx", lambda m: f.docx(m, main="word/document2.xml"))
    yield from _two("main part far away", "a.docx", lambda m: f.docx(m, main="content/正文.part"))
    yield from _two(
        "cut up by runs", "a.docx", lambda m: f.docx("</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>".join(m))
    )
    yield from _two(
        "cut up by spell marks",
        "a.docx",
        lambda m: f.docx("</w:t></w:r><w:proofErr w:type='x'/><w:r><w:t>".join(m)),
    )
    yield from _two(
        "text box",
        "a.docx",
        lambda m: f.docx(
            PLAIN,
            body=f"<w:p><w:r><w:pict><v:shape><v:textbox><w:txbxContent>{f.paragraphs(m)}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>",
        ),
    )
    yield from _two(
        "word art",
        "a.docx",
        lambda m: f.docx(
            PLAIN,
            body=f'<w:p><w:r><w:pict><v:shape><v:textpath string="{m}"/></v:shape></w:pict></w:r></w:p>',
        ),
    )
    yield from _two(
        "deleted text",
        "a.docx",
        lambda m: f.docx(PLAIN, body=f"<w:p><w:del><w:r><w:delText>{m}</w:delText></w:r></w:del></w:p>"),
    )
    yield from _two(
        "hidden text",
        "a.docx",
        lambda m: f.docx(PLAIN, body=f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{m}</w:t></w:r></w:p>"),
    )
    yield from _two(
        "field",
        "a.docx",
        lambda m: f.docx(PLAIN, body=f'<w:p><w:r><w:instrText> QUOTE "{m}" </w:instrText></w:r></w:p>'),
    )
    yield from _two(
        "content control",
        "a.docx",
        lambda m: f.docx(PLAIN, body=f'<w:sdt><w:sdtPr><w:alias w:val="{m}"/></w:sdtPr></w:sdt>'),
    )
    yield from _two(
        "alternative text", "a.docx", lambda m: f.docx(PLAIN, body=f'<wp:docPr id="1" name="x" descr="{m}"/>')
    )
    yield from _two(
        "document variable",
        "a.docx",
        lambda m: f.docx(
            PLAIN, parts={"word/settings.xml": f'<w:settings><w:docVar w:name="a" w:val="{m}"/></w:settings>'}
        ),
    )
    yield from _two(
        "custom xml",
        "a.docx",
        lambda m: f.docx(PLAIN, parts={"customXml/item1.xml": f"<root><a>{m}</a></root>"}),
    )
    yield from _two(
        "table cell",
        "a.docx",
        lambda m: f.docx(
            PLAIN,
            body=f"<w:tbl><w:tr><w:tc>{f.paragraphs('密级')}</w:tc><w:tc>{f.paragraphs(m)}</w:tc></w:tr></w:tbl>",
        ),
    )
    yield from _two(
        "star as a symbol",
        "a.docx",
        lambda m: f.docx(
            PLAIN,
            body=f'<w:p><w:r><w:t>{m}</w:t><w:sym w:font="Wingdings" w:char="F0AB"/><w:t>10年</w:t></w:r></w:p>',
        ),
        "机密",
        "绝密",
    )
    yield from _two("link tip", "a.docx", lambda m: f.docx(PLAIN, body=f'<w:hyperlink w:tooltip="{m}"/>'))
    yield from _two(
        "diagram",
        "a.docx",
        lambda m: f.docx(
            PLAIN,
            parts={
                "word/diagrams/data1.xml": f"<dgm:dataModel><a:p><a:r><a:t>{m}</a:t></a:r></a:p></dgm:dataModel>"
            },
        ),
    )
    # Sheets
    yield from _two("inline string", "a.xlsx", lambda m: f.xlsx(PLAIN, m, inline=True))
    yield from _two("shared string", "a.xlsx", lambda m: f.xlsx(PLAIN, m))
    yield from _two(
        "formula", "a.xlsx", lambda m: f.xlsx(PLAIN, tail=f'<c t="str"><f>"机"&amp;"密"</f><v>{m}</v></c>')
    )
    yield from _two("sheet name", "a.xlsx", lambda m: f.xlsx(PLAIN, sheet=m))
    yield from _two(
        "hidden sheet",
        "a.xlsx",
        lambda m: f.xlsx(
            PLAIN,
            parts={
                "xl/worksheets/sheet9.xml": f'<worksheet><c t="inlineStr"><is><t>{m}</t></is></c></worksheet>'
            },
        ),
    )
    yield from _two(
        "sheet header",
        "a.xlsx",
        lambda m: f.xlsx(PLAIN, tail=f"<headerFooter><oddHeader>&amp;L{m}</oddHeader></headerFooter>"),
    )
    yield from _two(
        "sheet footer with font",
        "a.xlsx",
        lambda m: f.xlsx(
            PLAIN,
            tail=f'<headerFooter><oddFooter>&amp;C&amp;"宋体,加粗"&amp;14{m}&amp;R&amp;P</oddFooter></headerFooter>',
        ),
        "机密★10年",
        "机密",
    )
    yield from _two(
        "sheet comment",
        "a.xlsx",
        lambda m: f.xlsx(
            PLAIN,
            parts={
                "xl/comments1.xml": f"<comments><comment><text><r><t>{m}</t></r></text></comment></comments>"
            },
        ),
    )
    yield from _two(
        "threaded comment",
        "a.xlsx",
        lambda m: f.xlsx(
            PLAIN,
            parts={
                "xl/threadedComments/t.xml": f"<ThreadedComments><threadedComment><text>{m}</text></threadedComment></ThreadedComments>"
            },
        ),
    )
    yield from _two(
        "prompt of a cell", "a.xlsx", lambda m: f.xlsx(PLAIN, tail=f'<dataValidation prompt="{m}"/>')
    )
    yield from _two(
        "defined name",
        "a.xlsx",
        lambda m: f.xlsx(PLAIN, parts={"xl/x.xml": f'<definedName name="a">"{m}"</definedName>'}),
    )
    yield from _two(
        "drawing on a sheet",
        "a.xlsx",
        lambda m: f.xlsx(
            PLAIN,
            parts={"xl/drawings/drawing1.xml": f"<xdr:wsDr><a:p><a:r><a:t>{m}</a:t></a:r></a:p></xdr:wsDr>"},
        ),
    )
    yield from _two(
        "chart",
        "a.xlsx",
        lambda m: f.xlsx(
            PLAIN, parts={"xl/charts/chart1.xml": f"<c:chart><a:p><a:r><a:t>{m}</a:t></a:r></a:p></c:chart>"}
        ),
    )
    yield from _two(
        "pivot cache",
        "a.xlsx",
        lambda m: f.xlsx(PLAIN, parts={"xl/pivotCache/p.xml": f'<sharedItems><s v="{m}"/></sharedItems>'}),
    )
    # Slides
    yield from _two("slide", "a.pptx", lambda m: f.pptx(PLAIN, m))
    yield from _two(
        "notes of a slide",
        "a.pptx",
        lambda m: f.pptx(
            PLAIN, parts={"ppt/notesSlides/n.xml": f"<p:notes><a:p><a:r><a:t>{m}</a:t></a:r></a:p></p:notes>"}
        ),
    )
    yield from _two(
        "master of slides",
        "a.pptx",
        lambda m: f.pptx(
            PLAIN,
            parts={
                "ppt/slideMasters/m.xml": f"<p:sldMaster><a:p><a:r><a:t>{m}</a:t></a:r></a:p></p:sldMaster>"
            },
        ),
    )
    yield from _two(
        "comment on a slide",
        "a.pptx",
        lambda m: f.pptx(PLAIN, parts={"ppt/comments/c.xml": f"<p:cm><p:text>{m}</p:text></p:cm>"}),
    )
    # OFD
    yield from _two("ofd", "a.ofd", lambda m: f.ofd(m, PLAIN))
    yield from _two("ofd, sign by sign", "a.ofd", lambda m: f.ofd(*m, PLAIN), "机密★10年", "密级：秘密★")
    yield from _two(
        "ofd attachment", "a.ofd", lambda m: f.ofd(PLAIN, parts={"Doc_0/Attachs/附件.docx": f.docx(m)})
    )
    yield from _two(
        "ofd properties",
        "a.ofd",
        lambda m: f.ofd(PLAIN, parts={"OFD.xml": f"<ofd:OFD><ofd:Title>{m}</ofd:Title></ofd:OFD>"}),
    )
    # Old formats
    for name in ("a.doc", "a.wps"):
        yield from _two(
            name[2:], name, lambda m: f.compound({"WordDocument": f.word_stream(PLAIN, m, "正文")})
        )
    yield from _two(
        "doc properties",
        "a.doc",
        lambda m: f.compound(
            {
                "WordDocument": f.word_stream(PLAIN),
                "\x05SummaryInformation": b"\xfe\xff\0\0" + b"\0" * 60 + m.encode("gb18030") + b"\0",
            }
        ),
    )
    yield from _two(
        "ppt",
        "a.ppt",
        lambda m: f.compound(
            {
                "PowerPoint Document": b"\x00\x00\xa0\x0f"
                + struct.pack("<I", len(m) * 2)
                + m.encode("utf-16-le")
                + b"\x00\x00"
            }
        ),
    )
    yield from _two(
        "xls",
        "a.xls",
        lambda m: f.compound(
            {
                "Workbook": b"\xfc\x00\x30\x00"
                + struct.pack("<HB", len(m), 1)
                + m.encode("utf-16-le")
                + b"\x02\x00\x00"
            }
        ),
    )
    yield from _two(
        "et",
        "a.et",
        lambda m: f.compound(
            {
                "Book": b"\xfc\x00\x30\x00"
                + struct.pack("<HB", len(m), 1)
                + m.encode("utf-16-le")
                + b"\x02\x00\x00"
            }
        ),
    )
    yield from _two("rtf", "a.doc", lambda m: f.rtf(m, PLAIN))
    yield from _two("rtf in bytes", "a.doc", lambda m: f.rtf(PLAIN, m, hexadecimal=True))
    # Archives
    yield from _two("zip in zip", "a.zip", lambda m: f.zipped({"内.zip": f.zipped({"通知.txt": m.encode()})}))
    yield from _two(
        "zip in zip in zip",
        "a.zip",
        lambda m: f.zipped({"1.zip": f.zipped({"2.zip": f.zipped({"通知.docx": f.docx(m)})})}),
    )
    for name, make in (("a.pdf", f.pdf), ("a.ofd", f.ofd), ("a.pptx", f.pptx), ("a.xlsx", f.xlsx)):
        yield from _two(f"{name[2:]} in zip", "a.zip", lambda m, n=name, k=make: f.zipped({n: k(m)}))
    yield from _two(
        "doc in zip", "a.zip", lambda m: f.zipped({"a.doc": f.compound({"WordDocument": f.word_stream(m)})})
    )
    yield from _two("member's name", "a.zip", lambda m: f.zipped({f"{m}.txt": b"x"}))
    yield from _two("folder's name", "a.zip", lambda m: f.zipped({f"{m}/a.txt": b"x"}))
    yield from _two("member's name in GBK", "a.zip", lambda m: f.named_in("gb18030", f"{m}.txt", b"x"))
    yield from _two(
        "comment of an archive", "a.zip", lambda m: f.zipped({"a.txt": b"x"}, comment=m.encode("gb18030"))
    )
    yield from _two(
        "501st member",
        "a.zip",
        lambda m: f.zipped([*((f"{n}.txt", b"x") for n in range(500)), ("z.txt", m.encode())]),
    )
    yield from _two(
        "3001st member",
        "a.docx",
        lambda m: f.docx(
            PLAIN, parts={**{f"x/{n}.xml": "<a/>" for n in range(3000)}, "x/z.xml": f"<a>{m}</a>"}
        ),
    )
    yield from _two("without a suffix", "a.zip", lambda m: f.zipped({"README": m.encode("gb18030")}))
    yield from _two("wrong suffix", "a.zip", lambda m: f.zipped({"a.jpg": f.docx(m)}))
    yield from _two("part of 24 MB", "a.docx", lambda m: f.docx(body=" " * (24 << 20) + f.paragraphs(m)))
    # Plain texts
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"):
        yield from _two(
            f"text in {encoding}", "a.txt", lambda m, e=encoding: f"{PLAIN}\r\n{m}\r\n正文内容".encode(e)
        )
    for encoding in ("big5", "utf-16-le", "gb18030"):
        yield from _two(
            f"traditional in {encoding}",
            "a.txt",
            lambda m, e=encoding: f"{m}\n關於政務公開".encode(e),
            "機密★10年",
            "極機密\n機密",
        )
    yield from _two(
        "csv in GBK", "a.csv", lambda m: f"序号,密级\n1,{m}\n".encode("gb18030").replace(b",", b"\n")
    )
    yield from _two("html comment", "a.html", lambda m: f"<html><!-- {m} --><p>{PLAIN}</p></html>".encode())
    yield from _two("html attribute", "a.html", lambda m: f'<p title="{m}">{PLAIN}</p>'.encode())
    yield from _two("html title", "a.html", lambda m: f"<title>{m}</title><p>{PLAIN}</p>".encode("gb18030"))
    yield from _two("html cut up", "a.html", lambda m: f"<p><b>{'</b><i></i><b>'.join(m)}</b></p>".encode())
    yield from _two(
        "script",
        "a.html",
        lambda m: ("<script>var a='" + "".join(f"\\u{ord(s):04x}" for s in m) + "'</script>").encode(),
    )
    yield from _encoded()
    # Ways to write it
    for kind, text in (
        ("no star", "机密 10年"), ("no star, Chinese number", "秘密　十年"), ("label", "密级：机密"), ("label with blanks", "密 级 ： 秘 密"),
        ("label in a line", "文号：常政办〔2025〕3号  密级：机密  保密期限：10年"), ("label and class", "密级:机密级"), ("other star", "机密☆10年"),
        ("asterisk", "秘密*5年"), ("emoji", "绝密⭐长期"), ("zero width", "机\u200b密\u2060★10年"), ("soft hyphen", "秘\u00ad密★1年"),
        ("between signs", "机·密"), ("between dots", "绝……密"), ("traditional", "機密★10年"), ("variant", "祕密"), ("full width", "机密★１０年"),
        ("wide blanks", "机　　密"), ("brackets", "【机密】"), ("round brackets", "（秘密）"), ("quoted alone", "“机密★10年”"),
        ("number and urgency", "000013 机密★1年 特急"), ("upright", "机\n密\n★\n十\n年"), ("work secret", "工作秘密"), ("work secret with star", "工作秘密★3年"),
        ("work secret labelled", "密级：工作秘密"), ("in a sentence", "附件 秘密★1年 见后页"), ("long term", "绝密★长期"), ("degree", "保密等级：机密"), ("class of secrecy", "保密级别：秘密"), ("secrecy degree", "涉密等级: 绝密"),
        ("degree in a line", "编号：3  保密等级：机密  份号：2"), ("radicals", "⽲机密★1年".replace("⽲", "")),
        ("centred", " " * 40 + "机密"), ("combining", "机\u0301密\u0301★1年"),
    ):  # fmt: skip
        yield kind, "a.txt", f"{text}\n{PLAIN}".encode()
        yield kind, "a.docx", f.docx(*text.split("\n"), PLAIN)
    # PDF
    yield from _two("pdf page", "a.pdf", lambda m: f.pdf(m, PLAIN))
    for key in ("Title", "Subject", "Keywords", "Secrecy"):
        yield from _two(f"pdf {key} in UTF-16", "a.pdf", lambda m, k=key: f.pdf(PLAIN, info={k: f.wide(m)}))
    yield from _two(
        "pdf property in hexadecimal", "a.pdf", lambda m: f.pdf(PLAIN, info={"Title": f.hexed(m)})
    )
    yield from _two(
        "pdf property in GBK",
        "a.pdf",
        lambda m: f.pdf(PLAIN, info={"Title": b"(" + m.encode("gb18030") + b")"}),
    )
    yield from _two(
        "pdf after 300 kB", "a.pdf", lambda m: f.pdf(PLAIN, info={"Title": f.wide(m)}, padding=300_000)
    )
    yield from _two("broken pdf, UTF-16", "a.pdf", lambda m: b"%PDF-1.7 " + f.wide(m))
    yield from _two("broken pdf, hexadecimal", "a.pdf", lambda m: b"%PDF-1.7 " + f.hexed(m))
    yield from _two("broken pdf, after 200 kB", "a.pdf", lambda m: b"%PDF-1.7 " + b" " * 210_000 + f.wide(m))
    yield from _two(
        "pdf note",
        "a.pdf",
        lambda m: f.pdf(
            PLAIN, page=b"/Annots[<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents %s>>]" % f.hexed(m)
        ),
    )
    yield from _two(
        "pdf bookmark",
        "a.pdf",
        lambda m: f.pdf(
            PLAIN,
            catalog=b"/Outlines 9 0 R",
            more=[b"<</First 10 0 R/Last 10 0 R>>", b"<</Title %s/Parent 9 0 R>>" % f.wide(m)],
        ),
    )
    yield from _two(
        "pdf xmp, packed",
        "a.pdf",
        lambda m: f.pdf(
            PLAIN, more=[_packed(f"<?xpacket?><x:xmpmeta><dc:title>{m}</dc:title></x:xmpmeta>".encode())]
        ),
    )
    yield from _two(
        "pdf object stream", "a.pdf", lambda m: f.pdf(PLAIN, more=[_packed(b"1 0 <</X %s>>" % f.hexed(m))])
    )
    yield from _two(
        "pdf attachment",
        "a.pdf",
        lambda m: f.pdf(
            PLAIN,
            catalog=b"/Names<</EmbeddedFiles<</Names[(a.docx) 10 0 R]>>>>",
            more=[_packed(f.docx(m)), b"<</Type/Filespec/F(a.docx)/EF<</F 9 0 R>>>>"],
        ),
    )
    # Descriptions inside pictures
    yield from _two(
        "picture's description",
        "a.jpg",
        lambda m: JPEG + f"<x:xmpmeta>{m}</x:xmpmeta>".encode(),
        "机密★10年",
        "秘密★",
    )
    # Names
    for name in ("机密★10年.pdf", "（机密）通知.pdf", "秘密-通知.pdf", "機密.pdf", "【绝密】方案.pdf"):
        yield "own name", name, f.pdf(PLAIN)


def _mail(
    body: bytes, transfer: str, *, kind: str = "text/html; charset=gb2312", subject: str = "a"
) -> bytes:
    """A mail, or a web archive, of one part beside a plain one."""
    return (
        (
            f"From: <a@example.org>\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/related;\r\n boundary="----=_Next"\r\n\r\n------=_Next\r\n'
            "Content-Type: text/plain\r\n\r\nhello\r\n------=_Next\r\n"
            f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {transfer}\r\n\r\n"
        ).encode()
        + body
        + b"\r\n------=_Next--\r\n"
    )


def _mht(mark: str, transfer: str) -> bytes:
    page = f"<html><body><p>{mark}</p><p>{PLAIN}</p></body></html>".encode("gb18030")
    return _mail(base64.encodebytes(page) if transfer == "base64" else quopri.encodestring(page), transfer)


def _word(mark: str, charset: str, way: str) -> str:
    content = mark.encode(charset)
    said = base64.b64encode(content).decode() if way == "B" else "".join(f"={one:02X}" for one in content)
    return f"=?{charset}?{way}?{said}?="


def _encoded() -> Iterator[tuple[str, str, bytes]]:
    """Marks in a text in another form, which the reader's program shows decoded."""

    def whole(mark: str) -> str:
        return base64.b64encode(mark.encode()).decode()

    for transfer in ("base64", "quoted-printable"):
        yield from _two(
            f"web archive in {transfer} in a document", "a.docx",
            lambda m, t=transfer: f.docx(PLAIN, parts={"word/afchunk1.mht": _mht(m, t)}),
        )  # fmt: skip
        yield from _two(f"mail in {transfer}", "a.zip", lambda m, t=transfer: f.zipped({"a.eml": _mht(m, t)}))
        yield from _two(
            f"web archive in {transfer}, called a text", "a.txt", lambda m, t=transfer: _mht(m, t)
        )
        yield from _two(
            f"web archive in {transfer} after other lines", "a.txt", lambda m, t=transfer: b"hello\n\n" + _mht(m, t)
        )  # fmt: skip
    for charset in ("utf-8", "gb2312", "gb18030"):
        for way in ("B", "Q"):
            yield from _two(
                f"mail's subject in {charset}, {way}", "a.zip",
                lambda m, c=charset, w=way: f.zipped({"a.eml": _mail(b"x", "7bit", subject=_word(m, c, w))}), "绝密", "秘密",
            )  # fmt: skip
    yield from _two(
        "mail's subject cut in two", "a.zip",
        lambda m: f.zipped({"a.eml": _mail(b"x", "7bit", subject="\r\n ".join(_word(one, "utf-8", "B") for one in m))}),
    )  # fmt: skip
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    yield from _two(
        "document attached to a mail", "a.zip",
        lambda m: f.zipped({"a.eml": _mail(base64.encodebytes(f.docx(m)), "base64", kind=f"{word}; name=a.docx")}),
    )  # fmt: skip
    yield from _two(
        "mail within a mail", "a.zip",
        lambda m: f.zipped({"a.eml": _mail(_mht(m, "base64"), "8bit", kind="message/rfc822")}),
    )  # fmt: skip
    yield from _two(
        "name of an attachment", "a.zip",
        lambda m: f.zipped({"a.eml": _mail(b"x", "7bit", kind=f"text/plain; name*=utf-8''{quote(m)}.txt")}),
    )  # fmt: skip
    yield from _two(
        "document in one XML file", "a.txt",
        lambda m: b"<pkg:package><pkg:binaryData>" + base64.encodebytes(f.docx(m)) + b"</pkg:binaryData></pkg:package>",
    )  # fmt: skip
    yield from _two(
        "base64", "a.txt", lambda m: f"{PLAIN}\n{whole(m + PLAIN[:0])}\n".encode(), "机密★10年", "秘密★1年"
    )
    yield from _two("base64 twice", "a.txt", lambda m: whole(whole(f"{m}\n{PLAIN * 3}")).encode())
    yield from _two(
        "base64 in UTF-16", "a.txt", lambda m: base64.encodebytes(f"{m}\n{PLAIN}".encode("utf-16"))
    )
    yield from _two(
        "base64 after a long word",
        "a.txt",
        lambda m: f"averyveryverylongword\n{whole(m)}".encode(),
        "机密★10年",
        "秘密★1年",
    )
    yield from _two("quoted-printable", "a.txt", lambda m: quopri.encodestring(f"{m}\n{PLAIN}".encode()))
    for charset in ("utf-8", "gb18030"):
        yield from _two(
            f"data in an address, {charset}", "a.html",
            lambda m, c=charset: f'<iframe src="data:text/html;charset={c},{quote(m.encode(c))}"></iframe>'.encode(),
        )  # fmt: skip
        yield from _two(
            f"data in base64, {charset}", "a.html",
            lambda m, c=charset: b'<a href="data:text/plain;base64,' + base64.b64encode(m.encode(c)) + b'">a</a>',
        )  # fmt: skip
    for form in ("\\{:X}", "\\{:06x}", "\\{:x} "):
        yield from _two(
            f"style sheet, {form}", "a.html",
            lambda m, w=form: ('<style>p::before{content:"' + "".join(w.format(ord(s)) for s in m) + '"}</style>').encode(), "机密", "秘密",
        )  # fmt: skip
    for form in ("\\u{{{:x}}}", "%u{:04X}"):
        yield from _two(
            f"script, {form}", "a.html",
            lambda m, w=form: ("<script>a='" + "".join(w.format(ord(s)) for s in m) + "'</script>").encode(),
        )  # fmt: skip
    yield from _two(
        "script, byte by byte", "a.html",
        lambda m: ("<script>a='" + "".join(f"\\x{one:02x}" for one in m.encode()) + "'</script>").encode(),
    )  # fmt: skip
    ruby = "".join
    yield from _two(
        "with its reading",
        "a.html",
        lambda m: f"<p><ruby>{ruby(f'{s}<rt>mi</rt>' for s in m)}</ruby></p>".encode(),
        "机密",
        "秘密",
    )
    yield from _two(
        "with its reading in brackets", "a.html",
        lambda m: f"<p>密<rp>(</rp><rt>mì</rt><rp>)</rp>级：{ruby(f'{s}<rp>(</rp><rt>mi</rt><rp>)</rp>' for s in m)}</p>".encode(), "机密", "秘密",
    )  # fmt: skip
    yield from _two(
        "with open readings",
        "a.html",
        lambda m: f"<p><ruby>{ruby(f'<rb>{s}<rt>mi' for s in m)}</ruby></p>".encode(),
        "机密",
        "秘密",
    )
    yield from _two(
        "with its reading in a document", "a.docx",
        lambda m: f.docx(body="<w:p>" + ruby(f"<w:r><w:ruby><w:rt><w:r><w:t>mi</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>{s}</w:t></w:r></w:rubyBase></w:ruby></w:r>" for s in m) + "</w:p>"),
        "机密", "秘密",
    )  # fmt: skip
    yield from _two("UTF-7", "a.txt", lambda m: f"{m}\n{PLAIN}".encode("utf-7"))
    for encoding in ("cp932", "euc_jp", "iso2022_jp"):
        yield from _two(
            f"text in {encoding}", "a.txt", lambda m, e=encoding: f"{m}\n公開".encode(e), "機密", "絶密"
        )
    for encoding in ("cp949", "johab", "iso2022_kr"):
        yield from _two(
            f"text in {encoding}", "a.txt", lambda m, e=encoding: f"{m}\n公開".encode(e), "機密", "絶密"
        )


def _packed(content: bytes) -> bytes:
    packed = zlib.compress(content)
    return b"<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream" % (len(packed), packed)


def _unreadable() -> Iterator[tuple[str, str, bytes]]:
    """Marks that no program without eyes sees: they must be told as not looked at."""
    image = b"<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length 1>>\nstream\n\0\nendstream"
    yield "scan", "a.pdf", f.pdf(more=[image], page=b"/X 9 0 R")
    yield "photograph", "a.jpg", JPEG + b"\0" * 100
    yield "picture in a document", "a.docx", f.docx(PLAIN, parts={"word/media/image1.jpeg": JPEG})
    locked = bytearray(f.zipped({"a.txt": "机密★10年".encode()}))
    at = locked.rfind(b"PK\x01\x02")
    locked[6] |= 1
    locked[at + 8] |= 1
    yield "locked archive", "a.zip", bytes(locked)
    yield "locked document", "a.doc", f.compound({"EncryptionInfo": b"x", "EncryptedPackage": b"y" * 99})
    yield "gzip", "a.zip", f.zipped({"a.gz": gzip.compress("机密★10年".encode())})
    other = bytearray(f.zipped({"a.txt": "机密★10年".encode()}))
    at = other.rfind(b"PK\x01\x02")
    other[8:10] = other[at + 10 : at + 12] = b"\x62\x00"
    yield "unknown compression", "a.zip", bytes(other)
    yield "uuencoded", "a.txt", b"begin 644 a.txt\n-YIRZY:^&XIB%,3#EN;0\n`\nend\n"
    yield "locked mail", "a.txt", b"-----BEGIN PGP MESSAGE-----\n\nhQEMA0\n-----END PGP MESSAGE-----\n"
    yield "text in ISO-2022-CN", "a.txt", b"\x1b$)A\x0e;zCX\x0f"
    yield "mail in an unknown code", "a.txt", _mail(b"x", "x-own")
    deep = "机密★10年".encode()
    for number in range(9):
        deep = f.zipped({f"{number}.zip" if number else "a.txt": deep})
    yield "archives nine deep", "a.zip", deep


_SUBJECTS = [
    "政务公开",
    "保密审查",
    "教育收费",
    "水利工程",
    "行政许可",
    "财政预算",
    "重大决策",
    "政策解读",
    "依申请公开",
    "优化营商环境",
    "机密信息防护",
    "档案管理",
]
_SENTENCES = (
    "各辖市、区人民政府，市各委办局，市各直属单位：",
    "公开前应当依照《中华人民共和国保守国家秘密法》进行保密审查，未经审查的不得公开。",
    "涉及国家秘密、工作秘密、商业秘密和个人隐私的，不予公开。",
    "保密审查意见：经审查，本件不涉及国家秘密、工作秘密，可以公开。",
    "国家秘密的密级分为绝密、机密、秘密三级。",
    "严禁在非涉密系统中处理机密文件，严禁泄露工作秘密。",
    "《保密法》宣传月活动于五月开展，组织学习《保密法实施条例》。",
    "各单位要严守机密，做到守口如瓶。",
    "信息系统应当保证数据的机密性、完整性和可用性。",
    "密级标志由密级、★和保密期限组成，例如“秘密★1年”。",
    "本表密级一栏请勾选：□绝密 □机密 □秘密 □不涉密",
    "属于国家秘密的，依法不予公开（第十四条）。",
    "本年新收政府信息公开申请 37 件，上年结转 2 件，予以公开 21 件。",
    "请于3月28日前将整改情况报政务公开办。",
    "联系人：王某，电话：0519-12345678。",
    "会议强调，要压实责任，抓好落实，不断提高公开质量。",
    "三、组织领导。成立领导小组，由分管领导任组长。",
    "附件：1.任务分解表  2.保密审查登记表",
)
_CELLS = (
    *[
        "序号",
        "单位",
        "指标",
        "分值",
        "得分",
        "备注",
        "是",
        "否",
        "公开",
        "不予公开",
        "部分公开",
        "属于国家秘密",
        "涉及商业秘密",
        "工作秘密事项目录",
        "保密员",
        "密级",
        "保密期限",
        "无",
        "不涉密",
        "一般",
    ],
)


def ordinary(count: int = 300, seed: int = 7) -> list[Sample]:
    """Ordinary office files of all kinds that are taken, with sentences that speak of secrets."""
    chance = random.Random(seed)
    makers = (_docx, _xlsx, _pdf, _txt, _html, _csv, _pptx, _ofd, _doc, _zip)
    return [makers[number % len(makers)](chance, number) for number in range(count)]


def _lines(chance: random.Random) -> list[str]:
    title = f"关于做好{chance.choice((2023, 2024, 2025))}年{chance.choice(_SUBJECTS)}工作的{chance.choice(('通知', '报告', '函', '方案'))}"
    number = f"常政办〔2025〕{chance.randint(1, 99)}号"
    return [
        number,
        title,
        *chance.sample(_SENTENCES, chance.randint(4, 12)),
        "常州市人民政府办公室",
        "2025年3月3日",
    ]


def _name(chance: random.Random, number: int) -> str:
    return f"{number:03d}{chance.choice(_SUBJECTS)}{chance.choice(('审查表', '台账', '工作总结', '通知', '清单'))}"


def _docx(chance: random.Random, number: int) -> Sample:
    lines = _lines(chance)
    cells = "".join(f"<w:tc>{f.paragraphs(one)}</w:tc>" for one in chance.sample(_CELLS, 6))
    content = f.docx(
        *lines,
        body=f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>",
        parts={"word/footnotes.xml": f.part("footnotes", chance.choice(_SENTENCES))},
    )
    return Sample("docx", f"{_name(chance, number)}.docx", content)


def _xlsx(chance: random.Random, number: int) -> Sample:
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        sheet.set_header("&C保密审查台账")
        for row in range(chance.randint(5, 60)):
            for column in range(8):
                sheet.write(
                    row, column, chance.choice((*_CELLS, chance.randint(1, 999), chance.choice(_SENTENCES)))
                )
    return Sample("xlsx", f"{_name(chance, number)}.xlsx", out.getvalue())


def _pdf(chance: random.Random, number: int) -> Sample:
    return Sample(
        "pdf",
        f"{_name(chance, number)}.pdf",
        f.pdf(*_lines(chance), info={"Title": f.wide(_lines(chance)[1]), "Producer": b"(WPS)"}),
    )


def _txt(chance: random.Random, number: int) -> Sample:
    encoding = chance.choice(("utf-8", "gb18030", "utf-8-sig", "utf-16"))
    return Sample("txt", f"{_name(chance, number)}.txt", "\r\n".join(_lines(chance)).encode(encoding))


def _html(chance: random.Random, number: int) -> Sample:
    body = "".join(f"<p class='x'>{one}</p>" for one in _lines(chance)) + "\n" * chance.randint(0, 3000)
    encoding = chance.choice(("utf-8", "gb18030"))
    return Sample(
        "html",
        f"{_name(chance, number)}.html",
        f"<html><title>{_lines(chance)[1]}</title>{body}</html>".encode(encoding),
    )


def _csv(chance: random.Random, number: int) -> Sample:
    rows = [",".join(chance.choice(_CELLS) for _ in range(7)) for _ in range(60)]
    return Sample(
        "csv", f"{_name(chance, number)}.csv", "\n".join(rows).encode(chance.choice(("utf-8-sig", "gb18030")))
    )


def _pptx(chance: random.Random, number: int) -> Sample:
    return Sample("pptx", f"{_name(chance, number)}.pptx", f.pptx(*_lines(chance)))


def _ofd(chance: random.Random, number: int) -> Sample:
    return Sample("ofd", f"{_name(chance, number)}.ofd", f.ofd(*_lines(chance)))


def _doc(chance: random.Random, number: int) -> Sample:
    noise = chance.randbytes(chance.randint(4000, 400_000))
    streams = {"WordDocument": f.word_stream(*_lines(chance)), "1Table": noise[:4000], "Data": noise}
    return Sample("doc", f"{_name(chance, number)}.doc", f.compound(streams))


def _zip(chance: random.Random, number: int) -> Sample:
    inner = [_docx(chance, number), _txt(chance, number), _pdf(chance, number)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for one in inner:
            archive.writestr(one.name, one.content)
        page = "<br>".join(_lines(chance)).encode("gb18030")
        archive.writestr(
            "往来.eml",
            _mail(base64.encodebytes(page), "base64", subject=_word(_lines(chance)[1], "utf-8", "B")),
        )
        archive.writestr("网页.mht", _mail(quopri.encodestring(page), "quoted-printable"))
        archive.writestr(
            "页.html",
            f"<style>a{{content:'\\201C'}}</style><p><ruby>密<rt>mì</rt>级</ruby>{_lines(chance)[1]}</p>",
        )
        archive.writestr("校验.txt", base64.encodebytes(chance.randbytes(3000)))
        archive.writestr("照片.jpg", JPEG + chance.randbytes(chance.randint(1000, 300_000)))
    return Sample("zip", f"{_name(chance, number)}.zip", out.getvalue())
