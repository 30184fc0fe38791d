"""A workbook says what a person sees in it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from rag.loaders.formats import parts
from rag.loaders.values import Began, LoadError, LoadLimits, Piece, Source, Unread
from rag.values import Part
from tests.support import documents

Read = Callable[..., list[Piece]]
_CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(data: bytes, limits: LoadLimits | None = None, start: int = 1) -> list[Piece]:
        path = tmp_path / "file"
        path.write_bytes(data)
        return list(parts(Source(path, "a.xlsx", limits or LoadLimits(), start)))

    return read


def book_of(fill: Callable[[Any], None], name: str = "Liste") -> bytes:
    """A workbook with one sheet, filled by a function."""
    book: Any = Workbook()
    book.active.title = name
    fill(book.active)
    return saved(book)


def saved(book: Any) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def sheet_of(rows: str, end: str = "</sheetData></worksheet>") -> bytes:
    """The file of a sheet with these rows."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{rows}{end}'.encode()


def text_of(pieces: list[Piece]) -> str:
    return "\n".join(one.text for one in pieces if isinstance(one, Part))


def test_the_case_of_formats_and_formulas(read: Read) -> None:
    path = _CASES / "formats-and-formulas.xlsx"
    if not path.exists():
        pytest.skip("the case files are not beside the project")
    assert text_of(read(path.read_bytes())).splitlines() == [
        "Kalem | Oran | Tutar | Vade | Süre",
        "Gecikme faizi | %7,5 | 1.234,50 TL | 15.03.2026 | 26:30",
        "Peşinat | %20 | 50000 | 2026-04-01",
        "Dosya no | 00004507",
        "Toplam |  | =SUM(C2:C3) [değer kayıtlı değil]",
    ]


def test_marks_are_those_of_the_workbooks_language(read: Read) -> None:
    def fill(sheet: Any, words: tuple[str, str]) -> None:
        sheet.append(words)
        sheet.append([1234.5, True])
        sheet["A2"].number_format = "#,##0.00"

    turkish = text_of(read(book_of(lambda sheet: fill(sheet, ("Aylık tutar", "Ödendi mi")))))
    english = text_of(read(book_of(lambda sheet: fill(sheet, ("Amount of rent", "Paid")), "Rent")))
    assert turkish.endswith("1.234,50 | DOĞRU")
    assert english.endswith("1,234.50 | TRUE")


def test_the_language_of_the_excel_that_saved_it_counts_first(read: Read) -> None:
    data = book_of(lambda sheet: sheet.append(["Total", 1.5]), "The list of it")
    space = "http://schemas.openxmlformats.org/officeDocument/2006/"
    about = (
        f'<Properties xmlns="{space}extended-properties" xmlns:vt="{space}docPropsVTypes">'
        "<HeadingPairs><vt:vector><vt:variant><vt:lpstr>Çalışma Sayfaları</vt:lpstr></vt:variant>"
        "</vt:vector></HeadingPairs></Properties>"
    )
    assert text_of(read(data)) == "Total | 1.5"
    assert text_of(read(documents.replaced(data, "docProps/app.xml", about.encode()))) == (
        "Total | 1,5"
    )


def test_what_is_hidden_is_shown_as_hidden(read: Read) -> None:
    book: Any = Workbook()
    sheet = book.active
    sheet.title = "Maaşlar"
    for row in (["Ad", "Prim", "Maaş"], ["Ali", 1, 2], ["Ece", 3, 4]):
        sheet.append(row)
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    secret = book.create_sheet("Eski")
    secret["A1"] = "kayıt"
    secret.sheet_state = "veryHidden"
    first, second = [one for one in read(saved(book)) if isinstance(one, Part)]
    assert first.text == "Ad | Prim [gizli] | Maaş\nAli [gizli] | 1 | 2\nEce | 3 | 4"
    assert (second.text, second.heading) == ("kayıt", ("Eski [gizli]",))


def test_notes_stand_at_their_cells(read: Read) -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"], sheet["B1"] = "Ürün", "Fiyat"
        sheet["A2"], sheet["B2"] = "Kaşar", 12
        sheet["B2"].comment = Comment("Nisanda\nartacak", "Ece")

    assert text_of(read(book_of(fill))).endswith("Kaşar | 12 [not: Nisanda artacak]")


