"""Documents of every format, made with the libraries other programs make them with."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part as OpcPart
from docx.oxml.ns import qn
from fpdf import FPDF
from fpdf.enums import AccessPermission, EncryptionMethod
from openpyxl import Workbook
from PIL import Image
from pptx import Presentation
from pptx.util import Emu

_FONTS = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
TURKISH = (
    "Ağrı'da güneş geç doğar; ışık önce Iğdır ovasına düşer.",
    "İstanbul Boğazı'nın akıntısı kuzeyden güneye doğrudur.",
    "Çiftçiler şeker pancarını ekim ayında söker.",
)


def pdf(pages: Sequence[str], titles: Sequence[str] = ()) -> bytes:
    """A PDF with a text a page, and a title above it that is in the outline too."""
    made = _empty_pdf()
    for index, text in enumerate(pages):
        made.add_page()
        if index < len(titles):
            made.start_section(titles[index])
            made.cell(text=titles[index], new_x="LMARGIN", new_y="NEXT")
        made.multi_cell(0, 5, text)
    return bytes(made.output())


def scanned_pdf(pages: Sequence[str] = ("", "")) -> bytes:
    """Pages that have a text or, where it is empty, are a picture."""
    made = _empty_pdf()
    picture = io.BytesIO()
    Image.new("L", (400, 600), 200).save(picture, "PNG")
    for text in pages:
        made.add_page()
        if text:
            made.multi_cell(0, 5, text)
        else:
            made.image(picture, 0, 0, 200)
    return bytes(made.output())


def locked_pdf(password: str) -> bytes:
    """A PDF that asks for a password; an empty one restricts without asking."""
    made = _empty_pdf()
    made.set_encryption(
        "owner", password, EncryptionMethod.AES_256, permissions=AccessPermission.none()
    )
    made.add_page()
    made.multi_cell(0, 5, TURKISH[0])
    return bytes(made.output())


def docx() -> bytes:
    """An English report of two pages with headings and a table."""
    made: Any = Document()
    made.add_heading("Storm report", 0)
    made.add_heading("Cause", 1)
    made.add_paragraph("The wind came from the south.")
    made.add_page_break()
    made.add_heading("Damage", 1)
    made.add_paragraph("Forty trees fell in one night.")
    rows = [("Town", "Loss"), ("Ayvalık", "12")]
    table = made.add_table(len(rows), 2)
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    return _saved(made)


def docx_as_word_saves_it() -> bytes:
    """A page that ends in the middle of a paragraph, and a table in a table."""
    made: Any = Document()
    paragraph = made.add_paragraph("The first page ends ")
    mark = paragraph.add_run()._r
    mark.append(mark.makeelement(qn("w:lastRenderedPageBreak"), {}))
    paragraph.add_run("and the second begins.")
    outer = made.add_table(1, 2)
    outer.cell(0, 0).text = "outer"
    outer.cell(0, 1).add_table(1, 1).cell(0, 0).text = "inner"
    return _saved(made)


def docx_with_notes() -> bytes:
    """Two sections of a page each; a footnote and an endnote in the first, one of a table."""
    made: Any = Document()
    made.add_heading("Yield", 1)
    _refer(made.add_paragraph("Tea was picked twice."), "footnoteReference", "2")
    _refer(made.add_paragraph("Rain fell."), "endnoteReference", "2")
    made.add_paragraph("The year ended.")
    made.add_heading("Prices", 1)
    made.add_page_break()
    table = made.add_table(1, 1)
    _refer(table.cell(0, 0).paragraphs[0], "footnoteReference", "3")
    notes = {"-1": "", "2": "Not in Hopa, where it was picked once.", "3": "Without tax."}
    _add_notes(made, "footnote", notes)
    _add_notes(made, "endnote", {"2": "As the Rize station saw it."})
    return _saved(made)


def _refer(paragraph: Any, tag: str, number: str) -> None:
    run = paragraph.add_run()._r
    run.append(run.makeelement(qn(f"w:{tag}"), {qn("w:id"): number}))


def _add_notes(made: Any, kind: str, notes: dict[str, str]) -> None:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    each = "".join(
        f'<w:{kind} w:id="{number}"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:{kind}>'
        for number, text in notes.items()
    )
    xml = f'<w:{kind}s xmlns:w="{space}">{each}</w:{kind}s>'
    content = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}s+xml"
    part = OpcPart(PackURI(f"/word/{kind}s.xml"), content, xml.encode(), made.part.package)
    made.part.relate_to(part, getattr(RELATIONSHIP_TYPE, f"{kind.upper()}S"))


def docx_of(*texts: str) -> bytes:
    """Paragraphs; a form feed begins a page."""
    made: Any = Document()
    for text in texts:
        if text == "\f":
            made.add_page_break()
        else:
            made.add_paragraph(text)
    return _saved(made)


def pptx() -> bytes:
    """Two slides: text with notes, and a table."""
    made = Presentation()
    first = made.slides.add_slide(made.slide_layouts[1])
    first.shapes.title.text = "Giriş"
    first.placeholders[1].text = "Rüzgâr güneyden esti."
    first.notes_slide.notes_text_frame.text = "Burada durakla."
    second = made.slides.add_slide(made.slide_layouts[5])
    second.shapes.title.text = "Sonuç"
    table = second.shapes.add_table(2, 2, Emu(0), Emu(0), Emu(9999), Emu(9999)).table
    for index, text in enumerate(("Kent", "Kayıp", "Ayvalık", "12")):
        table.cell(index // 2, index % 2).text = text
    return _saved(made)


def xlsx() -> bytes:
    """Two sheets, with a number, a date and a formula nobody computed."""
    made = Workbook()
    sheet: Any = made.active
    sheet.title = "Kentler"
    sheet.append(["Ad", "Nüfus", "Tarih"])
    sheet.append(["İzmir", 4400000.5, datetime(2020, 1, 2)])
    made.create_sheet("Öbür").append(["ışık", 7, "=1+1"])
    return _saved(made)


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip archive of these files."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def replaced(archive: bytes, name: str, data: bytes) -> bytes:
    """The same archive with other content in one of its files."""
    with ZipFile(io.BytesIO(archive)) as old:
        files = {one: old.read(one) for one in old.namelist()}
    return zipped({**files, name: data})


def _empty_pdf() -> FPDF:
    made = FPDF()
    made.add_font("DejaVu", "", _FONTS)
    made.set_font("DejaVu", size=11)
    return made


def _saved(made: Any) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
