"""HTML to parts: decoded, read without a tree, and cut down to the article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress

from lxml import etree

from rag.loaders.encodings import decoded
from rag.loaders.html.page import Page
from rag.loaders.html.regions import Placed, article
from rag.loaders.values import LoadError, Source
from rag.values import Part

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]{2,30})", re.IGNORECASE)
_HEAD = 4096
_PIECE = 1 << 16
_BYTES_OF_A_CHARACTER = 8


def parts(source: Source) -> Iterator[Part]:
    """Parts in reading order. Raises LoadError."""
    size = source.path.stat().st_size
    if size > source.limits.characters * _BYTES_OF_A_CHARACTER:
        raise LoadError("too_large", f"{size} bytes")
    data = source.path.read_bytes()
    named = _CHARSET.search(data[:_HEAD])
    return html_parts(decoded(data, named[1].decode("ascii", "ignore") if named else ""))


def html_parts(text: str, whole: bool = False) -> Iterator[Part]:
    """The parts of the article, or with `whole` of all that a reader sees. A page that hides
    everything until a script runs is read with what it hides."""
    page = _read(text, hides=True)
    if page.left_out and not page.placed:
        page = _read(text, hides=False)
    placed: Sequence[Placed] = page.placed
    return (one.part for one in (placed if whole else article(placed)))


def _read(text: str, hides: bool) -> Page:
    page = Page(hides)
    parser = etree.HTMLParser(target=page, encoding="utf-8", remove_comments=True, remove_pis=True)
    for start in range(0, len(text), _PIECE):
        parser.feed(text[start : start + _PIECE].encode("utf-8", "replace"))
    with suppress(etree.XMLSyntaxError):  # there is no element in it
        parser.close()
    return page
