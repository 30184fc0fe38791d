"""What an answer cites, checked against the passages it was given."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.documents import UsedPassage

_MARK = re.compile(r"\[(\d{1,3}(?:\s*[,;]\s*\d{1,3}){0,9})\]")
_QUOTE = re.compile(r"[“„]([^“”„\n]{1,2000})[”“]|«([^«»\n]{1,2000})»|\"([^\"\n]{1,2000})\"")
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_GAP = re.compile(r"\[\.\.\.\]|\[…\]|\.\.\.|…")
_LEAST_WORDS = 3
_ENDS = ".,;:!? "
_ALIKE = str.maketrans("’‘“”–—ıİ", "''\"\"--ii", "\u00ad")


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation of some words. `number` is the passage that holds them word for word, the one
    cited behind them first; None where none does: nobody wrote that."""

    text: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Citations:
    """The passages an answer names, each once, in the order of its text; `unknown` numbers were
    never given out."""

    cited: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()
    quotes: tuple[Quote, ...] = ()


def citations(text: str, passages: Sequence[UsedPassage]) -> Citations:
    """Marks and quotations of an answer, those in code aside; nothing where nothing was given."""
    if not passages:
        return Citations()
    text = _CODE.sub(lambda found: " " * len(found[0]), text)
    held = {one.number: plain(one.text) for one in passages}
    marks = [(found.start(), _numbers(found)) for found in _MARK.finditer(text)]
    named = list(dict.fromkeys(number for _, numbers in marks for number in numbers))
    quotes = (_quote(found, marks, held) for found in _QUOTE.finditer(text))
    return Citations(
        tuple(number for number in named if number in held),
        tuple(number for number in named if number not in held),
        tuple(quote for quote in quotes if quote),
    )


def plain(text: str) -> str:
    """The text as quotations are compared: case, spaces and the shape of marks aside."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_ALIKE).lower().split())


def _numbers(found: re.Match[str]) -> list[int]:
    return [int(each) for each in re.findall(r"\d+", found[1])]


def _quote(
    found: re.Match[str], marks: Sequence[tuple[int, Sequence[int]]], held: Mapping[int, str]
) -> Quote | None:
    """The quotation; None for a word or two, which quotation marks may stand around anyway."""
    said = next(group for group in found.groups() if group is not None)
    if len(said.split()) < _LEAST_WORDS:
        return None
    behind: Sequence[int] = next((numbers for at, numbers in marks if at >= found.end()), ())
    order = [*(n for n in behind if n in held), *(n for n in held if n not in behind)]
    pieces = [plain(piece).strip(_ENDS) for piece in _GAP.split(said)]
    holding = (n for n in order if all(piece in held[n] for piece in pieces))
    return Quote(said, next(holding, None))
