"""Jupyter notebooks: the text and code of the cells; what they once printed is left out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rag.loaders.markdown import markdown
from rag.loaders.text import read
from rag.loaders.values import LoadError, Source
from rag.values import Part


def parts(source: Source) -> Iterator[Part]:
    """Parts of each cell, code under the last heading above it. Raises LoadError."""
    book = json.loads(read(source))
    cells = book.get("cells") if isinstance(book, dict) else None
    if not isinstance(cells, list):
        raise LoadError("damaged", "no cells")
    heading: tuple[str, ...] = ()
    for cell in cells:
        text = _text(cell)
        if cell.get("cell_type") == "code":
            yield Part(text, None, heading, "code")
            continue
        for part in markdown(text):
            heading = part.heading or heading
            yield Part(part.text, None, heading, part.kind)


def _text(cell: Any) -> str:
    lines = cell.get("source", "")
    return lines if isinstance(lines, str) else "".join(map(str, lines))
