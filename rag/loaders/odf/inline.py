"""The text in a paragraph of OpenDocument, as it is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rag.loaders.flow import PAGE
from rag.loaders.odf.names import odf, whole
from rag.loaders.odf.styles import Styles

_SPACES = re.compile(r"[ \t\r\n]+")
_MOST_SPACES = 100
_STYLE = odf("text:style-name")
NOTE, COMMENT, FRAME = odf("text:note"), odf("office:annotation"), odf("draw:frame")
BODY = odf("text:note-body")


@dataclass(slots=True)
class Inline:
    """What is in a paragraph: its text, the frames in it, and its notes and comments."""

    texts: list[str] = field(default_factory=list)
    frames: list[Any] = field(default_factory=list)
    notes: list[Any] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text; a form feed begins a page."""
        return "".join(self.texts).strip(" ")


def inline(paragraph: Any, styles: Styles) -> Inline:
    """What is in a paragraph."""
    found = Inline()
    if not styles.is_hidden("paragraph", paragraph.get(_STYLE, "")):
        _walk(paragraph, styles, found)
    return found


def _walk(parent: Any, styles: Styles, found: Inline) -> None:
    _add(parent.text, found)
    for child in parent:
        handle = _HANDLERS.get(child.tag, _walk)
        handle(child, styles, found)
        _add(child.tail, found)


def _add(text: str | None, found: Inline) -> None:
    if text:
        found.texts.append(_SPACES.sub(" ", text))


def _skip(element: Any, styles: Styles, found: Inline) -> None:
    pass


def _span(element: Any, styles: Styles, found: Inline) -> None:
    if not styles.is_hidden("text", element.get(_STYLE, "")):
        _walk(element, styles, found)


def _spaces(element: Any, styles: Styles, found: Inline) -> None:
    found.texts.append(" " * min(whole(element.get(odf("text:c")), 1), _MOST_SPACES))


def _constant(text: str) -> Callable[[Any, Styles, Inline], None]:
    def add(element: Any, styles: Styles, found: Inline) -> None:
        found.texts.append(text)

    return add


def _note(element: Any, styles: Styles, found: Inline) -> None:
    found.notes.append(element)


def _frame(element: Any, styles: Styles, found: Inline) -> None:
    found.frames.append(element)


_HANDLERS: dict[Any, Callable[[Any, Styles, Inline], None]] = {
    odf("text:span"): _span,
    odf("text:s"): _spaces,
    odf("text:tab"): _constant("\t"),
    odf("text:line-break"): _constant("\n"),
    odf("text:soft-page-break"): _constant(PAGE),
    odf("text:tracked-changes"): _skip,
    odf("text:hidden-text"): _skip,
    odf("text:hidden-paragraph"): _skip,
    odf("text:ruby-text"): _skip,
    odf("text:page-number"): _skip,
    odf("text:page-count"): _skip,
    odf("text:number"): _skip,
    odf("office:forms"): _skip,
    NOTE: _note,
    COMMENT: _note,
    FRAME: _frame,
    odf("draw:custom-shape"): _frame,
    odf("draw:rect"): _frame,
    odf("draw:g"): _frame,
}
