"""PDFs as other programs lay them out: columns, running heads, turned pages, forms."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fpdf import FPDF
from pypdf import PdfReader, PdfWriter

_FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
Block = tuple[float, float, float, str]
"""x, y and width in mm, and the text."""


def empty(size: float = 11) -> FPDF:
    """A document of A4 pages with a font that has Turkish letters, and room at the edges."""
    made = FPDF()
    made.add_font("D", fname=_FONT)
    made.set_font("D", size=size)
    made.set_auto_page_break(False)
    return made


def blocks(*pages: Sequence[Block], size: float = 11) -> bytes:
    """Pages with texts at places, written in this order."""
    made = empty(size)
    for page in pages:
        made.add_page()
        for x, y, width, text in page:
            made.set_xy(x, y)
            made.multi_cell(width, 5, text, align="J")
    return bytes(made.output())


def across(columns: Sequence[Sequence[str]], xs: Sequence[float]) -> bytes:
    """Columns as a program writes them that goes line by line over the whole page."""
    made = empty()
    made.add_page()
    for index, line in enumerate(zip(*columns, strict=True)):
        for x, text in zip(xs, line, strict=True):
            made.text(x, 30 + 5 * index, text)
    return bytes(made.output())


def turned(data: bytes, degrees: int) -> bytes:
    """The same with every page turned clockwise."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    for page in writer.pages:
        page.rotate(degrees)
    return _written(writer)


def changed(data: bytes, change: Callable[[PdfWriter], Any]) -> bytes:
    """The same with something done to it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    change(writer)
    return _written(writer)


def by_hand(
    content: str,
    fields: Sequence[str] = (),
    catalog: str = "",
    others: Mapping[int, str] | None = None,
) -> bytes:
    """A page with this content; `fields` are its annotations, and those of the form. Objects from
    100 on are `others`."""
    numbers = [10 + index for index in range(len(fields))]
    refs = " ".join(f"{number} 0 R" for number in numbers)
    objects = {
        1: f"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{refs}]/DA(/F1 12 Tf)"
        f"/DR<</Font<</F1 5 0 R>>>>{catalog}>>>>",
        2: "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        f"/Resources<</Font<</F1 5 0 R>>>>/Annots[{refs}]>>",
        4: f"<</Length {len(content)}>>stream\n{content}\nendstream",
        5: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        **dict(zip(numbers, fields, strict=True)),
        **(others or {}),
    }
    made = b"%PDF-1.7\n"
    places = {}
    for number, text in objects.items():
        places[number] = len(made)
        made += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{n} 1\n{at:010} 00000 n \n" for n, at in places.items())
    end = f"xref\n0 1\n0000000000 65535 f \n{table}trailer<</Size 200/Root 1 0 R>>\nstartxref\n"
    return made + f"{end}{len(made)}\n%%EOF".encode()


def _written(writer: PdfWriter) -> bytes:
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
