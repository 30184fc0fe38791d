"""Where an answer quotes: words between quotation marks, and block quotations with a source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.wording import MARK, wording

LEAST_WORDS = 3
"""Marks may stand around a word or two anyway."""
_ASIDE = re.compile(
    r"(?:```|~~~)(?:.|\n)*?(?:```|~~~|\Z)|(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)"
    r"|\$\$(?:[^$]|\$(?!\$))+?\$\$|\\\[(?:[^\\]|\\[^\[\]])+\\\]|(?<!\\)\\\((?:[^\\]|\\[^()])+\\\)"
    r"|(?<![\\$])\$(?![\s$])(?:[^$\n\\]|\\.)*?(?<!\s)\$(?![\d$])"
)
_LINE = r"\n(?![ \t]*(?:\n|[-*+•][ \t]|\d{1,3}[.)][ \t]|#|\|))"
_CONTRACTED = r"(?!(?:tis|twas|em|til|cause|bout|n)\b|\d)"


def _between(opening: str, closing: str, never: str, most: int = 2000) -> str:
    return rf"{opening}(?P<said>(?:[^{never}\n]|{_LINE}){{1,{most}}}?){closing}"


_QUOTED = tuple(
    re.compile(pattern)
    for pattern in (
        _between("[“„]", "[”“]", "“”„"),
        _between("«", "»", "«»"),
        _between(r"(?<!\w)\"(?=\S)", r"(?<=\S)\"", '"'),
        _between(r"(?<!\w)‘(?=[^\W\d])", r"(?<=\S)’(?!\w)", "‘", 600),
        _between(rf"(?<![\w'])'(?=\w){_CONTRACTED}", r"(?<=\S)'(?!\w)", "", 600),
    )
)
_BLOCK = re.compile(r"(?:^[ \t]*>.*(?:\n|\Z))+", re.MULTILINE)
_SOURCE_LINE = re.compile(r"\n[ \t>]*(?:[—–]|--?)[ \t][^\n]*\s*\Z")
_LABEL = re.compile(r"[ \t>]*(?:\[!|\*\*[^*\n]{1,40}(?::\*\*|\*\*:))")


def without_asides(text: str) -> str:
    """The text with code and mathematics blank: marks in them are none."""
    return _ASIDE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def quotations(text: str) -> list[tuple[int, int]]:
    """Where quotations stand in a text without asides, in its order; none in another."""
    found: list[tuple[int, int]] = []
    for place in (*_quoted(text), *_blocks(text)):
        within = any(place[0] < end and start < place[1] for start, end in found)
        if not within and len(wording(text[slice(*place)]).places) >= LEAST_WORDS:
            found.append(place)
    return sorted(found)


def _quoted(text: str) -> Iterator[tuple[int, int]]:
    for pattern in _QUOTED:
        for found in pattern.finditer(text):
            yield found.span("said")


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Block quotations that name a source, in them or in the line above or below; notes with a
    label are none."""
    for found in _BLOCK.finditer(text):
        start, end = found.span()
        named = MARK.search(found[0]) or MARK.search(_line_above(text, start))
        if (named or _is_source(text[end:])) and not _LABEL.match(found[0]):
            said = found[0].rstrip()
            source = _SOURCE_LINE.search(said)
            yield start, start + (source.start() if source else len(said))


def _line_above(text: str, start: int) -> str:
    above = text[:start].rstrip().rpartition("\n")[2]
    return above if above.endswith(":") else ""


def _is_source(below: str) -> bool:
    line = below.lstrip("\n").partition("\n")[0].strip()
    return bool(MARK.search(line)) and bool(re.match(r"[—–(]|--?[ \t]|\[\d", line))
