"""The styles of a Word document: which are headings, which are hidden, which are numbered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rag.loaders.ooxml import w

VALUE = w("val")
_PROPERTIES, _RUN_PROPERTIES = w("pPr"), w("rPr")
_HEADING = re.compile(r"heading ([1-9])$")
_OFF = {"0", "false", "off"}
_BODY_TEXT = "9"
_LANGUAGE = f"{w('docDefaults')}//{w('lang')}"


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says itself; None where it leaves it to the one it is based on. `level` is that
    of headings, -1 for text; `number` and `depth` are a list and a level in it."""

    parent: str
    level: int | None
    hidden: bool | None
    number: str | None
    depth: int | None


class Styles:
    """All styles by their ids; without a part of styles there are none."""

    def __init__(self, root: Any | None) -> None:
        found = [] if root is None else root.iterchildren(w("style"))
        self._styles: dict[str, Style] = {}
        self._levels: dict[str, int] = {}
        self._default = ""
        spoken = None if root is None else next(root.iterfind(_LANGUAGE), None)
        self.is_turkish = spoken is not None and spoken.get(VALUE, "").startswith("tr")
        for one in found:
            name = one.get(w("styleId"), "")
            self._styles[name] = _style(one)
            if one.get(w("default")) in ("1", "true") and one.get(w("type")) == "paragraph":
                self._default = name

    @property
    def hide(self) -> bool:
        """Whether any of them hides text."""
        return any(one.hidden for one in self._styles.values())

    def level(self, name: str) -> int | None:
        """The level of a heading's style, 0 for the title; None for text."""
        if name not in self._levels:
            found = (one.level for _, one in self.chain(name) if one.level is not None)
            self._levels[name] = next(found, -1)
        level = self._levels[name]
        return level if level >= 0 else None

    def is_hidden(self, name: str) -> bool:
        """Whether text in this style is not shown."""
        found = (one.hidden for _, one in self.chain(name) if one.hidden is not None)
        return next(found, False)

    def chain(self, name: str) -> Iterator[tuple[str, Style]]:
        """A style and those it is based on, with their ids; a style without a name is the usual
        one of paragraphs."""
        name = name or self._default
        seen: set[str] = set()
        while name in self._styles and name not in seen:
            seen.add(name)
            style = self._styles[name]
            yield name, style
            name = style.parent


def value(element: Any | None, name: str) -> str | None:
    """The value of a setting among these properties; None where it is not set."""
    found = None if element is None else element.find(w(name))
    return None if found is None else found.get(VALUE, "")


def is_on(properties: Any | None, name: str) -> bool | None:
    """Whether a switch among these properties is on; None where it is not set."""
    found = value(properties, name)
    return None if found is None else found not in _OFF


def number_of(properties: Any | None) -> tuple[str | None, int | None]:
    """The list and the level in it that a paragraph or style names."""
    numbering = None if properties is None else properties.find(w("numPr"))
    depth = value(numbering, "ilvl")
    return value(numbering, "numId"), int(depth) if depth and depth.isdecimal() else None


def _style(element: Any) -> Style:
    properties = element.find(_PROPERTIES)
    is_paragraph = element.get(w("type"), "paragraph") == "paragraph"
    number, depth = number_of(properties)
    return Style(
        parent=value(element, "basedOn") or "",
        level=_level(element, properties) if is_paragraph else None,
        hidden=is_on(element.find(_RUN_PROPERTIES), "vanish"),
        number=number,
        depth=depth,
    )


def _level(element: Any, properties: Any | None) -> int | None:
    name = (value(element, "name") or "").lower()
    if name == "title":
        return 0
    if found := _HEADING.match(name):
        return int(found[1])
    return outline_level(properties)


def outline_level(properties: Any | None) -> int | None:
    """The level of headings these properties name, -1 for text; None where they name none."""
    outline = value(properties, "outlineLvl")
    if outline is None or not re.fullmatch("[0-9]", outline):
        return None
    return -1 if outline == _BODY_TEXT else int(outline) + 1
