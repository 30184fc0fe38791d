"""The automatic numbers of a Word document, as they are shown: "1.", "MADDE 2 –", "b)", "-"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from rag.loaders.docx.styles import Styles, is_on, number_of, value
from rag.loaders.numerals import numeral
from rag.loaders.ooxml import mc, w

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_NONE = "0"
_BULLET = "-"
_LINKS = 10


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a list. `restart` is how many levels above begin it anew, None for all of them;
    `width` is the least number of digits."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False
    style: str = ""
    width: int = 1


@dataclass(frozen=True, slots=True)
class NumberedList:
    """A list in use: lists of one `definition` count together. `starts` are the levels that this
    one begins anew, with their first numbers."""

    definition: str
    levels: Mapping[int, Level]
    starts: Mapping[int, int] = field(default_factory=dict)


class Numbering:
    """Counts through one document; without a part of numbers all labels are empty."""

    def __init__(self, root: Any | None, styles: Styles) -> None:
        self._styles = styles
        self._lists = {} if root is None else _lists(root, styles)
        self._values: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()
        self._by_style: dict[str, tuple[str, int]] = {}

    def label(self, properties: Any | None, style: str) -> str:
        """The label of the next paragraph, which is counted; "" where it has none."""
        number, depth = number_of(properties)
        if number is None or depth is None:
            named, at = self._of_style(style)
            number = named if number is None else number
            depth = (at if number == named else 0) if depth is None else depth
        found = self._lists.get(number)
        if found is None or number == _NONE or depth not in found.levels:
            return ""
        self._count(number, found, depth)
        return self._shown(found, depth)

    def _of_style(self, name: str) -> tuple[str, int]:
        """The list and level of a style; the level is the one that is linked to it, if any."""
        if name not in self._by_style:
            self._by_style[name] = self._looked_up(name)
        return self._by_style[name]

    def _looked_up(self, name: str) -> tuple[str, int]:
        chain = list(self._styles.chain(name))
        number = next((style.number for _, style in chain if style.number is not None), _NONE)
        depth = next((style.depth for _, style in chain if style.depth is not None), 0)
        levels = self._lists[number].levels if number in self._lists else {}
        names = [one for one, _ in chain]
        linked = ((names.index(one.style), at) for at, one in levels.items() if one.style in names)
        return number, min(linked, default=(0, depth))[1]

    def _count(self, number: str, found: NumberedList, depth: int) -> None:
        values = self._values.setdefault(found.definition, [None] * _LEVELS)
        first = found.starts.get(depth, found.levels[depth].start)
        before = values[depth]
        begins = depth in found.starts and (number, depth) not in self._begun
        values[depth] = first if begins or before is None else before + 1
        self._begun.add((number, depth))
        for deeper in range(depth + 1, _LEVELS):
            restart = found.levels[deeper].restart if deeper in found.levels else None
            if restart is None or depth < restart:
                values[deeper] = None

    def _shown(self, found: NumberedList, depth: int) -> str:
        level = found.levels[depth]
        if level.format == "bullet":
            return _BULLET if level.text.strip() else ""
        values = self._values[found.definition]

        def place(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            named = found.levels.get(at, Level())
            number = values[at]
            shown = named.start if number is None else number
            format = "decimal" if level.legal else named.format
            said = numeral(shown, format, self._styles.is_turkish)
            return said.zfill(named.width if format != "none" else 0)

        return _PLACE.sub(place, level.text).strip()


def _lists(root: Any, styles: Styles) -> dict[str, NumberedList]:
    definitions = {one.get(w("abstractNumId"), ""): one for one in root.iter(w("abstractNum"))}
    used = {one.get(w("numId"), ""): one for one in root.iterchildren(w("num"))}
    return {
        number: _list(element, _definition(element, definitions, used, styles))
        for number, element in used.items()
    }


def _definition(element: Any, definitions: Any, used: Any, styles: Styles) -> tuple[str, Any]:
    """The definition of a list; one that only names a style of lists is looked up there."""
    for _ in range(_LINKS):
        name = value(element, "abstractNumId") or ""
        found = definitions.get(name)
        link = value(found, "numStyleLink")
        if link is None:
            return name, found
        number = next((one.number for _, one in styles.chain(link) if one.number), None)
        if number not in used:
            return name, found
        element = used[number]
    return "", None


def _list(element: Any, defined: tuple[str, Any]) -> NumberedList:
    name, definition = defined
    own = [] if definition is None else definition.iterchildren(w("lvl"))
    levels = {_depth(one): _level(one) for one in own}
    starts = {}
    for override in element.iterchildren(w("lvlOverride")):
        depth = _depth(override)
        other = override.find(w("lvl"))
        if other is not None:
            levels[depth] = _level(other)
        start = _whole(value(override, "startOverride"))
        if start is not None:
            starts[depth] = start
    return NumberedList(name, {k: v for k, v in levels.items() if 0 <= k < _LEVELS}, starts)


def _level(element: Any) -> Level:
    start, restart = _whole(value(element, "start")), _whole(value(element, "lvlRestart"))
    level = Level(
        start=0 if start is None else start,
        format=value(element, "numFmt") or "decimal",
        text=value(element, "lvlText") or "",
        restart=restart,
        legal=bool(is_on(element, "isLgl")),
        style=value(element, "pStyle") or "",
    )
    custom = element.find(f"{mc('AlternateContent')}/{mc('Choice')}/{w('numFmt')}")
    if custom is None:
        return level
    first = custom.get(w("format"), "").partition(",")[0].strip()
    return replace(level, format="decimal", width=len(first) if first.isdecimal() else 1)


def _depth(element: Any) -> int:
    found = _whole(element.get(w("ilvl")))
    return -1 if found is None else found


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None
