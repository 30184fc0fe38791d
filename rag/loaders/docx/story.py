"""What the text of a Word document is read with: its styles, numbers and related parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from rag.loaders.docx.numbering import Numbering
from rag.loaders.docx.styles import Styles
from rag.loaders.ooxml import w
from rag.loaders.opc import DamagedPart, Package, XmlPart

_FIELD, _FIELD_TYPE = w("fldChar"), w("fldCharType")


class Document:
    """What all texts of a document share. A part that cannot be read counts as missing."""

    def __init__(self, package: Package, main: XmlPart) -> None:
        self._package = package
        self._main = main
        self.styles = Styles(self._root("styles"))
        self.numbering = Numbering(self._root("numbering"), self.styles)
        self.notes: dict[tuple[str, str], str] = {}

    @cached_property
    def settings(self) -> Any | None:
        """The settings, or None."""
        return self._root("settings")

    def part(self, name: str) -> XmlPart | None:
        """A part by its name, or None."""
        try:
            return self._package.part(name)
        except DamagedPart:
            return None

    def related(self, kind: str) -> Iterator[XmlPart]:
        """The parts of a kind that belong to the document."""
        for name in self._main.targets(kind):
            if part := self.part(name):
                yield part

    def _root(self, kind: str) -> Any | None:
        return next((part.root for part in self.related(kind)), None)


@dataclass(slots=True)
class Field:
    """A field that is open: what it asks for, and whether its result has begun."""

    asks: str = ""
    shows: bool = False


@dataclass(slots=True)
class Story:
    """One text of a document (its body, a header, a note) while it is read. `rendered` says that
    Word's own page marks are in it, `in_margin` that it is a header or footer."""

    document: Document
    part: XmlPart
    rendered: bool = True
    in_margin: bool = False
    fields: list[Field] = field(default_factory=list)
    has_whole_fields: bool = False
    may_hide: bool = False

    def __post_init__(self) -> None:
        kinds = [one.get(_FIELD_TYPE) for one in self.part.root.iter(_FIELD)]
        self.has_whole_fields = kinds.count("begin") == kinds.count("end")
        hides = next(self.part.root.iter(w("vanish")), None) is not None
        self.may_hide = hides or self.document.styles.hide

    @property
    def is_shown(self) -> bool:
        """Whether text at this place is shown, not part of what a field asks for. Where a field
        has no end it would hide the rest of the text: all is shown then."""
        if not self.fields or not self.has_whole_fields:
            return True
        return all(one.shows for one in self.fields)
