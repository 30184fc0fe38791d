"""A form as people fill it in a PDF viewer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fpdf import FPDF
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from bench.reading.fonts import font
from bench.reading.prose import turkish

_FIELDS = (
    ("ad_soyad", "Adı soyadı", "Tx", "Sevgi Tandoğan"),
    ("telefon", "Telefon", "Tx", "0532 000 14 07"),
    ("meslek", "Mesleği", "Tx", "Emekli öğretmen"),
    ("aylik_gelir", "Aylık gelir", "Tx", "41.300 TL"),
    ("kurs", "Seçilen kurs", "Ch", "Seramik (hafta sonu)"),
    ("kvkk_onay", "Kişisel verilerimin işlenmesine onay veriyorum", "Btn", "Evet"),
)
_TOP, _STEP = 60.0, 12.0


def write_form(path: Path) -> None:
    """One page with labels, and the fields beside them."""
    pages = FPDF()
    pages.add_font("Text", "", font())
    pages.set_font("Text", size=10)
    pages.add_page()
    pages.text(15, 30, "HALK EĞİTİM MERKEZİ KURS BAŞVURU FORMU")
    for number, (_, label, _, _) in enumerate(_FIELDS):
        pages.text(15, _TOP + _STEP * number, f"{label}:")
    pages.set_y(160)
    for text in turkish(2, 2):
        pages.multi_cell(0, 5.5, text, new_x="LMARGIN", new_y="NEXT")
    pages.output(str(path))
    writer = PdfWriter(clone_from=PdfReader(path))
    fields = ArrayObject(_widget(writer, number, *one) for number, one in enumerate(_FIELDS))
    writer.pages[0][NameObject("/Annots")] = fields
    form = {"/Fields": fields, "/NeedAppearances": BooleanObject(True)}
    writer.root_object[NameObject("/AcroForm")] = writer._add_object(_dictionary(form))
    writer.write(path)


def _widget(writer: PdfWriter, number: int, name: str, label: str, kind: str, value: str) -> Any:
    height = float(writer.pages[0].mediabox.height)
    top = height - (_TOP + _STEP * number - 5) * 72 / 25.4
    box = [FloatObject(n) for n in (300, top - 18, 500, top)]
    entries: dict[str, Any] = {
        "/Type": NameObject("/Annot"), "/Subtype": NameObject("/Widget"),
        "/FT": NameObject(f"/{kind}"), "/T": TextStringObject(name), "/TU": TextStringObject(label),
        "/Rect": ArrayObject(box), "/F": NumberObject(4),
    }  # fmt: skip
    if kind == "Btn":
        states = {f"/{value}": _appearance(writer, "4 4 m 14 14 l 4 14 m 14 4 l S")}
        states["/Off"] = _appearance(writer, "")
        ticked = NameObject(f"/{value}")
        entries |= {"/V": ticked, "/AS": ticked, "/AP": _dictionary({"/N": _dictionary(states)})}
    else:
        entries["/V"] = TextStringObject(value)
        entries["/DA"] = TextStringObject("/Helv 10 Tf 0 g")
    if kind == "Ch":
        options = ("Ahşap boyama", value, "Diksiyon")
        entries["/Opt"] = ArrayObject(TextStringObject(one) for one in options)
        entries["/Ff"] = NumberObject(1 << 17)
    return writer._add_object(_dictionary(entries))


def _appearance(writer: PdfWriter, drawing: str) -> Any:
    stream = DecodedStreamObject()
    stream.set_data(drawing.encode())
    box = ArrayObject(NumberObject(n) for n in (0, 0, 18, 18))
    stream.update(
        {NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form"),
         NameObject("/BBox"): box}
    )  # fmt: skip
    return writer._add_object(stream)


def _dictionary(entries: dict[str, Any]) -> DictionaryObject:
    return DictionaryObject({NameObject(key): value for key, value in entries.items()})
