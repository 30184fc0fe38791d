"""Tables in text form: CSV with any of its delimiters, in blocks under their heading row."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from rag.loaders.tables import Block, blocks, cells_of
from rag.loaders.text import read
from rag.loaders.values import Source
from rag.values import Part

_DELIMITERS = "\t;|,"
"""By how seldom they stand in a cell."""
_SAMPLE = 65_536
_PART = 100_000
_NAMED = re.compile(r"\"?sep=(.)\"?[ \t]*(?:\r\n|\r|\n|$)", re.IGNORECASE)
"""The line in which Excel names the delimiter."""
_DECIMAL = re.compile(r"[-+]?\d+,\d+")


def parts(source: Source) -> Iterator[Part]:
    """The rows, some blocks a part. Raises LoadError."""
    csv.field_size_limit(source.limits.characters)
    yield from csv_parts(read(source))


def csv_parts(text: str, heading: tuple[str, ...] = ()) -> Iterator[Part]:
    """The rows of a text; the text as it is where it is no table."""
    named = _NAMED.match(text)
    delimiter = named[1] if named else delimiter_of(text)
    stream = io.StringIO(text[named.end() :] if named else text, newline="")
    try:
        rows = csv.reader(stream, delimiter=delimiter or _UNUSED)
        yield from _parts(blocks(map(cells_of, rows)), heading)
    except csv.Error:
        yield Part(text, heading=heading, kind="table")


_UNUSED = "\x1f"
"""The delimiter of a table with one column."""


def delimiter_of(text: str) -> str:
    """The mark that gives the most rows the same number of cells; "" for a single column."""
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        sample = sample[: sample.rfind("\n") + 1] or sample
    best, chosen = (0.0, 0), ""
    for mark in _DELIMITERS:
        fits = _consistency(sample, mark)
        if fits > best:
            best, chosen = fits, mark
    return chosen


def _consistency(sample: str, mark: str) -> tuple[float, int]:
    """The share of rows with the commonest number of cells, and this number; nothing where the
    mark only stands in decimals."""
    try:
        rows = [row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=mark) if row]
    except csv.Error:
        return 0.0, 0
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0.0, 0
    if mark == "," and all(_DECIMAL.fullmatch(",".join(row)) for row in rows if len(row) > 1):
        return 0.0, 0
    width, count = max(widths.items(), key=lambda one: (one[1], one[0]))
    return count / len(rows), width


def _parts(found: Iterator[Block], heading: tuple[str, ...]) -> Iterator[Part]:
    held, length = list[str](), 0
    for one in found:
        held.append(one.text)
        length += len(one.text)
        if length > _PART:
            yield Part("\n\n".join(held), heading=heading, kind="table")
            held, length = [], 0
    if held:
        yield Part("\n\n".join(held), heading=heading, kind="table")
