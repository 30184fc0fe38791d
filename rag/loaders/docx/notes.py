"""Footnotes, endnotes and comments, by what refers to them."""

from __future__ import annotations

from collections.abc import Iterator

from rag.loaders.docx.blocks import blocks
from rag.loaders.docx.story import Document, Story
from rag.loaders.flow import PAGE
from rag.loaders.ooxml import w

_KINDS = {
    w("footnoteReference"): ("footnotes", w("footnote")),
    w("endnoteReference"): ("endnotes", w("endnote")),
    w("commentReference"): ("comments", w("comment")),
}


def notes(document: Document) -> Iterator[tuple[tuple[str, str], str]]:
    """The text of each note by the name of the element that refers to it and its number; that of
    a comment begins with its author."""
    for reference, (kind, tag) in _KINDS.items():
        for part in document.related(kind):
            story = Story(document, part)
            for note in part.root.iter(tag):
                lines = "\n".join(block.text for block in blocks(note, story))
                text = lines.replace(PAGE, " ").strip()
                author = note.get(w("author"), "").strip()
                said = f"{author}: {text}" if author and text else text
                yield (reference, note.get(w("id"), "")), said
