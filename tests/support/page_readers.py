"""A reader for the worker whose file says what happens at each page: a line is a page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from threading import Event

from rag.loaders.values import Began, Piece, Source, Unread
from rag.values import Part

SLOW_S = 0.5
_MUCH = 64 << 20


def parts(source: Source) -> Iterator[Piece]:
    """A line is the text of its page; `slow`, `hang`, `drip`, `die`, `grow`, `raise` and `scan` are
    pages at which that happens."""
    lines = source.path.read_text(encoding="utf-8").splitlines()
    for page, line in enumerate(lines, start=1):
        if source.wants(page):
            yield Began(page, len(lines))
            yield from _page(line, page)


def _page(line: str, page: int) -> Iterator[Piece]:
    if line == "slow":
        Event().wait(SLOW_S)
    if line == "hang":
        Event().wait()
    if line == "die":
        os._exit(9)
    if line == "raise":
        raise ValueError(line)
    while line == "drip":
        Event().wait(0.1)
        yield Part("drop", page)
    held = []
    while line == "grow":
        held.append(bytearray(_MUCH))
    if line == "scan":
        yield Unread(page, page, "scanned")
    else:
        yield Part(line, page)
