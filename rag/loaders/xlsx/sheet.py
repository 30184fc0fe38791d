"""The rows of one sheet as they are shown. Nothing of a sheet is kept but the row at hand.

Read by lxml: openpyxl takes 17.7 CPU seconds for the values of two million cells alone, and would
have to read twice to see that a formula has no value. This takes 10 with all formats.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any
from zipfile import BadZipFile

from lxml import etree

from rag.loaders.tables import Cells
from rag.loaders.xlsx.book import Book, Sheet, forget, text_of
from rag.loaders.xlsx.number_format import NumberFormat, general
from rag.loaders.xlsx.references import MOST_COLUMNS, column_of
from rag.loaders.xlsx.remarks import Remarks

_DIGITS = "0123456789"
_MOST_KEPT = 50_000
_NO_MEMORY = 2
"""What libxml2 calls an end of memory."""
_DAMAGED = (etree.LxmlError, BadZipFile, OSError, EOFError, KeyError, ValueError, zlib.error)


class SheetRows:
    """Iterates over the rows; `hidden_columns` are known from the first row on, and `damaged` at
    the end: whether the sheet could not be read further."""

    def __init__(self, book: Book, sheet: Sheet, remarks: Remarks) -> None:
        self.hidden_columns: list[range] = []
        self.damaged = False
        self._book, self._sheet, self._remarks = book, sheet, remarks
        self._columns: dict[str, int] = {}
        self._formats: dict[int, NumberFormat | None] = {}
        self._shown: dict[tuple[str, int], str] = {}

    def __iter__(self) -> Iterator[Cells]:
        try:
            yield from self._rows()
        except _DAMAGED as error:
            if getattr(error, "code", 0) == _NO_MEMORY:
                raise
            self.damaged = True
        for reference, text in self._remarks.left():
            yield {0: f"{reference} {text}"}

    def _rows(self) -> Iterator[Cells]:
        number = 0
        with self._book.open(self._sheet.path) as file:
            for _, element in etree.iterparse(
                file,
                tag=("{*}row", "{*}col"),
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
            ):
                if element.tag.endswith("}col"):
                    self._note_hidden(element)
                    continue
                before, number = number, _number(element.get("r"), number + 1)
                if number > before + 1:
                    yield {}
                yield self._row(element, number)
                forget(element)

    def _note_hidden(self, column: Any) -> None:
        if column.get("hidden") in ("1", "true"):
            first, last = _number(column.get("min"), 0), _number(column.get("max"), 0)
            self.hidden_columns.append(range(first - 1, min(last, MOST_COLUMNS)))

    def _row(self, row: Any, number: int) -> Cells:
        cells: dict[int, str] = {}
        column = -1
        for cell in row:
            reference = cell.get("r")
            column = self._column(reference, column)
            text = self._text(cell)
            if note := self._remarks.of(reference):
                text = f"{text} {note}".lstrip()
            if text and column < MOST_COLUMNS:
                cells[column] = text if text.isalnum() else " ".join(text.split())
        cells = self._remarks.merged(number, cells)
        if cells and row.get("hidden") in ("1", "true"):
            first = min(cells)
            cells[first] = f"{cells[first]} [{self._book.locale.hidden}]"
        return {at: text for at, text in cells.items() if text}

    def _column(self, reference: str | None, before: int) -> int:
        if not reference:
            return before + 1
        letters = reference.rstrip(_DIGITS)
        found = self._columns.get(letters)
        if found is None:
            found = self._columns[letters] = column_of(letters)
        return found

    def _text(self, cell: Any) -> str:
        value, formula, inline = None, None, None
        for child in cell:
            name = child.tag[-2:] if isinstance(child.tag, str) else ""
            if name == "}v":
                value = child.text
            elif name == "}f":
                formula = child
            elif name == "is":
                inline = text_of(child)
        kind = cell.get("t", "n")
        if formula is not None and self._is_unknown(value, kind):
            return f"={formula.text or '…'} [{self._book.locale.no_value}]"
        if inline is not None:
            return self._styled(inline, cell)
        return self._value(value, kind, cell) if value else ""

    def _is_unknown(self, value: str | None, kind: str) -> bool:
        """Whether a formula has no value; one that gave an empty text has."""
        if not value:
            return kind != "str"
        return self._book.recalculated and kind == "n" and value == "0"

    def _value(self, value: str, kind: str, cell: Any) -> str:
        if kind == "s":
            index = _number(value, -1)
            known = 0 <= index < len(self._book.strings)
            return self._styled(self._book.strings[index], cell) if known else ""
        if kind == "n":
            return self._number_shown(value, _number(cell.get("s"), 0))
        if kind == "b":
            return self._book.locale.false if value == "0" else self._book.locale.true
        return self._styled(value, cell) if kind == "str" else value

    def _number_shown(self, value: str, style: int) -> str:
        key = (value, style)
        shown = self._shown.get(key)
        if shown is None:
            if len(self._shown) > _MOST_KEPT:
                self._shown.clear()
            shown = self._shown[key] = self._made(value, style)
        return shown

    def _made(self, value: str, style: int) -> str:
        try:
            number = float(value)
        except ValueError:
            return value
        chosen = self._format(style)
        return chosen.number(number) if chosen else general(number, self._book.locale)

    def _styled(self, text: str, cell: Any) -> str:
        chosen = self._format(_number(cell.get("s"), 0))
        return chosen.text(text) if chosen else text

    def _format(self, style: int) -> NumberFormat | None:
        """None for General."""
        if style not in self._formats:
            codes = self._book.codes
            code = codes[style] if 0 <= style < len(codes) else "General"
            self._formats[style] = (
                None
                if code == "General"
                else NumberFormat(code, self._book.locale, self._book.epoch_1904)
            )
        return self._formats[style]


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,9}", text, re.ASCII) else otherwise
