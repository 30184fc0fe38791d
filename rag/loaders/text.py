"""Plain text, source code and tables in text form."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator

from rag.loaders.encodings import decoded
from rag.loaders.tables import table
from rag.loaders.values import LoadError, Source
from rag.values import Part

_SAMPLE = 10_000
_BYTES_OF_A_CHARACTER = 4


def read(source: Source) -> str:
    """The text of a file in any of the encodings Divan knows. Raises LoadError."""
    size = source.path.stat().st_size
    if size > source.limits.characters * _BYTES_OF_A_CHARACTER:
        raise LoadError("too_large", f"{size} bytes")
    return decoded(source.path.read_bytes())


def parts(source: Source) -> Iterator[Part]:
    """The whole text as one part."""
    yield Part(read(source))


def code_parts(source: Source) -> Iterator[Part]:
    """Source code, its indentation kept."""
    yield Part(read(source), kind="code")


def csv_parts(source: Source) -> Iterator[Part]:
    """A table of comma-, semicolon-, tab- or bar-separated values."""
    text = read(source)
    csv.field_size_limit(source.limits.characters)
    sample = Counter(text[:_SAMPLE])
    delimiter = max(",;\t|", key=lambda mark: sample[mark])
    try:
        rows = list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter))
    except csv.Error:
        yield Part(text, kind="table")
        return
    yield Part(table(rows), kind="table")
