"""The numbers of lists and headings in OpenDocument, as they are shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from rag.loaders.numerals import numeral
from rag.loaders.odf.names import odf, whole
from rag.loaders.odf.styles import OUTLINE, LevelStyle, Styles

_FORMATS = {"i": "lowerRoman", "I": "upperRoman", "a": "lowerLetter", "A": "upperLetter"}
_PLACE = re.compile(r"%(\d{1,2})%")
_BULLET = "-"


@dataclass(slots=True)
class Counters:
    """The last number of each level."""

    last: dict[int, int] = field(default_factory=dict)

    def count(self, level: int, start: int, again: bool) -> None:
        """Take the next number of a level, or its first `again`; deeper levels begin anew."""
        number = self.last.get(level)
        self.last = {at: one for at, one in self.last.items() if at < level}
        self.last[level] = start if number is None or again else number + 1


class Numbering:
    """Counts through one document."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._lists: dict[str, Counters] = {}
        self._by_id: dict[str, Counters] = {}
        self._outline = Counters()

    def open(self, element: Any, style: str) -> Counters:
        """The counters of a list of the outermost level."""
        before = self._lists.get(style)
        goes_on = self._by_id.get(element.get(odf("text:continue-list"), ""))
        if goes_on is None and element.get(odf("text:continue-numbering")) == "true":
            goes_on = before
        made = goes_on or Counters()
        self._lists[style] = made
        if name := element.get(odf("xml:id")):
            self._by_id[name] = made
        return made

    def item(self, counters: Counters, style: str, level: int, item: Any) -> str:
        """The label of the next item of a list."""
        start = item.get(odf("text:start-value"))
        return self._label(counters, style, level, start)

    def heading(self, element: Any, level: int) -> str:
        """The label of the next heading."""
        if element.get(odf("text:is-list-header")) == "true":
            return ""
        again = element.get(odf("text:restart-numbering")) == "true"
        start = element.get(odf("text:start-value")) or ("1" if again else None)
        return self._label(self._outline, OUTLINE, level, start)

    def _label(self, counters: Counters, style: str, level: int, start: str | None) -> str:
        levels = self._styles.lists.get(style, {})
        own = levels.get(level)
        if own is None:
            return ""
        if own.bullet:
            return _BULLET
        counters.count(level, whole(start, own.start), start is not None)
        if not own.format:
            return ""
        return _written(own, level, levels, counters)


def _written(own: LevelStyle, level: int, levels: dict[int, LevelStyle], counters: Counters) -> str:
    def number(at: int) -> str:
        named = levels.get(at, own)
        shown = counters.last.get(at, named.start)
        return numeral(shown, _FORMATS.get(named.format, "decimal")) if named.format else ""

    if own.pattern:
        return _PLACE.sub(lambda match: number(int(match[1])), own.pattern).strip()
    first = max(1, level - own.shows + 1)
    numbers = filter(None, map(number, range(first, level + 1)))
    return f"{own.prefix}{'.'.join(numbers)}{own.suffix}".strip()
