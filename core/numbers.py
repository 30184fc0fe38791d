"""Numbers as a reader of Turkish or English writes them."""

from __future__ import annotations

from core.texts import translate

_SIGNIFICANT = 2
_TURKISH = str.maketrans(",.", ".,")


def decimal(value: float, language: str) -> str:
    """A short number: two digits after the point below 10, one below 100, none above."""
    digits = 2 if value < 10 else 1 if value < 100 else 0
    return _local(f"{value:,.{digits}f}", language)


def tokens(count: int, language: str) -> str:
    """A whole number with its thousands apart."""
    return _local(f"{count:,}", language)


def cost(usd: float | None, language: str, *, estimated: bool = False) -> str:
    """A price in dollars with two significant digits; an unknown one says so, and an estimate is
    marked."""
    if usd is None:
        return translate(language, "answer.cost_unknown")
    if usd == 0:
        return "$0"
    text = f"{usd:,.2f}" if usd >= 1 else f"{usd:.{_places(usd)}f}"
    return f"{'≈' if estimated else ''}${_local(text, language)}"


def _places(usd: float) -> int:
    leading_zeros = f"{usd:.10f}".split(".")[1]
    return min(10, len(leading_zeros) - len(leading_zeros.lstrip("0")) + _SIGNIFICANT)


def _local(text: str, language: str) -> str:
    if language != "tr":
        return text
    return text.translate(_TURKISH)
