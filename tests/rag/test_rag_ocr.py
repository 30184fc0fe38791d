"""OCR: scans as they come from offices, pictures as documents, and what is too large."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from core.documents import UsedPassage
from rag.chunk import chunks
from rag.context import entry
from rag.loaders.formats import is_readable
from rag.loaders.values import Loaded, LoadError, Unread
from rag.ocr.layout import Line, page_text
from rag.read import read
from rag.values import Part
from tests.support.documents import pdf
from tests.support.scans import LEASE, error_rate, packed, scan

pytest.importorskip("rapidocr", reason="OCR is not installed: pip install -r requirements-dev.txt")

Reading = Callable[..., Loaded]
_BOUND = 0.03
"""Measured: 0.008 to 0.018 on scans of Turkish text, with another picture each time."""


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    """Read a file of these bytes."""

    def run(name: str, data: bytes, ocr: bool = True) -> Loaded:
        path = tmp_path / name
        path.write_bytes(data)
        return read(path, name, ocr=ocr)

    return run


def joined(*files: bytes) -> bytes:
    """PDFs as one, behind each other."""
    writer, held = PdfWriter(), io.BytesIO()
    for one in files:
        writer.append(PdfReader(io.BytesIO(one)))
    writer.write(held)
    return held.getvalue()


def test_a_scanned_page_between_pages_of_text_is_read_in_its_place(reading: Reading) -> None:
    scanned = packed(scan(LEASE), "PDF", resolution=150)
    file = joined(pdf(["The first page has a text of its own."]), scanned, pdf(["The last one."]))

    loaded = reading("lease.pdf", file)

    assert [(part.page, part.ocr) for part in loaded.parts] == [(1, False), (2, True), (3, False)]
    assert error_rate(LEASE, loaded.parts[1].text) < _BOUND
    assert loaded.unread == ()
    assert loaded.pages == 3
    assert [one.ocr for one in chunks(loaded.parts)] == [False, True, False]


@pytest.mark.parametrize("turned", [90, 180])
def test_a_picture_on_its_side_or_head_is_read(reading: Reading, turned: int) -> None:
    photo = scan(LEASE, askew=-3.0).rotate(turned, expand=True)

    loaded = reading("lease.jpg", packed(photo, "JPEG", quality=60))

    assert error_rate(LEASE, loaded.parts[0].text) < _BOUND
    assert loaded.parts[0].ocr
    assert loaded.pages == 1


def test_every_page_of_a_tiff_is_read_and_a_blank_one_is_named(reading: Reading) -> None:
    first, blank, last = (scan(text, height=260) for text in ("Birinci sayfa", "", "Son sayfa"))

    loaded = reading("fax.tif", packed(first, "TIFF", save_all=True, append_images=[blank, last]))

    assert [part.text for part in loaded.parts] == ["Birinci sayfa", "Son sayfa"]
    assert [part.page for part in loaded.parts] == [1, 3]
    assert loaded.unread == (Unread(2, 2, "no_text"),)


def test_without_ocr_a_picture_says_that_it_is_one(reading: Reading) -> None:
    data = packed(scan("Bir"), "WEBP")
    assert is_readable("scan.webp", data)
    with pytest.raises(LoadError) as failed:
        reading("scan.webp", data, ocr=False)
    assert failed.value.key == "scanned"


def test_a_picture_of_four_hundred_megapixels_is_not_unpacked(reading: Reading) -> None:
    with pytest.raises(LoadError) as failed:
        reading("bomb.png", _png_that_declares(20_000))
    assert failed.value.key == "large_picture"


def test_a_page_of_two_hundred_megapixels_is_named_and_the_next_is_read(reading: Reading) -> None:
    huge = packed(Image.new("1", (15_000, 14_000), 1), "PDF", resolution=1200)
    loaded = reading("poster.pdf", joined(huge, pdf(["A page with its own text."])))
    assert [part.page for part in loaded.parts] == [2]
    assert loaded.unread == (Unread(1, 1, "large_picture"),)


def test_a_large_photo_is_unpacked_smaller(reading: Reading) -> None:
    photo = Image.new("L", (13_000, 9_000), 255)
    text = scan("Fotoğraftaki yazı", askew=0.0, height=260).resize((12_400, 2_600))
    photo.paste(text, (0, 2_000))

    assert reading("photo.jpg", packed(photo, "JPEG")).parts[0].text == "Fotoğraftaki yazı"


def test_a_missing_model_is_an_error_and_no_download(tmp_path: Path) -> None:
    from rag.ocr.engine import Engine

    with pytest.raises(FileNotFoundError, match="PP-OCRv6_det_small"):
        Engine(tmp_path)


def test_columns_are_read_one_after_the_other_below_the_title_over_both() -> None:
    left = [Line(f"left column line {n}", 200, 100 + 30 * n, 300, 20) for n in range(3)]
    right = [Line(f"right column line {n}", 600, 100 + 30 * n, 300, 20) for n in range(3)]
    title = Line("A title over both columns", 400, 40, 700, 30)

    said = page_text([right[1], left[2], title, right[0], left[0], left[1], right[2]]).split("\n\n")

    assert said[0] == title.text
    assert said[1].splitlines() == [one.text for one in left]
    assert said[2].splitlines() == [one.text for one in right]


def test_a_row_of_a_table_stays_a_line_with_its_cells_apart() -> None:
    rows = [("Kira", "18.500"), ("Aidat", "950"), ("Toplam", "19.450")]
    lines = [
        Line(text, 200 + 400 * column, 100 + 30 * row, 80, 20)
        for row, cells in enumerate(rows)
        for column, text in enumerate(cells)
    ]
    assert page_text(lines) == "Kira | 18.500\nAidat | 950\nToplam | 19.450"


def test_a_model_hears_what_was_read_by_ocr() -> None:
    passage = UsedPassage(1, "1", "scan.pdf", "text", page=2, ocr=True)
    assert entry(passage).splitlines()[0] == "[1] scan.pdf, page 2, read by OCR"


def test_a_chunk_is_never_half_read_by_ocr() -> None:
    made = list(chunks([Part("typed", 1), Part("seen", 1, ocr=True)]))
    assert [(one.text, one.ocr) for one in made] == [("typed", False), ("seen", True)]


def _png_that_declares(side: int) -> bytes:
    def block(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    content = block(b"IHDR", header) + block(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + content + block(b"IEND", b"")
