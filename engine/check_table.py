"""The table `python app.py check` prints: a row as soon as a model is through, in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from core.catalog import Model
from core.numbers import cost, decimal
from core.texts import translate

_UNKNOWN = "-"
_GAP = "  "


@dataclass(frozen=True)
class Row:
    """One model's line. Times in seconds, cost in USD; None is unknown. `kind` is the kind of the
    error or the reason that keeps it from answering, "" for none."""

    model: str
    ok: bool
    result: str
    first_token_s: float | None = None
    tokens_per_s: float | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None
    kind: str = ""


class Table:
    """Prints rows under one header, with columns wide enough for every model's name."""

    def __init__(self, models: Sequence[Model], language: str, out: TextIO) -> None:
        self._language = language
        self._out = out
        keys = ("model", "first", "speed", "tokens", "cost", "result")
        self._heads = [self._text(f"column.{key}") for key in keys]
        name = max((len(model.id) for model in models), default=0)
        least = (name, len("00.00 s"), len("0000.0"), len("00000/00000"), len("$0.000000"), 0)
        self._widths = [max(pair) for pair in zip(map(len, self._heads), least, strict=True)]

    def start(self, count: int) -> None:
        """Say what is going to be asked, and write the header."""
        self._print(self._text("start", count=str(count)))
        self._print("")
        self._line(self._heads)
        self._line(["-" * width for width in self._widths])

    def show(self, row: Row) -> None:
        """Write one row."""
        tokens = f"{row.tokens_in}/{row.tokens_out}"
        cells = [
            row.model,
            self._seconds(row.first_token_s),
            _UNKNOWN if row.tokens_per_s is None else decimal(row.tokens_per_s, self._language),
            tokens if row.tokens_in or row.tokens_out else _UNKNOWN,
            _UNKNOWN if row.cost is None else cost(row.cost, self._language),
            row.result,
        ]
        self._line(cells)

    def notes(self, lines: Sequence[str]) -> None:
        """Write what does not fit into a row."""
        for line in lines:
            self._print("")
            self._print(line)

    def end(self, answered: int, asked: int, not_ready: int) -> None:
        """Write how many answered."""
        self._print("")
        counts = {"answered": str(answered), "asked": str(asked), "not_ready": str(not_ready)}
        self._print(self._text("end" if asked else "none_ready", **counts))

    def _seconds(self, value: float | None) -> str:
        if value is None:
            return _UNKNOWN
        return translate(self._language, "answer.seconds", s=decimal(value, self._language))

    def _text(self, key: str, **params: str) -> str:
        return translate(self._language, f"check.{key}", **params)

    def _line(self, cells: Sequence[str]) -> None:
        first, *numbers, last = zip(cells, self._widths, strict=True)
        aligned = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in numbers)]
        self._print(_GAP.join([*aligned, last[0]]).rstrip())

    def _print(self, line: str) -> None:
        print(line, file=self._out, flush=True)
