"""What an answer cites, checked against the passages it was given."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from core.documents import UsedPassage
from engine.quotations import quotations, without_asides
from engine.wording import MARK, Wording, wording

_OMISSION = re.compile(r"\[(?:\.{2,3}|…)\]|(?:\. ?){2}\.|…|\[(?!\d)[^\]\n]{2,80}\](?!\()")
_NEXT_PIECE = re.compile(r"\n[ \t]*(?:>[ \t]*)?\n")


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation of some words. `number` is the passage that holds them word for word, the one
    cited behind them first; None where none does: nobody wrote that. `held` is how the passage says
    it, in as many pieces as the quotation has, and `at` where the quotation stands."""

    text: str
    number: int | None
    held: tuple[str, ...] = ()
    at: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Citations:
    """The passages an answer names, each once, in the order of its text; `unknown` numbers were
    never given out."""

    cited: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()
    quotes: tuple[Quote, ...] = ()


Marks = Sequence[tuple[int, Sequence[int]]]
Held = Mapping[int, str]


def citations(text: str, passages: Sequence[UsedPassage]) -> Citations:
    """Marks and quotations of an answer, those in code and mathematics aside; nothing where nothing
    was given."""
    if not passages:
        return Citations()
    shown = without_asides(text)
    held = {one.number: one.text for one in passages}
    marks = [(found.start(), numbers_of(found)) for found in MARK.finditer(shown)]
    named = list(dict.fromkeys(number for _, numbers in marks for number in numbers))
    return Citations(
        tuple(number for number in named if number in held),
        tuple(number for number in named if number not in held),
        tuple(_quote(text, place, marks, held) for place in quotations(shown)),
    )


def numbers_of(mark: re.Match[str]) -> list[int]:
    """The numbers a mark names."""
    return [int(each) for each in re.findall(r"\d+", mark[1])]


def _quote(text: str, at: tuple[int, int], marks: Marks, held: Held) -> Quote:
    """The quotation looked for as a whole; where it names several sources, piece by piece."""
    said = text[slice(*at)]
    behind = next((numbers for place, numbers in marks if place >= at[0]), ())
    whole = _in_passage(said, behind, held)
    found = [whole] if whole else [_in_passage(one, behind, held) for one in _pieces(said)]
    known = [one for one in found if one]
    if not known or len(known) < len(found):
        return Quote(said, None, at=at)
    number = known[0][0]
    return Quote(said, number, tuple(p for n, ps in known if n == number for p in ps), at)


def _pieces(said: str) -> list[str]:
    pieces = [one for one in _NEXT_PIECE.split(MARK.sub("\n\n", said)) if wording(one).text]
    return pieces if len(pieces) > 1 else []


def _in_passage(said: str, behind: Sequence[int], held: Held) -> tuple[int, tuple[str, ...]] | None:
    """The passage that says all of it, with omissions between, and its own words for it."""
    parts = [one for one in map(_words, _OMISSION.split(said)) if one.text]
    order = [*(n for n in behind if n in held), *(n for n in held if n not in behind)]
    for number in order:
        places = wording(held[number]).find_all(parts)
        if places:
            return number, tuple(held[number][start:end] for start, end in places)
    return None


def _words(said: str) -> Wording:
    return wording(unescape(said))
