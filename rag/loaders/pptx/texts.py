"""The text of a shape: its paragraphs with the numbers and bullets that are set on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from rag.loaders.equations import linear
from rag.loaders.numerals import numeral
from rag.loaders.ooxml import a, m, mc

_FORMATS = {
    "arabic": "decimal",
    "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
    "alphaLc": "lowerLetter",
    "alphaUc": "upperLetter",
}
_AROUND = {"Period": ("", "."), "ParenR": ("", ")"), "ParenBoth": ("(", ")"), "Plain": ("", "")}


@dataclass(slots=True)
class _Counters:
    """The last number of each level of paragraphs, with the scheme it was counted in."""

    last: dict[int, tuple[str, int]] = field(default_factory=dict)

    def label(self, paragraph: Any) -> str:
        """The number of the next paragraph, "" where none is set on it."""
        properties = paragraph.find(a("pPr"))
        level = "0" if properties is None else properties.get("lvl", "0")
        depth = int(level) if level.isdecimal() else 0
        numbered = None if properties is None else properties.find(a("buAutoNum"))
        self.last = {one: found for one, found in self.last.items() if one <= depth}
        if numbered is None:
            self.last.pop(depth, None)
            return ""
        scheme, start = numbered.get("type", ""), numbered.get("startAt", "1")
        begun, number = self.last.get(depth, ("", 0))
        first = int(start) if start.isdecimal() else 1
        number = number + 1 if begun == scheme else first
        self.last[depth] = scheme, number
        return _written(number, scheme)


def text(body: Any) -> str:
    """The paragraphs of a text, a line each."""
    counters = _Counters()
    lines = (_line(one, counters) for one in body.iterchildren(a("p"), mc("AlternateContent")))
    return "\n".join(lines)


def _line(paragraph: Any, counters: _Counters) -> str:
    said = "".join(_pieces(paragraph)).strip("\n")
    if not said.strip():
        return said
    label = counters.label(paragraph)
    return f"{label} {said.lstrip()}" if label else said


def _pieces(parent: Any) -> Iterator[str]:
    for child in parent:
        if child.tag == a("t"):
            yield child.text or ""
        elif child.tag == a("br"):
            yield "\n"
        elif child.tag == m("oMath"):
            yield " ".join(linear(child).split())
        elif child.tag == mc("AlternateContent"):
            yield from _pieces(child[0] if len(child) else child)
        elif child.tag not in (a("pPr"), a("rPr")):
            yield from _pieces(child)


def _written(number: int, scheme: str) -> str:
    name = next((one for one in _FORMATS if scheme.startswith(one)), "arabic")
    before, after = _AROUND.get(scheme.removeprefix(name), ("", "."))
    return f"{before}{numeral(number, _FORMATS[name])}{after}"
