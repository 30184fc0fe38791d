"""XLSX: sheets as pages, each under its name; what formulas gave, not the formulas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook

from rag.loaders.tables import table
from rag.loaders.values import LoadError, LoadLimits, Source
from rag.values import Part


def parts(source: Source) -> Iterator[Part]:
    """A part for each sheet. Raises LoadError."""
    # By the open file: openpyxl refuses a path whose extension it does not know.
    with source.path.open("rb") as file:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        for page, sheet in enumerate(book.worksheets, start=1):
            if hasattr(sheet, "reset_dimensions"):
                sheet.reset_dimensions()  # a file may declare a billion empty cells
            rows = _bounded(sheet.iter_rows(values_only=True), source.limits)
            yield Part(table(rows), page, (str(sheet.title),), "table")


def _bounded(rows: Iterator[Sequence[Any]], limits: LoadLimits) -> Iterator[list[str]]:
    characters = 0
    for row in rows:
        cells = [_said(cell) for cell in row]
        characters += sum(map(len, cells))
        if characters > limits.characters:
            raise LoadError("too_large", f"{characters} > {limits.characters}")
        yield cells


def _said(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date().isoformat()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)
