"""DOCX: paragraphs under their headings, tables, footnotes, and the pages Word last saw."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from rag.loaders.headings import Headings
from rag.loaders.tables import table
from rag.loaders.values import LoadError, Source
from rag.values import Kind, Part

_P, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_TEXT, _TAB, _BREAK, _RETURN = qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr")
_RENDERED, _TYPE, _VALUE = qn("w:lastRenderedPageBreak"), qn("w:type"), qn("w:val")
_BEFORE, _PROPERTIES = qn("w:pageBreakBefore"), qn("w:pPr")
_WRAPPERS = {qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:smartTag"), qn("w:ins")}
_NOTES = {
    qn("w:footnoteReference"): (RELATIONSHIP_TYPE.FOOTNOTES, qn("w:footnote")),
    qn("w:endnoteReference"): (RELATIONSHIP_TYPE.ENDNOTES, qn("w:endnote")),
}
_ID = qn("w:id")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_STYLED_HEADING = re.compile(r"heading ([1-9])$")
_LONGEST_PAGE = 6_000
_PAGE = "\f"


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph or table; `level` is a heading's, 0 the title's. A form feed begins a page."""

    text: str
    level: int | None = None
    is_table: bool = False
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reading:
    rendered: bool
    levels: dict[str, int] = field(default_factory=dict)
    notes: dict[tuple[str, str], str] = field(default_factory=dict)
    """Texts of notes by the kind of their reference and its number."""


def parts(source: Source) -> Iterator[Part]:
    """A part for each paragraph or table, and for each footnote at the end of its page or section.
    Raises LoadError."""
    try:
        document = Document(str(source.path))
    except ValueError as error:
        raise LoadError("unsupported", str(error)) from error
    body = document.element.body
    rendered = next(body.iter(_RENDERED), None) is not None
    reading = _Reading(rendered, _levels(document), _notes(document))
    blocks = list(_blocks(body, reading))
    return _paged(blocks, reading.rendered or _pages_are_sure(blocks))


def _paged(blocks: list[_Block], sure: bool) -> Iterator[Part]:
    headings, page = Headings(), 1
    notes: list[Part] = []
    for block in blocks:
        pieces = block.text.split(_PAGE)
        for index, text in enumerate(pieces):
            page += index > 0
            opens = block.level is not None and bool(text.strip())
            if index > 0 or opens:
                yield from notes
                notes = []
            if block.level is not None and opens:
                headings.open(block.level, text)
            kind: Kind = "table" if block.is_table else "text"
            yield Part(text, page if sure else None, headings.path, kind)
        notes += [Part(one, page if sure else None, headings.path) for one in block.notes]
    yield from notes


def _pages_are_sure(blocks: list[_Block]) -> bool:
    """Without Word's own marks the breaks of the author tell the pages, unless what is between two
    of them must have run over a page."""
    pages = "\n".join(block.text for block in blocks).split(_PAGE)
    return len(pages) > 1 and max(map(len, pages)) <= _LONGEST_PAGE


def _blocks(parent: Any, reading: _Reading) -> Iterator[_Block]:
    for child in parent:
        if child.tag == _P:
            level = reading.levels.get(child.style or "")
            yield _Block(_text(child, reading.rendered), level, notes=_noted(child, reading))
        elif child.tag == _TABLE:
            rows = [_row(row, reading) for row in child.iter(_ROW) if _table_of(row) is child]
            breaks = _PAGE * sum(cell.count(_PAGE) for row in rows for cell in row)
            yield _Block(
                table([[c.replace(_PAGE, " ") for c in row] for row in rows]),
                is_table=True,
                notes=_noted(child, reading),
            )
            if breaks:
                yield _Block(breaks)
        elif child.tag in _WRAPPERS:
            yield from _blocks(child, reading)


def _table_of(row: Any) -> Any:
    """The table a row is in, not one around it; rows may lie in wrappers."""
    return next(row.iterancestors(_TABLE))


def _row(row: Any, reading: _Reading) -> list[str]:
    return [
        " ".join(_text(paragraph, reading.rendered) for paragraph in cell.iter(_P))
        for cell in row.iterchildren(_CELL)
    ]


def _text(paragraph: Any, rendered: bool) -> str:
    pieces: list[str] = []
    properties = paragraph.find(_PROPERTIES)
    if not rendered and properties is not None and properties.find(_BEFORE) is not None:
        pieces.append(_PAGE)
    for element in paragraph.iter(_TEXT, _TAB, _BREAK, _RETURN, _RENDERED):
        if any(True for _ in element.iterancestors(_FALLBACK)):
            continue
        pieces.append(_said(element, rendered))
    return "".join(pieces)


def _said(element: Any, rendered: bool) -> str:
    if element.tag == _TEXT:
        return element.text or ""
    if element.tag == _TAB:
        return "\t"
    if element.tag == _RENDERED:
        return _PAGE
    if element.tag == _BREAK and element.get(_TYPE) == "page":
        return "" if rendered else _PAGE
    return "\n"


def _noted(block: Any, reading: _Reading) -> tuple[str, ...]:
    """The notes a paragraph or table refers to."""
    found = (reading.notes.get((one.tag, one.get(_ID))) for one in block.iter(*_NOTES))
    return tuple(filter(None, found))


def _notes(document: Any) -> dict[tuple[str, str], str]:
    """All footnotes and endnotes of a document."""
    found = {}
    for reference, (kind, tag) in _NOTES.items():
        related = [one for one in document.part.rels.values() if one.reltype == kind]
        for relation in related:
            for note in parse_xml(relation.target_part.blob).iter(tag):
                lines = (_text(one, True).replace(_PAGE, " ") for one in note.iter(_P))
                found[reference, note.get(_ID, "")] = "\n".join(lines).strip()
    return found


def _levels(document: Any) -> dict[str, int]:
    """The level of each style that is one of headings."""
    levels = {}
    for style in document.styles.element.iterchildren(qn("w:style")):
        named = style.find(qn("w:name"))
        name = named.get(_VALUE, "").lower() if named is not None else ""
        found = _STYLED_HEADING.match(name)
        outline = style.find(f"{_PROPERTIES}/{qn('w:outlineLvl')}")
        style_id = style.get(qn("w:styleId"), "")
        if name == "title":
            levels[style_id] = 0
        elif found:
            levels[style_id] = int(found[1])
        elif outline is not None and outline.get(_VALUE, "9") in "012345678":
            levels[style_id] = int(outline.get(_VALUE)) + 1
    return levels
