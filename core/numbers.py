"""Numbers as a reader of Turkish or English writes them."""

from __future__ import annotations

import re

from core.counts import amount
from core.events import Usage
from core.texts import translate

_SIGNIFICANT = 2
_TURKISH = str.maketrans(",.", ".,")
_WRITTEN = re.compile(r"[+-]?\d+(?:[.,]\d+)*")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_LONGEST = 40


def decimal(value: float, language: str) -> str:
    """A short number: two digits after the point below 10, one below 100, none above."""
    digits = 2 if value < 10 else 1 if value < 100 else 0
    return _local(f"{value:,.{digits}f}", language)


def tokens(count: int, language: str) -> str:
    """A whole number with its thousands apart."""
    return _local(f"{count:,}", language)


def tokens_sent(usage: Usage, language: str, about: str = "") -> str:
    """The tokens of a prompt, and those of them that were cached; `about` marks an estimate."""
    sent = about + tokens(usage.input_tokens or 0, language)
    if not usage.cached_tokens:
        return sent
    cached = tokens(usage.cached_tokens, language)
    return translate(language, "answer.tokens_cached", sent=sent, cached=cached)


def cost(usd: float | None, language: str, *, estimated: bool = False) -> str:
    """A price in dollars with two significant digits; an unknown one says so, as does one that
    cannot be, and an estimate is marked."""
    usd = amount(usd)
    if usd is None:
        return translate(language, "answer.cost_unknown")
    if usd == 0:
        return "$0"
    text = f"{usd:,.2f}" if usd >= 1 else f"{usd:.{_places(usd)}f}"
    return f"{'≈' if estimated else ''}${_local(text, language)}"


def written(value: float | None, language: str) -> str:
    """A number as it is typed into a field, without marks between thousands; empty for None."""
    if value is None:
        return ""
    text = f"{value:.12f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return _local(text, language)


def localized(text: str, language: str) -> str:
    """A text with the decimal points of its numbers as the language writes them."""
    return re.sub(r"(?<=\d)\.(?=\d)", ",", text) if language == "tr" else text


def parsed(text: str, *, whole: bool = False) -> float | None:
    """The number of a text as people write it, `0,7` like `0.7`; None where it is none. Of a
    `whole` one a mark before three digits only groups them: `4.096`."""
    text = "".join(text.split()).replace("\N{MINUS SIGN}", "-")
    if len(text) > _LONGEST or not _WRITTEN.fullmatch(text):
        return None
    if whole and _GROUPED.fullmatch(text):
        return float(re.sub("[.,]", "", text))
    head, mark, tail = text.rpartition("," if text.rfind(",") > text.rfind(".") else ".")
    if not mark:
        return float(text)
    if mark in head:  # twice the same mark: it groups
        return float(re.sub("[.,]", "", text)) if _GROUPED.fullmatch(text) else None
    return float(re.sub("[.,]", "", head) + mark.replace(",", ".") + tail)


def _places(usd: float) -> int:
    leading_zeros = f"{usd:.10f}".split(".")[1]
    return min(10, len(leading_zeros) - len(leading_zeros.lstrip("0")) + _SIGNIFICANT)


def _local(text: str, language: str) -> str:
    if language != "tr":
        return text
    return text.translate(_TURKISH)
