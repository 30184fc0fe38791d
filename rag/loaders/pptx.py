"""PPTX: slides as pages, each under its title, with its tables and notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pptx import Presentation

from rag.loaders.tables import table
from rag.loaders.values import LoadError, Source
from rag.values import Part


def parts(source: Source) -> Iterator[Part]:
    """Parts for each slide. Raises LoadError."""
    try:
        slides = Presentation(str(source.path)).slides
    except ValueError as error:
        raise LoadError("unsupported", str(error)) from error
    for page, slide in enumerate(slides, start=1):
        yield from _slide(slide, page)


def _slide(slide: Any, page: int) -> Iterator[Part]:
    title = slide.shapes.title
    named = " ".join(title.text_frame.text.split()) if title is not None else ""
    heading = (named,) if named else ()
    texts, tables = [], []
    for shape in _shapes(slide.shapes):
        if shape.has_text_frame:
            texts.append(shape.text_frame.text)
        elif shape.has_table:
            rows = ([cell.text for cell in row.cells] for row in shape.table.rows)
            tables.append(table(rows))
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        texts.append(slide.notes_slide.notes_text_frame.text)
    yield Part("\n\n".join(filter(None, texts)), page, heading)
    for one in tables:
        yield Part(one, page, heading, "table")


def _shapes(shapes: Iterable[Any]) -> Iterator[Any]:
    """All shapes in reading order, those of groups among them; groups may be nested deeply."""
    waiting = list(shapes)[::-1]
    while waiting:
        shape = waiting.pop()
        if hasattr(shape, "shapes"):
            waiting += list(shape.shapes)[::-1]
        else:
            yield shape
