"""Markdown: its headings, its code and the text between them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.loaders.headings import Headings
from rag.loaders.text import read
from rag.loaders.values import Source
from rag.values import Kind, Part

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(\S.*)")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})[ \t]*$")


def parts(source: Source) -> Iterator[Part]:
    """A part for each stretch of text or code under one heading."""
    yield from markdown(read(source))


def markdown(text: str) -> Iterator[Part]:
    """The parts of a Markdown text."""
    headings, held, fence = Headings(), list[str](), ""
    for line in text.splitlines():
        mark = _FENCE.match(line)
        if fence or mark:
            if not fence and mark:
                yield from _part(held, headings.path)
                held, fence = [line], mark[1]
                continue
            held.append(line)
            if mark and mark[1].startswith(fence):
                yield from _part(held, headings.path, "code")
                held, fence = [], ""
            continue
        level, title = _heading(line, held)
        if not level:
            held.append(line)
            continue
        yield from _part(held, headings.path)
        held = []
        headings.open(level, title)
        yield Part(title, None, headings.path)
    yield from _part(held, headings.path, "code" if fence else "text")


def _heading(line: str, held: list[str]) -> tuple[int, str]:
    """Level and title, (0, "") for any other line; takes the title of an underlined heading from
    the lines before it."""
    if found := _HEADING.match(line):
        return len(found[1]), found[2].rstrip().rstrip("#").rstrip()
    underlined = _UNDERLINE.match(line)
    alone = held and held[-1].strip() and (len(held) == 1 or not held[-2].strip())
    if underlined and alone and "|" not in held[-1]:
        return (1 if underlined[1][0] == "=" else 2), held.pop().strip()
    return 0, ""


def _part(lines: list[str], heading: tuple[str, ...], kind: Kind = "text") -> Iterator[Part]:
    text = "\n".join(lines)
    if text.strip():
        yield Part(text, None, heading, kind)
