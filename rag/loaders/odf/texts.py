"""A text of OpenDocument: its headers, its blocks on their pages, its footers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from rag.loaders.flow import PAGE, Block, paged, pages_are_sure
from rag.loaders.odf.blocks import Reader, in_margin
from rag.loaders.odf.names import odf
from rag.loaders.odf.objects import Objects
from rag.loaders.odf.styles import Styles
from rag.values import Part

_MASTER = odf("style:master-page")
_STANDARD = "Standard"
_HEADERS = ("style:header", "style:header-first", "style:header-left")
_FOOTERS = ("style:footer", "style:footer-first", "style:footer-left")


def text(body: Any, shared: Any | None, styles: Styles, objects: Objects) -> Iterator[Part]:
    """The parts of a text; `shared` is the part with the headers and footers."""
    reader, seen = Reader(styles, objects), set[str]()
    used = _used(body)
    blocks: list[Block] = []
    blocks += in_margin(_margins(reader, shared, used, _HEADERS), seen)
    blocks += _without_first_break(reader.blocks(body))
    blocks += in_margin(_margins(reader, shared, used, _FOOTERS), seen)
    rendered = body.get(odf("text:use-soft-page-breaks")) == "true"
    return paged(blocks, rendered or pages_are_sure(blocks))


def _without_first_break(blocks: Iterator[Block]) -> Iterator[Block]:
    """The style of the first paragraph says which kind of page it begins, not that one ended."""
    for first in blocks:
        yield replace(first, text=first.text.removeprefix(PAGE))
        yield from blocks


def _used(body: Any) -> set[str]:
    """The names of the kinds of pages in use."""
    root = body.getroottree().getroot()
    named = (one.get(odf("style:master-page-name")) for one in root.iter(odf("style:style")))
    return {_STANDARD, *filter(None, named)}


def _margins(
    reader: Reader, shared: Any | None, used: set[str], kinds: tuple[str, ...]
) -> Iterator[Block]:
    for master in () if shared is None else shared.iter(_MASTER):
        if master.get(odf("style:name")) in used:
            for margin in master.iterchildren(*map(odf, kinds)):
                if margin.get(odf("style:display")) != "false":
                    yield from reader.blocks(margin)
