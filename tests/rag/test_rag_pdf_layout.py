"""A PDF is read in the order a person reads it, its tables as tables, its heads once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from fpdf import FPDF

from rag.load import load
from rag.values import Part
from tests.support import pdfs

Read = Callable[[bytes], Sequence[Part]]
LEFT = (
    "Çay tarlaları yamaçta basamak basamak yükselir ve sabahları sis altında kalır. Toplayıcılar "
    "gün doğmadan yola çıkar, sepetlerini omuzlarına alır ve yukarı tarlalardan başlar."
)
MIDDLE = (
    "Öğleden sonra yağmur başlarsa toplama durur, çünkü ıslak yaprak çabuk kararır. Kantar her "
    "köyde akşam beşte açılır ve sıra uzun olur, kimse sırasını vermez."
)
RIGHT = (
    "Fabrika gece boyunca çalışır, soldurma ve kıvırma altı saat sürer. Kurutulan çay eleklerden "
    "geçer, boylarına göre ayrılır ve çuvallara doldurulup depoya gider."
)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(data: bytes) -> Sequence[Part]:
        path = tmp_path / "a.pdf"
        path.write_bytes(data)
        return load(path, "a.pdf").parts

    return read


def said(parts: Sequence[Part]) -> str:
    """All texts as one line."""
    return " ".join(" ".join(part.text for part in parts).split())


def test_columns_are_read_one_after_the_other_under_a_heading_over_both(read: Read) -> None:
    note = "¹ Kantar saatleri köyün muhtarı tarafından her yıl mayıs ayında yeniden ilan edilir."
    page = [
        (20, 20, 170, "Yaylada bir yıl boyunca tutulan notlar, iki sütun üzerine yazılmış başlık"),
        (20, 40, 80, LEFT),
        (110, 40, 80, RIGHT),
        (20, 120, 170, note),
    ]
    text = said(read(pdfs.blocks(page)))
    places = [text.index(one) for one in (page[0][3], LEFT, RIGHT, note)]
    assert places == sorted(places)


def test_three_columns_are_read_in_turn(read: Read) -> None:
    page = [(15, 30, 55, LEFT), (78, 30, 55, MIDDLE), (141, 30, 55, RIGHT)]
    assert said(read(pdfs.blocks(page))) == f"{LEFT} {MIDDLE} {RIGHT}"


def test_columns_written_line_by_line_over_the_page_are_columns(read: Read) -> None:
    left = [f"Bu soldaki sütunun {n}. satırıdır, dolu" for n in range(1, 9)]
    right = [f"Sağdaki sütunda {n}. satır yer alıyor ya" for n in range(1, 9)]
    text = said(read(pdfs.across([left, right], [20, 110])))
    assert text == " ".join(left + right)


def test_a_word_broken_between_two_columns_is_whole(read: Read) -> None:
    lines = [
        "Bu sütunun satırları uzundur ve",
        "dolu dolu yazılmıştır, sonra da",
        "bir sözcük böl-",
    ]
    other = [
        "mektedir ve orada sürüp gider ki",
        "bunun böyle olduğu anlaşılsın da",
        "metin bitsin artık.",
    ]
    page = [(20, 30 + 5 * n, 80, line) for n, line in enumerate(lines)]
    page += [(110, 30 + 5 * n, 80, line) for n, line in enumerate(other)]
    assert "bir sözcük bölmektedir ve" in said(read(pdfs.blocks(page)))


ROWS = [("Ürün", "Adet", "Tutar"), ("Siyah çay", "12", "1.250,00"), ("Yeşil çay", "3", "410,50")]


def test_a_ruled_table_is_a_table_and_the_text_around_it_stays(read: Read) -> None:
    made = pdfs.empty()
    made.add_page()
    made.multi_cell(0, 5, LEFT)
    made.ln(20)
    with made.table(first_row_as_headings=False) as table:
        for cells in ROWS:
            row = table.row()
            for cell in cells:
                row.cell(cell)
    made.ln(20)
    made.multi_cell(0, 5, RIGHT)
    first, grid, last = read(bytes(made.output()))
    assert (first.kind, grid.kind, last.kind) == ("text", "table", "text")
    assert grid.text == "Ürün | Adet | Tutar\nSiyah çay | 12 | 1.250,00\nYeşil çay | 3 | 410,50"
    assert " ".join(last.text.split()) == RIGHT


def test_rows_that_stand_below_each_other_are_a_table_without_lines(read: Read) -> None:
    page = [
        (x, 40 + 6 * n, 50, cell)
        for n, row in enumerate(ROWS)
        for x, cell in zip((20, 90, 140), row, strict=True)
    ]
    (grid,) = read(pdfs.blocks(page))
    assert grid.kind == "table"
    assert grid.text.splitlines()[1] == "Siyah çay | 12 | 1.250,00"


def test_prose_lists_and_contents_are_no_tables(read: Read) -> None:
    points = [
        (x, 80 + 6 * n, 80, text)
        for n in range(4)
        for x, text in ((20, "•"), (30, f"{n}. madde 40 lira"))
    ]
    contents = [
        (x, 140 + 6 * n, 100, text)
        for n in range(4)
        for x, text in ((20, f"Bölüm adı {n} ............."), (150, str(10 + n)))
    ]
    page = [(20, 30, 170, LEFT), *points, *contents]
    parts = read(pdfs.blocks(page, [(20, 30, 80, LEFT), (110, 30, 80, RIGHT)]))
    assert {part.kind for part in parts} == {"text"}
    assert "• 3. madde 40 lira" in parts[0].text


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_page_reads_as_one_that_is_not(read: Read, degrees: int) -> None:
    data = pdfs.blocks([(20, 30, 80, LEFT), (110, 30, 80, RIGHT)])
    assert said(read(pdfs.turned(data, degrees))) == f"{LEFT} {RIGHT}"


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_text_that_is_turned_itself_reads_as_one_that_is_not(read: Read, degrees: int) -> None:
    made = pdfs.empty()
    made.add_page()
    with made.rotation(degrees, 105, 148):
        for x, text in ((30, LEFT), (110, RIGHT)):
            made.set_xy(x, 110)
            made.multi_cell(70, 5, text, align="J")
    assert said(read(bytes(made.output()))) == f"{LEFT} {RIGHT}"


def with_heads(pages: int) -> FPDF:
    made = pdfs.empty()
    for number in range(1, pages + 1):
        made.add_page()
        made.text(20, 12, "Sözleşme no: KX-7741")
        made.text(20, 30, f"Soru {number}")
        made.set_xy(20, 40)
        made.multi_cell(170, 5, f"{LEFT} Bu, {number} numaralı sayfanın kendi metnidir.")
        made.text(95, 285, f"Sayfa {number} / {pages}")
    return made


def test_running_heads_are_kept_once_and_lines_that_stand_once_stay(read: Read) -> None:
    parts = read(bytes(with_heads(6).output()))
    text = said(parts)
    assert text.count("KX-7741") == 1
    assert [text.count(f"Sayfa {n} / 6") for n in range(1, 7)] == [1, 0, 0, 0, 0, 0]
    assert all(f"Soru {n}" in text and f"Bu, {n} numaralı" in text for n in range(1, 7))


def test_sums_carried_over_at_the_foot_are_no_running_heads(read: Read) -> None:
    pages = [
        [(20, 30, 170, RIGHT), (20, 270, 170, f"Devreden toplam: {n * 317},50 TL")]
        for n in (1, 2, 5)
    ]
    text = said(read(pdfs.blocks(*pages)))
    assert all(f"toplam: {n * 317},50 TL" in text for n in (1, 2, 5))


def test_a_page_that_is_like_the_one_before_is_kept_whole(read: Read) -> None:
    page = [(20.0, 30.0, 80.0, f"{LEFT} {RIGHT}")]
    assert [part.page for part in read(pdfs.blocks(page, page))] == [1, 2]
    assert said(read(pdfs.blocks(page, page))).count(RIGHT) == 2


def test_clauses_numbers_and_larger_lines_are_headings(read: Read) -> None:
    made = pdfs.empty()
    made.add_page()
    made.set_font("D", size=18)
    made.text(20, 20, "Kira sözleşmesi")
    made.set_font("D", size=11)
    for y, title, text in (
        (35, "MADDE 5 – Kira bedeli", LEFT),
        (
            70,
            "MADDE 6 – Kiracı, kirayı her ayın beşinde öder ve bunun için başka bir uyarı",
            MIDDLE,
        ),
        (110, "1.2 Ödeme günleri", RIGHT),
    ):
        made.text(20, y, title)
        made.set_xy(19, y + 1.5)
        made.multi_cell(170, 5, text)
    found = {part.heading for part in read(bytes(made.output()))}
    assert found == {
        ("Kira sözleşmesi", "MADDE 5 – Kira bedeli"),
        ("Kira sözleşmesi", "MADDE 6"),
        ("Kira sözleşmesi", "MADDE 6", "1.2 Ödeme günleri"),
    }
