"""The styles of an OpenDocument file: what they are based on, hide, break and number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rag.loaders.odf.names import odf, whole

_TEXT, _PARAGRAPH = odf("style:text-properties"), odf("style:paragraph-properties")
_TABLE, _PAGE = odf("style:table-properties"), odf("style:drawing-page-properties")
_LEVEL_STYLES = {
    odf("text:list-level-style-number"),
    odf("text:outline-level-style"),
    odf("text:list-level-style-bullet"),
    odf("text:list-level-style-image"),
}
_BULLETS = {odf("text:list-level-style-bullet"), odf("text:list-level-style-image")}
OUTLINE = "(outline)"
"""The name the numbers of headings are kept under."""


@dataclass(frozen=True, slots=True)
class LevelStyle:
    """How a level of a list is written; `shows` is how many levels are in its number, `pattern`
    has them as %1% where the file says so."""

    format: str = ""
    prefix: str = ""
    suffix: str = ""
    shows: int = 1
    start: int = 1
    pattern: str = ""
    bullet: bool = False


class Styles:
    """The styles of all parts of a file, those that come later before those of their name."""

    def __init__(self, *roots: Any) -> None:
        self._styles: dict[tuple[str, str], Any] = {}
        self.lists: dict[str, dict[int, LevelStyle]] = {}
        self.is_turkish = False
        for root in roots:
            for style in root.iter(odf("style:style")):
                kind = style.get(odf("style:family"), "")
                self._styles[kind, style.get(odf("style:name"), "")] = style
            for one in root.iter(odf("text:list-style"), odf("text:outline-style")):
                is_outline = one.tag == odf("text:outline-style")
                name = OUTLINE if is_outline else one.get(odf("style:name"), "")
                self.lists[name] = dict(_levels(one))
            for default in root.iter(odf("style:default-style")):
                spoken = (one.get(odf("fo:language")) for one in default.iter(_TEXT))
                self.is_turkish |= "tr" in spoken

    def is_title(self, name: str) -> bool:
        """Whether a style of paragraphs is that of the document's title."""
        return any(one.get(odf("style:name")) == "Title" for one in self._chain("paragraph", name))

    def is_hidden(self, family: str, name: str) -> bool:
        """Whether what has this style is not shown: text, a sheet or a slide."""
        return (
            self._of(family, name, _TEXT, odf("text:display")) == "none"
            or self._of(family, name, _TABLE, odf("table:display")) == "false"
            or self._of(family, name, _PAGE, odf("presentation:visibility")) == "hidden"
        )

    def begins_page(self, name: str) -> bool:
        """Whether a paragraph in this style begins a page."""
        own = next(self._chain("paragraph", name), None)
        if own is not None and own.get(odf("style:master-page-name")):
            return True
        return self._of("paragraph", name, _PARAGRAPH, odf("fo:break-before")) == "page"

    def list_of(self, name: str) -> str:
        """The list a style of paragraphs is numbered in, "" where in none."""
        found = (one.get(odf("style:list-style-name")) for one in self._chain("paragraph", name))
        return next((one for one in found if one is not None), "")

    def _of(self, family: str, name: str, properties: str, attribute: str) -> str:
        for style in self._chain(family, name):
            found = style.find(properties)
            if found is not None and found.get(attribute) is not None:
                return str(found.get(attribute))
        return ""

    def _chain(self, family: str, name: str) -> Iterator[Any]:
        seen: set[str] = set()
        while (family, name) in self._styles and name not in seen:
            seen.add(name)
            style = self._styles[family, name]
            yield style
            name = style.get(odf("style:parent-style-name"), "")


def _levels(style: Any) -> Iterator[tuple[int, LevelStyle]]:
    for level in style:
        if level.tag in _LEVEL_STYLES:
            yield (
                whole(level.get(odf("text:level")), 1),
                LevelStyle(
                    format=level.get(odf("style:num-format"), ""),
                    prefix=level.get(odf("style:num-prefix"), ""),
                    suffix=level.get(odf("style:num-suffix"), ""),
                    shows=whole(level.get(odf("text:display-levels")), 1),
                    start=whole(level.get(odf("text:start-value")), 1),
                    pattern=level.get(odf("loext:num-list-format"), ""),
                    bullet=level.tag in _BULLETS,
                ),
            )
