"""Blocks of a text that flows over pages, and the page and headings each stands under."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rag.loaders.headings import Headings
from rag.values import Kind, Part

PAGE = "\f"
"""Where a page begins, in the text of a block."""
_LONGEST_PAGE = 6_000


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or table; `level` is a heading's, 0 the title's. A form feed begins a page.
    `in_margin` says that it is a header or footer, which stands under no heading."""

    text: str
    level: int | None = None
    is_table: bool = False
    notes: tuple[str, ...] = ()
    in_margin: bool = False
    ends_section: bool = False


def paged(blocks: list[Block], sure: bool) -> Iterator[Part]:
    """The parts of all blocks; the notes of a page or section stand at its end."""
    headings, page = Headings(), 1
    notes: list[Part] = []
    for block in blocks:
        for index, text in enumerate(block.text.split(PAGE)):
            page += index > 0
            opens = block.level is not None and bool(text.strip())
            if index > 0 or opens:
                yield from notes
                notes = []
            if block.level is not None and opens:
                headings.open(block.level, text)
            kind: Kind = "table" if block.is_table else "text"
            path = () if block.in_margin else headings.path
            yield Part(text, page if sure else None, path, kind)
        notes += [Part(one, page if sure else None, headings.path) for one in block.notes]
    yield from notes


def pages_are_sure(blocks: list[Block]) -> bool:
    """Without Word's own marks the breaks of the author tell the pages, unless what is between two
    of them must have run over a page."""
    pages = "\n".join(block.text for block in blocks).split(PAGE)
    return len(pages) > 1 and max(map(len, pages)) <= _LONGEST_PAGE
