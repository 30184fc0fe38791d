"""Parts of a Word file that python-docx has no words for, as their XML."""

from __future__ import annotations

import zipfile
from pathlib import Path

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

_MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_SHAPES = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
NAMES = f'{nsdecls("w", "wp", "a", "r")} xmlns:m="{_MATH}" xmlns:wps="{_SHAPES}"'


def run(text: str, deleted: bool = False) -> str:
    """A run, or one that tracking changes took out."""
    tag = "w:delText" if deleted else "w:t"
    return f'<w:r><{tag} xml:space="preserve">{text}</{tag}></w:r>'


def add_numbering(made: Document, levels: tuple[str, ...]) -> int:
    """Define an automatic numbering with a text for each level; returns its id."""
    numbering = made.part.numbering_part.element
    shown = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for level, text in enumerate(levels)
    )
    numbering.insert(
        0, parse_xml(f'<w:abstractNum {NAMES} w:abstractNumId="77">{shown}</w:abstractNum>')
    )
    numbering.append(
        parse_xml(f'<w:num {NAMES} w:numId="77"><w:abstractNumId w:val="77"/></w:num>')
    )
    return 77


def numbered(made: Document, numbering: int, level: int, text: str) -> None:
    """Add a paragraph that Word numbers by itself."""
    properties = made.add_paragraph(text)._p.get_or_add_pPr()
    properties.append(
        parse_xml(
            f'<w:numPr {NAMES}><w:ilvl w:val="{level}"/><w:numId w:val="{numbering}"/></w:numPr>'
        )
    )


def equation(text: str, fraction: tuple[str, str] | None = None) -> str:
    """A formula as Word keeps it, with a fraction at its end."""
    over = under = ""
    if fraction:
        over, under = (f"<m:r><m:t>{part}</m:t></m:r>" for part in fraction)
        over = f"<m:f><m:num>{over}</m:num><m:den>{under}</m:den></m:f>"
    return f"<m:oMath {NAMES}><m:r><m:t>{text}</m:t></m:r>{over}</m:oMath>"


def box(text: str) -> str:
    """A paragraph with a text box that floats beside it, in Word's own form."""
    return (
        f'<w:p {NAMES}><w:r><w:drawing><wp:anchor behindDoc="0" distT="0" distB="0" distL="0" '
        'distR="0" simplePos="0" locked="0" layoutInCell="1" allowOverlap="1" relativeHeight="2">'
        '<wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="column"><wp:posOffset>0'
        '</wp:posOffset></wp:positionH><wp:positionV relativeFrom="paragraph"><wp:posOffset>0'
        '</wp:posOffset></wp:positionV><wp:extent cx="2400000" cy="600000"/><wp:wrapSquare '
        'wrapText="bothSides"/><wp:docPr id="5" name="Kutu"/><a:graphic><a:graphicData '
        f'uri="{_SHAPES}"><wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr/><wps:txbx><w:txbxContent>'
        f"<w:p>{run(text)}</w:p></w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData>"
        "</a:graphic></wp:anchor></w:drawing></w:r></w:p>"
    )


def add_footnotes(path: Path, after: str, text: str) -> None:
    """Put a footnote behind some words of a saved file."""
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    mark = '</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t xml:space="preserve">'
    body = held["word/document.xml"].decode().replace(after, after + mark, 1)
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    types = (
        held["[Content_Types].xml"]
        .decode()
        .replace(
            "</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'
        )
    )
    link = (
        '<Relationship Id="rId99" Target="footnotes.xml" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/footnotes"/></Relationships>'
    )
    links = held["word/_rels/document.xml.rels"].decode().replace("</Relationships>", link)
    note = (
        f'<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r>{run(" " + text)}</w:p></w:footnote>'
    )
    held["word/document.xml"] = body.encode()
    held["[Content_Types].xml"] = types.encode()
    held["word/_rels/document.xml.rels"] = links.encode()
    held["word/footnotes.xml"] = f"<w:footnotes {NAMES}>{note}</w:footnotes>".encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in held.items():
            archive.writestr(name, data)
