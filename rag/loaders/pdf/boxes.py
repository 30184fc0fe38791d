"""Text with its place on the page: words, and the pieces of lines they make.

Places are in points in the text's own frame, whatever way the page and the text are turned: x runs
the way one reads, y runs down, and `base` is the y of the line the letters stand on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

ASKEW = 4
"""The turn of a text that runs neither across nor along the page."""
_ABOVE, _BELOW = 0.8, 0.2
"""How far letters reach over and under their line, as shares of their size."""


class Word(NamedTuple):
    """Letters without a space. `turn` counts quarters counterclockwise; `starts` says that the
    file begins a line with it. A named tuple: a page has a thousand."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    turn: int = 0
    starts: bool = False

    @property
    def y(self) -> float:
        """The height of the middle of its letters."""
        return self.base - 0.3 * self.size


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, and the x at which the columns begin."""

    rows: tuple[tuple[str, ...], ...]
    edges: tuple[float, ...] = ()


class Segment(NamedTuple):
    """Words of one line with no wide gap between them, or a table, which is never taken apart.
    `at` is its place in the order of the file."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    base: float
    size: float
    at: int
    table: Table | None = None


def segments(words: Sequence[Word], gap: float) -> list[Segment]:
    """Words in the order of the file as pieces of lines, cut where the file breaks the line and at
    spaces of more than `gap` sizes."""
    made: list[Segment] = []
    run: list[Word] = []
    for word in words:
        if run and (word.starts or not _goes_on(run[-1], word, gap)):
            made.append(_segment(run, len(made)))
            run = []
        run.append(word)
    if run:
        made.append(_segment(run, len(made)))
    return made


def _segment(run: Sequence[Word], at: int) -> Segment:
    first, last = run[0], run[-1]
    main = first if len(first.text) > 2 else max(run, key=_length)
    base, size = main.base, main.size
    return Segment(
        " ".join([word.text for word in run]),
        first.x0 if first.x0 < last.x0 else last.x0,
        last.x1 if last.x1 > first.x1 else first.x1,
        base - _ABOVE * size,
        base + _BELOW * size,
        base,
        size,
        at,
    )


def _length(word: Word) -> int:
    return len(word.text)


def _goes_on(last: Word, word: Word, gap: float) -> bool:
    size = word.size if word.size > last.size else last.size
    if last.base != word.base and abs(last.base - word.base) > 0.6 * size:
        return False
    if -0.5 * size < word.x0 - last.x1 < gap * size:
        return True
    return _is_right_to_left(word.text) and -gap * size < last.x0 - word.x1 < gap * size


def _is_right_to_left(text: str) -> bool:
    """Whether a word is Hebrew or Arabic."""
    return "\u0590" <= text[0] <= "\u08ff" or "\ufb1d" <= text[0] <= "\ufefc"
