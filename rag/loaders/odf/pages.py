"""Sheets and slides of OpenDocument: a page each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rag.loaders.flow import Block
from rag.loaders.layout import Box, in_rows
from rag.loaders.odf.blocks import Reader
from rag.loaders.odf.names import odf
from rag.loaders.odf.objects import Objects
from rag.loaders.odf.styles import Styles
from rag.loaders.values import Began, Piece, Source
from rag.values import Part

_LENGTH = re.compile(r"(-?\d{1,6}(?:\.\d{1,9})?)(cm|mm|in|pt|pc)")
_MICRONS = {"cm": 10_000, "mm": 1_000, "in": 25_400, "pt": 353, "pc": 4_233}
_NOTES = odf("presentation:notes")
_CLASS = odf("presentation:class")
_LEFT_OUT = {"page-number", "date-time", "footer", "header", "page"}


def sheets(body: Any, styles: Styles, objects: Objects, source: Source) -> Iterator[Piece]:
    """A part for each sheet."""
    found = list(body.iterchildren(odf("table:table")))
    for page, sheet in enumerate(found, start=1):
        if source.wants(page):
            yield Began(page, len(found))
            hidden = styles.is_hidden("table", sheet.get(odf("table:style-name"), ""))
            name = _named(sheet.get(odf("table:name"), ""), hidden, styles)
            for block in Reader(styles, objects).blocks([sheet]):
                yield Part(block.text, page, (name,) if name else (), "table")
            for shape in sheet.iterchildren(odf("table:shapes")):
                for block in Reader(styles, objects).blocks(shape):
                    yield _part(block, page, name)


def slides(body: Any, styles: Styles, objects: Objects, source: Source) -> Iterator[Piece]:
    """Parts for each slide, with its notes."""
    found = list(body.iterchildren(odf("draw:page")))
    for page, slide in enumerate(found, start=1):
        if source.wants(page):
            yield Began(page, len(found))
            yield from _slide(slide, page, styles, objects)


def _slide(slide: Any, page: int, styles: Styles, objects: Objects) -> Iterator[Part]:
    reader = Reader(styles, objects)
    title, placed = "", []
    for shape in slide:
        kind = shape.get(_CLASS, "")
        if shape.tag == _NOTES or kind in _LEFT_OUT:
            continue
        if kind == "title" and not title:
            title = " ".join(reader.text([shape]).split())
        else:
            placed.append((_box(shape), shape))
    hidden = styles.is_hidden("drawing-page", slide.get(odf("draw:style-name"), ""))
    name = _named(title, hidden, styles)
    blocks = [Block(title), *_read(reader, in_rows(placed))]
    for notes in slide.iterchildren(_NOTES):
        kept = [one for one in notes if one.get(_CLASS, "") not in _LEFT_OUT]
        blocks += _read(reader, kept)
    texts = [block.text for block in blocks if block.text.strip() and not block.is_table]
    yield Part("\n".join(texts), page, (name,) if name else ())
    yield from (_part(block, page, name) for block in blocks if block.is_table)


def _read(reader: Reader, shapes: list[Any]) -> Iterator[Block]:
    for shape in shapes:
        yield from reader.blocks([shape])
        described = shape.find(odf("svg:desc"))
        if described is not None and described.text:
            yield Block(described.text)


def _part(block: Block, page: int, name: str) -> Part:
    return Part(block.text, page, (name,) if name else (), "table" if block.is_table else "text")


def _named(name: str, hidden: bool, styles: Styles) -> str:
    mark = "[gizli]" if styles.is_turkish else "[hidden]"
    return f"{name} {mark}".strip() if hidden else name


def _box(shape: Any) -> Box:
    left, top, height = (
        _microns(shape.get(odf(name), "")) for name in ("svg:x", "svg:y", "svg:height")
    )
    return Box(left, top, height)


def _microns(length: str) -> int:
    found = _LENGTH.fullmatch(length)
    return int(float(found[1]) * _MICRONS[found[2]]) if found else 0
