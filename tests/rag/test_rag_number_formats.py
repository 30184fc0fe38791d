"""Numbers and dates read as a cell shows them, in the marks of the workbook's language."""

from __future__ import annotations

import pytest

from rag.loaders.xlsx.locale import ENGLISH, TURKISH
from rag.loaders.xlsx.number_format import NumberFormat

_LIRA = '_-* #,##0.00\\ "₺"_-;\\-* #,##0.00\\ "₺"_-;_-* "-"??\\ "₺"_-;_-@_-'
_SCALED = '[<1000]0;[<1000000]0.0," bin";0.0,," milyon"'


@pytest.mark.parametrize(
    ("code", "value", "turkish", "english"),
    [
        ("0.0%", 0.075, "%7,5", "7.5%"),
        ("0.00%", -0.05, "-%5,00", "-5.00%"),
        ('#,##0.00 "TL"', 1234.5, "1.234,50 TL", "1,234.50 TL"),
        ("#,##0.00\\ [$₺-41F]", -1234567.895, "-1.234.567,90 ₺", "-1,234,567.90 ₺"),
        (_LIRA, -12.5, "-12,50 ₺", "-12.50 ₺"),
        (_LIRA, 0, "- ₺", "- ₺"),
        ("#,##0_);[Red](#,##0)", -1234, "(1.234)", "(1,234)"),
        ("00000000", 4507, "00004507", "00004507"),
        ("000\\-00\\-0000", 123456789, "123-45-6789", "123-45-6789"),
        ("0 (###) ### ## ##", 5321234567, "0 (532) 123 45 67", "0 (532) 123 45 67"),
        (_SCALED, 2_500_000, "2,5 milyon", "2.5 milyon"),
        (_SCALED, 2_500, "2,5 bin", "2.5 bin"),
        (_SCALED, 25, "25", "25"),
        ("0.##", 5, "5", "5"),
        ("0.00", 2.675, "2,68", "2.68"),
        ("0.00", -0.001, "0,00", "0.00"),
        ("General", 0.1 + 0.2, "0,3", "0.3"),
        ("General", 123456789012, "123456789012", "123456789012"),
        ("0.00E+00", 123456, "1,23E+05", "1.23E+05"),
        ("##0.0E+0", 0.000123, "123,0E-6", "123.0E-6"),
        ("# ?/?", 1.5, "1 1/2", "1 1/2"),
        ("# ?/8", 1.3, "1 2/8", "1 2/8"),
        ('"Evet";;"Hayır"', 0, "Hayır", "Hayır"),
        (";;;@", 5, "", ""),
        ("@", 12, "12", "12"),
    ],
)
def test_a_number_is_shown_as_in_its_cell(
    code: str, value: float, turkish: str, english: str
) -> None:
    assert NumberFormat(code, TURKISH).number(value) == turkish
    assert NumberFormat(code, ENGLISH).number(value) == english


@pytest.mark.parametrize(
    ("code", "value", "turkish"),
    [
        ("dd.mm.yyyy", 46096, "15.03.2026"),
        ("dd\\.mm\\.yyyy", 46096, "15.03.2026"),
        ("dd/mm/yyyy", 46096, "2026-03-15"),
        ("m/d/yy h:mm", 46096.5625, "2026-03-15 13:30"),
        ("dddd, dd.mm.yyyy", 46096, "15.03.2026 Pazar"),
        ("d mmmm yyyy", 46096, "15 Mart 2026"),
        ("[$-409]d mmmm yyyy", 46096, "15 March 2026"),
        ("mmm-yy", 46096, "Mar-26"),
        ("[h]:mm", 1.10416667, "26:30"),
        ("[mm]:ss", 0.05, "72:00"),
        ("h:mm AM/PM", 0.5625, "1:30 PM"),
        ("yyyy-mm-dd", 1, "1900-01-01"),
        ("yyyy-mm-dd", -5, "-5"),
        ("yyyy-mm-dd", 1e12, "1000000000000"),
    ],
)
def test_a_date_cannot_be_taken_for_another_one(code: str, value: float, turkish: str) -> None:
    assert NumberFormat(code, TURKISH).number(value) == turkish


def test_a_workbook_of_an_old_mac_counts_from_1904() -> None:
    assert NumberFormat("dd.mm.yyyy", TURKISH, epoch_1904=True).number(44634) == "15.03.2026"


def test_a_format_may_have_words_for_texts() -> None:
    assert NumberFormat('0;-0;0;"Kod: "@', TURKISH).text("x1") == "Kod: x1"
    assert NumberFormat("0.00", TURKISH).text("x1") == "x1"


@pytest.mark.parametrize(
    "code", ['"', "[", "\\", ";;;;;;", "0" * 5000, "#,,,,,", "/", "E+", "[>x]0", ""]
)
def test_no_code_is_too_strange(code: str) -> None:
    shown = NumberFormat(code, TURKISH)
    for value in (0, -1.5, 1e300, float("nan"), 46096.5):
        assert len(shown.number(value)) < 10_000
    assert shown.text("x") in ("x", "")
