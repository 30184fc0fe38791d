"""Cutting a document into chunks along its structure: headings, paragraphs, sentences, lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rag.values import Chunk, Part

SIZE = 1200
OVERLAP = 150
_SEPARATORS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+"),
    re.compile(r"\n"),
    re.compile(r"\s+"),
)
_CODE_SEPARATORS = (
    re.compile(r"\n(?=(?:async def|def|class|function|func|fn|public|private|export)\b)"),
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"\s+"),
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Length of a chunk and of what it repeats of the one before, in characters."""

    size: int = SIZE
    overlap: int = OVERLAP


def chunks(parts: Iterable[Part], sizes: Sizes | None = None) -> Iterator[Chunk]:
    """The chunks of one document. Neighbouring parts of the same page, heading and origin are
    joined; no chunk goes over a page or a heading, so that what is cited is where it says."""
    sizes = sizes or Sizes()
    for part in _joined(parts):
        for text in split(part.text, part.kind == "code", sizes):
            yield Chunk(text, part.page, part.heading, part.ocr)


def split(text: str, is_code: bool = False, sizes: Sizes | None = None) -> list[str]:
    """A text in pieces of at most `size` characters, cut at the largest structure that fits, each
    beginning with the last sentences of the one before."""
    sizes = sizes or Sizes()
    separators = _CODE_SEPARATORS if is_code else _SEPARATORS
    atoms = _atoms(text, (0, len(text)), separators, sizes.size - sizes.overlap)
    pieces: list[str] = []
    start = end = 0
    for first, last in atoms:
        if end > start and last - start > sizes.size:
            pieces.append(text[start:end].strip())
            start = _overlap_start(text, start, first, sizes.overlap, is_code)
        end = last
    pieces.append(text[start:end].strip())
    return [piece for piece in pieces if piece]


def _overlap_start(text: str, start: int, cut: int, overlap: int, is_code: bool) -> int:
    """Where the next chunk begins: at a sentence or word within `overlap` before the cut."""
    window = text[max(start + 1, cut - overlap) : cut]
    for separator in _SEPARATORS[2:] if is_code else _SEPARATORS[1:]:
        found = separator.search(window)
        if found and found.end() < len(window):
            return cut - len(window) + found.end()
    return cut


def _atoms(
    text: str, span: tuple[int, int], separators: Sequence[re.Pattern[str]], size: int
) -> Iterator[tuple[int, int]]:
    """Spans of at most `size` characters, by the first separator that makes them small enough."""
    start, end = span
    if end - start <= size:
        yield span
        return
    if not separators:
        yield from ((at, min(at + size, end)) for at in range(start, end, size))
        return
    at = start
    for match in separators[0].finditer(text, start, end):
        if match.end() > at:
            yield from _atoms(text, (at, match.end()), separators[1:], size)
            at = match.end()
    if at < end:
        yield from _atoms(text, (at, end), separators[1:], size)


def _joined(parts: Iterable[Part]) -> Iterator[Part]:
    held: Part | None = None
    for part in parts:
        if not part.text.strip():
            continue
        if held and _belong_together(held, part):
            held = replace(held, text=f"{held.text}\n\n{part.text}")
            continue
        if held:
            yield held
        held = part
    if held:
        yield held


def _belong_together(held: Part, part: Part) -> bool:
    """Whether parts share a place and a way to be cut. A short table stands with the text around
    it: alone it would not say what it is about."""
    is_code = (held.kind == "code", part.kind == "code")
    return is_code[0] == is_code[1] and replace(held, text=part.text, kind=part.kind) == part
