"""A bad PDF costs what is bad of it: a page, or the file, with the reason."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from pathlib import Path
from time import process_time

import pypdfium2
import pytest
from fpdf import FPDF
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import NameObject, NumberObject, StreamObject

from rag.load import Loaded, LoadError, load
from rag.loaders.pdf import parts
from rag.loaders.values import Began, LoadLimits, Source, Unread
from tests.support import documents, pdfs

Open = Callable[[bytes], Loaded]
CONTENT = "BT /F1 12 Tf 50 750 Td (Kurtarilan sayfa.) Tj ET"


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    def opened(data: bytes) -> Loaded:
        path = tmp_path / "a.pdf"
        path.write_bytes(data)
        return load(path, "a.pdf")

    return opened


def test_a_file_pdfium_refuses_is_read_by_pypdf(opened: Open) -> None:
    data = pdfs.by_hand(CONTENT).replace(b"\n1 0 obj", b"\n9 0 obj", 1)
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(data)
    assert [part.text for part in opened(data).parts] == ["Kurtarilan sayfa."]


def test_a_page_neither_can_read_costs_itself_alone(opened: Open) -> None:
    def break_second(writer: PdfWriter) -> None:
        kids = writer.root_object["/Pages"]["/Kids"]  # type: ignore[index]
        kids[1] = NumberObject(5)

    loaded = opened(pdfs.changed(documents.pdf(documents.TURKISH), break_second))
    assert loaded.unread == (Unread(2, 2, "damaged"),)
    assert [part.page for part in loaded.parts] == [1, 3]


def test_pages_that_are_pictures_are_named_and_the_others_read(opened: Open) -> None:
    made = FPDF()
    made.set_font("Helvetica")
    picture = io.BytesIO()
    Image.new("L", (400, 600), 200).save(picture, "PNG")
    for number in range(1, 5):
        made.add_page()
        if number in (2, 3):
            made.image(picture, 0, 0, 200)
            made.text(100, 290, f"- {number} -")
        else:
            made.text(20, 20, f"Page {number} has a text of its own.")
    loaded = opened(bytes(made.output()))
    assert loaded.unread == (Unread(2, 3, "scanned"),)
    assert [part.page for part in loaded.parts] == [1, 4]


def test_a_font_that_names_no_letters_gives_no_garbage(opened: Open) -> None:
    def forget(writer: PdfWriter) -> None:
        for font in writer.pages[0]["/Resources"]["/Font"].values():  # type: ignore[index]
            font.get_object().pop("/ToUnicode", None)

    data = pdfs.blocks([(20, 20, 170, documents.TURKISH[0])])
    with pytest.raises(LoadError) as error:
        opened(pdfs.changed(data, forget))
    assert error.value.key == "scanned"


def test_a_lost_table_of_objects_is_made_again(opened: Open) -> None:
    data = documents.pdf(documents.TURKISH)
    loaded = opened(data[: data.rindex(b"xref")] + b"xref\n0 0\ntrailer<<>>\nstartxref\n0\n%%EOF")
    assert [part.text for part in loaded.parts] == list(documents.TURKISH)


def test_pages_that_contain_themselves_end(opened: Open) -> None:
    def turn_back(writer: PdfWriter) -> None:
        pages = writer.root_object["/Pages"]
        pages["/Kids"].append(pages.indirect_reference)  # type: ignore[index]
        pages[NameObject("/Count")] = NumberObject(9)  # type: ignore[index]

    loaded = opened(pdfs.changed(documents.pdf(documents.TURKISH), turn_back))
    assert [part.text for part in loaded.parts] == list(documents.TURKISH)


def test_a_page_of_200_megapixels_is_read_without_being_drawn(opened: Open) -> None:
    made = FPDF(unit="pt", format=(14_000, 14_400))
    made.add_page()
    made.set_font("Helvetica", size=12)
    made.text(20, 20, "A plan of the whole village.")
    assert opened(bytes(made.output())).parts[0].text == "A plan of the whole village."


def test_no_pages_are_an_empty_file(opened: Open) -> None:
    made = io.BytesIO()
    PdfWriter().write(made)
    with pytest.raises(LoadError) as error:
        opened(made.getvalue())
    assert error.value.key == "empty"


@pytest.mark.parametrize("count", [0, 2_000_000_000])
def test_the_password_of_a_file_is_not_said_of_the_next(tmp_path: Path, count: int) -> None:
    pages = _with_count(count)
    locked = pdfs.changed(documents.pdf(documents.TURKISH), lambda file: file.encrypt("a"))
    keys = []
    for name, data in (("locked.pdf", locked), ("next.pdf", pages)):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(LoadError) as error:
            list(parts(Source(tmp_path / name, name, LoadLimits())))
        keys.append(error.value.key)
    assert keys == ["encrypted", "empty"]


@pytest.mark.parametrize(
    "contents",
    [
        b"BT /F1 12 Tf ((((((( Tj q q q Q",
        b"x\x9c\x00\x00 no stream at all",
        b"%\nqwert asdf 12 zxcv",
    ],
)
def test_a_page_whose_contents_are_broken_is_named(opened: Open, contents: bytes) -> None:
    loaded = opened(_with_second(contents, packed=contents.startswith(b"x")))
    assert loaded.unread == (Unread(2, 2, "damaged"),)
    assert [part.page for part in loaded.parts] == [1, 3]


@pytest.mark.parametrize(
    "contents",
    [b"", b" \n% nothing\n", b"q 0 0 9 9 re W n 1 0 0 1 5 5 cm BT ET Q", b"BT () Tj [] TJ ET"],
)
@pytest.mark.parametrize("packed", [False, True])
def test_a_blank_page_is_not_damaged(opened: Open, contents: bytes, packed: bool) -> None:
    loaded = opened(_with_second(zlib.compress(contents) if packed else contents, packed))
    assert loaded.unread == ()
    assert [part.page for part in loaded.parts] == [1, 3]


def test_a_page_without_contents_is_not_damaged(opened: Open) -> None:
    def empty_second(writer: PdfWriter) -> None:
        del writer.pages[1]["/Contents"]

    assert opened(pdfs.changed(documents.pdf(documents.TURKISH), empty_second)).unread == ()


def _with_count(count: int) -> bytes:
    made = io.BytesIO()
    writer = PdfWriter()
    writer.root_object["/Pages"][NameObject("/Count")] = NumberObject(count)  # type: ignore[index]
    writer.write(made)
    return made.getvalue()


def _with_second(contents: bytes, packed: bool) -> bytes:
    """Three pages, the second with these contents as they lie in the file."""

    def replace(writer: PdfWriter) -> None:
        stream = StreamObject()
        stream._data = contents
        if packed:
            stream[NameObject("/Filter")] = NameObject("/FlateDecode")
        writer.pages[1][NameObject("/Contents")] = writer._add_object(stream)

    return pdfs.changed(documents.pdf(documents.TURKISH), replace)


def test_a_late_page_of_ten_thousand_is_reached_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    kids = " ".join(["3 0 R"] * 10_000)
    data = pdfs.by_hand(CONTENT).replace(
        b"Kids[3 0 R]/Count 1", f"Kids[{kids}]/Count 10000".encode()
    )
    path.write_bytes(data)
    start = process_time()
    pieces = list(parts(Source(path, "a.pdf", LoadLimits(), 9_990)))
    assert process_time() - start < 3
    assert pieces[0] == Began(9_990, 10_000)
    assert sum(isinstance(piece, Began) for piece in pieces) == 11
