"""Numbers as people write and read them, in Turkish and in English."""

from __future__ import annotations

from typing import Any

import pytest

from core.numbers import cost, localized, parsed, written


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0,7", 0.7),
        ("0.7", 0.7),
        (" 1 ", 1.0),
        ("-3", -3.0),
        ("\N{MINUS SIGN}3", -3.0),
        ("1.000", 1.0),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1.234.567", 1_234_567.0),
        ("", None),
        ("yedi", None),
        ("0,7.", None),
        ("1e3", None),
        ("nan", None),
        ("1,2,3", None),
        ("9" * 5000, None),
    ],
)
def test_a_decimal_is_read_with_either_mark(text: str, number: float | None) -> None:
    assert parsed(text) == number


@pytest.mark.parametrize(
    ("text", "number"), [("4.096", 4096), ("4,096", 4096), ("1 024", 1024), ("40", 40)]
)
def test_of_a_whole_number_a_mark_only_groups(text: str, number: int) -> None:
    assert parsed(text, whole=True) == number


@pytest.mark.parametrize("value", [0.7, 0.05, 1.0, 1500.25, 4096, 10_000_000, 0.000001])
@pytest.mark.parametrize("language", ["tr", "en"])
def test_what_is_written_into_a_field_is_read_as_the_same_number(
    value: float, language: str
) -> None:
    assert parsed(written(value, language)) == value


def test_turkish_has_a_comma_and_nothing_is_nothing() -> None:
    assert (written(0.7, "tr"), written(0.7, "en"), written(None, "tr")) == ("0,7", "0.7", "")
    assert localized("0.01 – 1", "tr") == "0,01 – 1"
    assert localized("a.b 3.", "tr") == "a.b 3."


@pytest.mark.parametrize("usd", [float("nan"), float("inf"), -5, True, "7", [], 10**400, None])
def test_a_price_that_cannot_be_is_unknown(usd: Any) -> None:
    assert cost(usd, "tr") == "ücret bilinmiyor"
