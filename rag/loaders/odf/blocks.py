"""The blocks of an OpenDocument text: paragraphs with their labels, tables, frames and notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from rag.loaders.flow import PAGE, Block
from rag.loaders.odf.inline import BODY, COMMENT, inline
from rag.loaders.odf.names import odf, whole
from rag.loaders.odf.numbering import Counters, Numbering
from rag.loaders.odf.styles import Styles
from rag.loaders.odf.tables import rows
from rag.loaders.tables import table

_P, _H, _LIST = odf("text:p"), odf("text:h"), odf("text:list")
_ITEM, _LIST_HEADER = odf("text:list-item"), odf("text:list-header")
_STYLE = odf("text:style-name")
_OBJECT = odf("draw:object")
_SKIPPED = {
    odf("text:tracked-changes"),
    odf("office:forms"),
    odf("svg:title"),
    odf("svg:desc"),
    odf("draw:image"),
    COMMENT,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a list a block is: `label` says the label of its next paragraph."""

    style: str = ""
    level: int = 0
    counters: Counters = field(default_factory=Counters)


class Reader:
    """Reads the texts of one file. `open_object` gives the text of an equation or chart, and
    whether it is a table, by its name."""

    def __init__(self, styles: Styles, open_object: Callable[[str], tuple[str, bool]]) -> None:
        self._styles = styles
        self._numbering = Numbering(styles)
        self._open_object = open_object

    def blocks(self, parent: Any, place: Place | None = None) -> Iterator[Block]:
        """The blocks in reading order."""
        for child in parent:
            if child.tag == _P or child.tag == _H:
                yield from self._paragraph(child, "")
            elif child.tag == _LIST:
                yield from self._list(child, place or Place())
            elif child.tag == odf("table:table"):
                yield from self._table(child)
            elif child.tag == _OBJECT:
                text, is_table = self._open_object(child.get(odf("xlink:href"), ""))
                yield Block(text, is_table=is_table)
            elif child.tag == odf("text:soft-page-break"):
                yield Block(PAGE)
            elif child.tag not in _SKIPPED and child.get(odf("text:display")) != "none":
                yield from self.blocks(child, place)

    def text(self, parent: Any) -> str:
        """All blocks as lines."""
        return "\n".join(block.text for block in self.blocks(parent)).replace(PAGE, " ").strip()

    def note(self, element: Any) -> str:
        """The text of a note; that of a comment begins with its author."""
        if element.tag != COMMENT:
            return "\n".join(self.text(body) for body in element.iterchildren(BODY))
        author = (element.findtext(odf("dc:creator")) or "").strip()
        text = self.text(element)
        return f"{author}: {text}" if author and text else text

    def _paragraph(self, element: Any, label: str) -> Iterator[Block]:
        style = element.get(_STYLE, "")
        found = inline(element, self._styles)
        text, level = found.text, None
        if element.tag == _H:
            level = whole(element.get(odf("text:outline-level")), 1)
            label = label or self._numbering.heading(element, level)
        elif self._styles.is_title(style):
            level = 0
        begins = PAGE if self._styles.begins_page(style) else ""
        if label and text.strip(PAGE + " "):
            text = f"{label} {text}"
        notes = tuple(filter(None, map(self.note, found.notes)))
        yield Block(begins + text, level, notes=notes)
        yield from self.blocks(found.frames)

    def _list(self, element: Any, above: Place) -> Iterator[Block]:
        style = element.get(_STYLE, "") or above.style or self._style_inside(element)
        is_outermost = above.level == 0
        counters = self._numbering.open(element, style) if is_outermost else above.counters
        place = Place(style, above.level + 1, counters)
        for item in element.iterchildren(_ITEM, _LIST_HEADER):
            label = ""
            if item.tag == _ITEM and any(child.tag in (_P, _H) for child in item):
                label = self._numbering.item(counters, style, place.level, item)
            for child in item:
                if child.tag in (_P, _H):
                    yield from self._paragraph(child, label)
                    label = ""
                else:
                    yield from self.blocks([child], place)

    def _style_inside(self, element: Any) -> str:
        """The list that the style of the first paragraph names."""
        first = next(element.iter(_P, _H), None)
        return "" if first is None else self._styles.list_of(first.get(_STYLE, ""))

    def _table(self, element: Any) -> Iterator[Block]:
        found: list[Block] = []

        def cell(element: Any) -> str:
            inside = list(self.blocks(element))
            found.extend(inside)
            notes = map(self.note, element.iterchildren(COMMENT))
            lines = (one.text.replace("\n", "; ") if one.is_table else one.text for one in inside)
            said = [*lines, *(f"({note})" for note in notes if note)]
            return " ".join(said).replace(PAGE, " ").strip()

        text = table(rows(element, cell))
        notes = tuple(note for block in found for note in block.notes)
        is_layout = all(" | " not in line for line in text.split("\n"))
        yield Block(text, is_table=not is_layout, notes=notes)
        if breaks := sum(block.text.count(PAGE) for block in found):
            yield Block(PAGE * breaks)


def in_margin(blocks: Iterable[Block], seen: set[str]) -> Iterator[Block]:
    """Blocks of headers and footers that were not there before."""
    for block in blocks:
        text = block.text.replace(PAGE, " ").strip()
        if any(map(str.isalnum, text)) and text not in seen:
            seen.add(text)
            yield replace(block, text=text, level=None, in_margin=True)
