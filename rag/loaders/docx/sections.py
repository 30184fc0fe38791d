"""The body of a Word document with the headers and footers of its sections, each once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rag.loaders.docx.blocks import blocks
from rag.loaders.docx.notes import notes
from rag.loaders.docx.story import Document, Story
from rag.loaders.docx.styles import is_on
from rag.loaders.flow import PAGE, Block
from rag.loaders.ooxml import r, w
from rag.loaders.opc import XmlPart

_SECTION, _CHANGE = w("sectPr"), w("sectPrChange")
_HEADER, _FOOTER = w("headerReference"), w("footerReference")


def body_blocks(document: Document, main: XmlPart, rendered: bool) -> Iterator[Block]:
    """The blocks of the whole document: headers before their section, footers behind it."""
    document.notes.update(notes(document))
    sections = [one for one in main.root.iter(_SECTION) if one.getparent().tag != _CHANGE]
    margins = _Margins(document, main)
    at = 0
    yield from margins.blocks(sections[:1], _HEADER)
    for body in main.root.iterchildren(w("body")):
        for block in blocks(body, Story(document, main, rendered)):
            yield block
            if block.ends_section:
                yield from margins.blocks(sections[at : at + 1], _FOOTER)
                at += 1
                yield from margins.blocks(sections[at : at + 1], _HEADER)
    yield from margins.blocks(sections[at:], _FOOTER)


class _Margins:
    """Headers and footers; what was there before is not said again."""

    def __init__(self, document: Document, main: XmlPart) -> None:
        self._document = document
        self._main = main
        self._seen: set[str] = set()

    def blocks(self, sections: list[Any], kind: str) -> Iterator[Block]:
        """What is new in the headers or footers of these sections."""
        for section in sections:
            for reference in section.iterchildren(kind):
                if self._is_used(section, reference):
                    yield from self._new(reference)

    def _is_used(self, section: Any, reference: Any) -> bool:
        kind = reference.get(w("type"), "default")
        if kind == "first":
            return bool(is_on(section, "titlePg"))
        return kind != "even" or bool(is_on(self._document.settings, "evenAndOddHeaders"))

    def _new(self, reference: Any) -> Iterator[Block]:
        relation = self._main.relations.get(reference.get(r("id"), ""))
        part = self._document.part(relation.target) if relation else None
        if part is None:
            return
        for block in blocks(part.root, Story(self._document, part, in_margin=True)):
            text = block.text.replace(PAGE, " ").strip()
            if any(map(str.isalnum, text)) and text not in self._seen:
                self._seen.add(text)
                yield Block(text, is_table=block.is_table, in_margin=True)
