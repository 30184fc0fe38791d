"""Office files: parts of XML in a zip archive, and the relations between them.

A part is read when it is asked for, so that a damaged one costs nothing but itself. Relations that
lead out of the file are left out: nothing is ever fetched.
"""

from __future__ import annotations

import posixpath
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote
from zipfile import BadZipFile, ZipFile

from lxml import etree

from rag.loaders.values import LoadError

_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")
_TRANSITIONAL = rb"http://schemas.openxmlformats.org/\1/2006/\2"
_NO_MEMORY = 2
_UNREADABLE = (BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class DamagedPart(Exception):
    """A part that cannot be read."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: `kind` is the last word of its type, `target` a name in the file."""

    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class XmlPart:
    """A part with its relations by their ids."""

    name: str
    root: Any
    relations: Mapping[str, Relation] = field(default_factory=dict)

    def targets(self, kind: str) -> Iterator[str]:
        """The names of the parts it refers to in this way."""
        return (one.target for one in self.relations.values() if one.kind == kind)


class Package:
    """An open Office file. Names are compared without regard to case, as Office does."""

    def __init__(self, path: Path) -> None:
        self._archive = ZipFile(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._archive.close()

    @cached_property
    def _names(self) -> dict[str, str]:
        return {name.casefold(): name for name in self._archive.namelist()}

    def main(self, usual: str) -> XmlPart:
        """The part with the document itself. Raises LoadError where it cannot be read."""
        try:
            target = next(
                one.target for one in self._relations("").values() if one.kind == "officeDocument"
            )
        except (StopIteration, DamagedPart):
            target = usual
        try:
            return self.part(target)
        except DamagedPart as error:
            raise LoadError("damaged", f"{target}: {error}") from error

    def part(self, name: str) -> XmlPart:
        """A part and its relations. Raises DamagedPart, also where there is no such part."""
        root = self._xml(name)
        try:
            relations = self._relations(name)
        except DamagedPart:
            relations = {}
        return XmlPart(name, root, relations)

    def first(self, part: XmlPart, kind: str) -> XmlPart | None:
        """The part that is related in this way, or None where there is none that can be read."""
        for target in part.targets(kind):
            try:
                return self.part(target)
            except DamagedPart:
                continue
        return None

    def _relations(self, name: str) -> dict[str, Relation]:
        folder, _, base = name.rpartition("/")
        relations = posixpath.join(folder, "_rels", f"{base}.rels")
        if relations.casefold() not in self._names:
            return {}
        return {
            one.get("Id", ""): Relation(
                one.get("Type", "").rpartition("/")[2], _target(folder, one.get("Target", ""))
            )
            for one in self._xml(relations).iter(_RELATION)
            if one.get("TargetMode") != "External"
        }

    def _xml(self, name: str) -> Any:
        # A parser serves once: a broken file must leave nothing to the next.
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
        )
        try:
            data = self._archive.read(self._names[name.casefold()])
            return etree.fromstring(_STRICT.sub(_TRANSITIONAL, data), parser)
        except etree.XMLSyntaxError as error:
            if error.code == _NO_MEMORY:
                raise
            raise DamagedPart(str(error)) from error
        except KeyError as error:
            raise DamagedPart("missing") from error
        except _UNREADABLE as error:
            raise DamagedPart(str(error)) from error


def _target(folder: str, target: str) -> str:
    joined = posixpath.join("/", folder, unquote(target))
    return posixpath.normpath(joined).lstrip("/")