def test_cells_merged_downwards_are_said_in_every_row(read: Read) -> None:
    def fill(sheet: Any) -> None:
        for row in (["Bölge", "Kent", "Koli"], ["Ege", "İzmir", 3], [None, "Aydın", 4]):
            sheet.append(row)
        sheet.append(["Doğu", "Kars", 5])
        sheet.merge_cells("A2:A3")

    assert text_of(read(book_of(fill))).splitlines()[1:] == [
        "Ege | İzmir | 3",
        "Ege | Aydın | 4",
        "Doğu | Kars | 5",
    ]


def test_a_stored_zero_is_no_value_where_all_is_to_be_calculated(read: Read) -> None:
    """As XlsxWriter leaves its formulas."""
    data = book_of(lambda sheet: sheet.append(["Toplam", "=SUM(B2:B9)", "=1-1", "=#REF!+1"]))
    sheet = "xl/worksheets/sheet1.xml"
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Toplam</t></is></c>'
        '<c r="B1"><f>SUM(B2:B9)</f><v>0</v></c><c r="C1"><f>1+1</f><v>2</v></c>'
        '<c r="D1" t="e"><f>A9</f><v>#REF!</v></c><c r="E1" t="str"><f>""</f><v></v></c></row>'
    )
    made = documents.replaced(data, sheet, sheet_of(rows))
    assert text_of(read(made)) == "Toplam | =SUM(B2:B9) [no stored value] | 2 | #REF!"


def test_every_sheet_begins_a_page_and_reading_may_begin_at_one(read: Read) -> None:
    data = documents.xlsx()
    assert [one for one in read(data) if isinstance(one, Began)] == [Began(1, 2), Began(2, 2)]
    assert read(data, start=2)[0] == Began(2, 2)
    assert "Nüfus" not in text_of(read(data, start=2))


def test_a_damaged_sheet_costs_itself_alone_and_keeps_its_rows(read: Read) -> None:
    rows = '<row r="1"><c r="A1"><v>42</v></c></row><row r="2"><c'
    data = documents.replaced(documents.xlsx(), "xl/worksheets/sheet1.xml", sheet_of(rows, end=""))
    found = read(data)
    assert found[:3] == [Began(1, 2), Part("42", 1, ("Kentler",), "table"), Unread(1, 1, "damaged")]
    assert "ışık" in text_of(found)


def test_what_fits_of_a_large_sheet_is_read_and_the_rest_named(read: Read) -> None:
    def fill(sheet: Any) -> None:
        for n in range(9_000):
            sheet.append([f"Kalem {n}", n])

    found = read(book_of(fill), LoadLimits(characters=120_000))
    assert "Kalem 4000 | 4000" in text_of(found)
    assert len(text_of(found)) <= 120_000
    assert found[-1] == Unread(1, 1, "too_large")


def test_columns_and_cells_may_be_many_and_long(read: Read) -> None:
    cells = "".join(f"<c><v>{n}</v></c>" for n in range(20_000))
    long = f'<row><c t="str"><v>{"uzun " * 1_000_000}</v></c></row>'
    data = documents.replaced(
        documents.xlsx(), "xl/worksheets/sheet1.xml", sheet_of(f"<row>{cells}</row>{long}")
    )
    text = text_of(read(data))
    assert "16383" in text
    assert "16384" not in text
    assert text.count("uzun") == 1_000_000


def test_macros_do_no_harm_and_two_sheets_in_one_place_are_refused(read: Read) -> None:
    out = io.BytesIO(documents.xlsx())
    with ZipFile(out, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    assert "İzmir" in text_of(read(out.getvalue()))
    with ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/worksheets/sheet1.xml", b"<worksheet/>")
    with pytest.raises(LoadError) as error:
        read(out.getvalue())
    assert error.value.key == "damaged"


def test_a_workbook_without_sheets_is_empty(read: Read) -> None:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    none = f'<workbook xmlns="{space}"><sheets/></workbook>'.encode()
    with pytest.raises(LoadError) as error:
        read(documents.replaced(documents.xlsx(), "xl/workbook.xml", none))
    assert error.value.key == "empty"
