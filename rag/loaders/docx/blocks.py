"""The blocks of a Word text: paragraphs with their labels, tables, and what is drawn beside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from rag.loaders.charts import chart
from rag.loaders.diagrams import diagram
from rag.loaders.docx.inline import CHART, TEXT_BOX, inline
from rag.loaders.docx.story import Story
from rag.loaders.docx.styles import is_on, outline_level, value
from rag.loaders.flow import PAGE, Block
from rag.loaders.ooxml import mc, r, w
from rag.loaders.tables import table

_P, _TABLE, _ROW, _CELL = w("p"), w("tbl"), w("tr"), w("tc")
_PROPERTIES, _MARK = w("pPr"), w("rPr")
_WRAPPERS = {
    w("sdt"), w("sdtContent"), w("customXml"), w("smartTag"), w("ins"), w("moveTo"),
    mc("Choice"), mc("Fallback"),
}  # fmt: skip
_ALTERNATIVES = mc("AlternateContent")
_MOST_COLUMNS = 64
"""More than Word allows in a table."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """What is in a cell; `again` where it only goes on with the merged cell above."""

    blocks: tuple[Block, ...] = ()
    again: bool = False

    @property
    def text(self) -> str:
        lines = (one.text.replace("\n", "; ") if one.is_table else one.text for one in self.blocks)
        return " ".join(lines).replace(PAGE, " ")


def is_rendered(root: Any) -> bool:
    """Whether the marks of the pages that Word last saw are in a text."""
    return next(root.iter(w("lastRenderedPageBreak")), None) is not None


def blocks(parent: Any, story: Story, in_cell: bool = False) -> Iterator[Block]:
    """The blocks in reading order. In a cell a label counts as text, even where it stands alone."""
    before, referred = "", list[tuple[str, str]]()
    for child in _children(parent, {_P, _TABLE}):
        if child.tag == _TABLE:
            yield from _of_table(child, story)
            continue
        properties = child.find(_PROPERTIES)
        style = value(properties, "pStyle") or ""
        found = inline(child, style, story)
        before += found.text
        referred += found.notes
        if not _goes_on(properties):
            text, before = before, ""
            notes = [story.document.notes.get(one) for one in referred]
            referred.clear()
            yield Block(
                _paragraph(properties, style, text, story, in_cell),
                _level(properties, style, story),
                notes=tuple(filter(None, notes)),
                ends_section=properties is not None and properties.find(w("sectPr")) is not None,
            )
        for drawing in found.drawings:
            yield from _drawn(drawing, story)
    if before:
        yield Block(before)


def _goes_on(properties: Any | None) -> bool:
    """Whether the end of a paragraph was deleted, so that the next one follows in its line."""
    mark = None if properties is None else properties.find(_MARK)
    if mark is None:
        return False
    return mark.find(w("del")) is not None or mark.find(w("moveFrom")) is not None


def _paragraph(properties: Any | None, style: str, text: str, story: Story, in_cell: bool) -> str:
    if not story.rendered and is_on(properties, "pageBreakBefore"):
        text = PAGE + text
    said = text.strip()
    mark = None if properties is None else properties.find(_MARK)
    if not said and is_on(mark, "vanish"):
        return text
    label = story.document.numbering.label(properties, style)
    if not label or not (said or in_cell):
        return text
    body = text.lstrip(PAGE)
    return f"{text[: len(text) - len(body)]}{label} {body.lstrip()}"


def _level(properties: Any | None, style: str, story: Story) -> int | None:
    own = outline_level(properties)
    if own is not None:
        return own if own >= 0 else None
    return story.document.styles.level(style)


def _drawn(element: Any, story: Story) -> Iterator[Block]:
    """What a drawing says: a text box, a chart or SmartArt."""
    if element.tag == TEXT_BOX:
        yield from blocks(element, story)
        return
    is_chart = element.tag == CHART
    relation = story.part.relations.get(element.get(r("id") if is_chart else r("dm"), ""))
    part = story.document.part(relation.target) if relation else None
    if part:
        text = chart(part.root) if is_chart else diagram(part.root)
        yield Block(text, is_table=is_chart)


def _children(parent: Any, wanted: set[str]) -> Iterator[Any]:
    """The elements of these kinds, also those in wrappers, which may be nested deeply."""
    waiting = list(reversed(parent))
    while waiting:
        element = waiting.pop()
        if element.tag in wanted:
            yield element
        elif element.tag in _WRAPPERS:
            waiting.extend(reversed(element))
        elif element.tag == _ALTERNATIVES:
            waiting.extend(element[:1])


def _of_table(element: Any, story: Story) -> Iterator[Block]:
    rows = list(_rows(element, story))
    found = [block for row in rows for cell in row if not cell.again for block in cell.blocks]
    if _is_layout(rows):
        yield from found
        return
    yield Block(
        table([cell.text for cell in row] for row in rows),
        is_table=True,
        notes=tuple(note for block in found for note in block.notes),
    )
    if breaks := sum(block.text.count(PAGE) for block in found):
        yield Block(PAGE * breaks)


def _is_layout(rows: list[list[_Cell]]) -> bool:
    """Whether a table only places what is in it: it has one column, or tables in its cells."""
    nested = (
        block.is_table and "\n" in block.text
        for row in rows
        for cell in row
        for block in cell.blocks
    )
    return max(map(len, rows), default=0) <= 1 or any(nested)


def _rows(element: Any, story: Story) -> Iterator[list[_Cell]]:
    """The cells of each row by their columns: one over several columns stands in the first, one
    over several rows in each."""
    above: dict[int, _Cell] = {}
    for row in _children(element, {_ROW}):
        properties = row.find(w("trPr"))
        if properties is not None and properties.find(w("del")) is not None:
            continue
        cells = [_Cell()] * _count(properties, "gridBefore", 0)
        for cell in _children(row, {_CELL}):
            own = cell.find(w("tcPr"))
            merge = value(own, "vMerge")
            column = len(cells)
            if merge is not None and merge != "restart" and column in above:
                cells.append(above[column])
            else:
                cells.append(_Cell(tuple(blocks(cell, story, in_cell=True))))
            above.pop(column, None)
            if merge is not None:
                above[column] = replace(cells[-1], again=True)
            cells += [_Cell()] * (_count(own, "gridSpan", 1) - 1)
        yield cells


def _count(properties: Any | None, name: str, default: int) -> int:
    found = value(properties, name) or ""
    return min(int(found), _MOST_COLUMNS) if found.isdecimal() else default
