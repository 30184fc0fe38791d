"""PowerPoint: slides as pages, each under its title, read as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator

from rag.loaders.ooxml import p, r
from rag.loaders.opc import DamagedPart, Package
from rag.loaders.pptx.slides import Slides
from rag.loaders.values import Began, Piece, Source, Unread

_USUAL = "ppt/presentation.xml"


def parts(source: Source) -> Iterator[Piece]:
    """Parts for each slide; one that is damaged costs itself alone. Raises LoadError."""
    with Package(source.path) as package:
        main = package.main(_USUAL)
        names = [
            relation.target if (relation := main.relations.get(one.get(r("id"), ""))) else ""
            for one in main.root.iterfind(f"{p('sldIdLst')}/{p('sldId')}")
        ]
        slides = Slides(package)
        for page, name in enumerate(names, start=1):
            if not source.wants(page):
                continue
            yield Began(page, len(names))
            try:
                yield from slides.parts(name, page)
            except DamagedPart:
                yield Unread(page, page, "damaged")
