"""Word: what a person sees on its pages, in the order they see it."""

from __future__ import annotations

from collections.abc import Iterator

from rag.loaders.docx.blocks import is_rendered
from rag.loaders.docx.sections import body_blocks
from rag.loaders.docx.story import Document
from rag.loaders.flow import Block, paged, pages_are_sure
from rag.loaders.opc import Package
from rag.loaders.values import Source
from rag.values import Part

_USUAL = "word/document.xml"


def parts(source: Source) -> Iterator[Part]:
    """A part for each paragraph or table, and for each footnote or comment at the end of its page
    or section. Raises LoadError."""
    with Package(source.path) as package:
        main = package.main(_USUAL)
        rendered = is_rendered(main.root)
        found: list[Block] = list(body_blocks(Document(package, main), main, rendered))
    return paged(found, rendered or pages_are_sure(found))
