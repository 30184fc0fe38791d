"""Numbers as lists write them."""

from __future__ import annotations

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MOST_ROMAN = 4000
_MOST_LETTERS = 780
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ORDINALS = {1: "st", 2: "nd", 3: "rd"}


def numeral(number: int, format: str, turkish: bool = False) -> str:
    """A number in one of the formats of Word; as a decimal where that has no letters for it, or
    where the format is one of words."""
    if format == "none":
        return ""
    if format in ("lowerRoman", "upperRoman") and 0 < number < _MOST_ROMAN:
        return _cased(_roman(number), format)
    if format in ("lowerLetter", "upperLetter") and 0 < number <= _MOST_LETTERS:
        return _cased(_letters(number), format)
    if format == "decimalZero":
        return f"{number:02}"
    if format == "numberInDash":
        return f"- {number} -"
    if format == "ordinal":
        return f"{number}." if turkish else f"{number}{_ordinal(number)}"
    return str(number)


def _cased(text: str, format: str) -> str:
    return text.upper() if format.startswith("upper") else text


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def _letters(number: int) -> str:
    """a to z, then aa, bb, cc: Word repeats the letter."""
    times, index = divmod(number - 1, len(_LETTERS))
    return _LETTERS[index] * (times + 1)


def _ordinal(number: int) -> str:
    return "th" if 10 <= number % 100 <= 20 else _ORDINALS.get(number % 10, "th")
