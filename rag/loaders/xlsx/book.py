"""What a workbook says outside of its sheets: their names, its texts and its formats."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from html import unescape
from typing import IO, Any
from zipfile import ZipFile

from lxml import etree

from rag.language import language_of
from rag.loaders.values import LoadError
from rag.loaders.xlsx.built_in import BUILT_IN
from rag.loaders.xlsx.locale import ENGLISH, TURKISH, Locale
from rag.loaders.xlsx.sections import is_turkish, sections

_BOOK = "xl/workbook.xml"
_PROPERTIES = "docProps/app.xml"
_SAMPLE = 500
_SAMPLE_BYTES = 100_000
_INLINE = re.compile(rb"<(?:\w+:)?t(?: [^>]*)?>([^<]{1,200})<")
_LIRA = re.compile(r"₺|\bTL\b|\bTRY\b")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: its name, whether the workbook hides it, and its file in the archive."""

    title: str
    hidden: bool
    path: str


class Book:
    """A workbook in an open archive. Raises LoadError where it has no sheets, and lxml's errors."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._names = {name.lower(): name for name in archive.namelist()}
        root = self.root(_BOOK)
        self.sheets = tuple(self._sheets(root))
        if not self.sheets:
            raise LoadError("empty")
        properties = _first(root, "workbookPr")
        self.epoch_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.recalculated = any(
            one.get("fullCalcOnLoad") in ("1", "true") for one in _all(root, "calcPr")
        )
        """Whether Excel is asked to calculate all formulas when it opens: a stored 0 is then what
        a program wrote that cannot calculate."""
        self.strings = list(self._strings())
        self.codes = self._codes()
        self.locale = self._locale()

    def open(self, path: str) -> IO[bytes]:
        """A file of the archive. Raises KeyError."""
        return self._archive.open(self._names[path.lower()])

    def root(self, path: str) -> Any:
        """The XML of a small file of the archive; entities are not resolved."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        with self.open(path) as file:
            return etree.parse(file, parser).getroot()

    def related(self, path: str) -> dict[str, tuple[str, str]]:
        """Kind and file of what a file refers to, by id."""
        folder, name = posixpath.split(path)
        relations = f"{folder}/_rels/{name}.rels"
        if relations.lower() not in self._names:
            return {}
        return {
            one.get("Id", ""): (
                posixpath.basename(one.get("Type", "")),
                posixpath.normpath(posixpath.join("/", folder, one.get("Target", "")))[1:],
            )
            for one in _all(self.root(relations), "Relationship")
        }

    def _sheets(self, root: Any) -> Iterator[Sheet]:
        related = self.related(_BOOK)
        for one in _all(root, "sheet"):
            numbers = (value for name, value in one.items() if name.endswith("}id"))
            kind, path = related.get(next(numbers, ""), ("", ""))
            if kind == "worksheet" and path.lower() in self._names:
                yield Sheet(one.get("name", ""), one.get("state", "visible") != "visible", path)

    def _strings(self) -> Iterator[str]:
        paths = [path for kind, path in self.related(_BOOK).values() if kind == "sharedStrings"]
        for path in paths[:1]:
            with self.open(path) as file:
                for _, item in etree.iterparse(
                    file, tag="{*}si", resolve_entities=False, no_network=True, load_dtd=False
                ):
                    yield text_of(item)
                    forget(item)

    def _codes(self) -> tuple[str, ...]:
        """The format code of each style a cell may have."""
        paths = [path for kind, path in self.related(_BOOK).values() if kind == "styles"]
        if not paths or paths[0].lower() not in self._names:
            return ()
        root = self.root(paths[0])
        codes = BUILT_IN | {
            one.get("numFmtId"): one.get("formatCode", "") for one in _all(root, "numFmt")
        }
        styles = _first(root, "cellXfs")
        numbers = [] if styles is None else [one.get("numFmtId", "0") for one in styles]
        return tuple(codes.get(number, "General") for number in numbers)

    def _saved_in_turkish(self) -> bool:
        """Whether the program that saved it calls worksheets by a Turkish name."""
        with suppress(KeyError, etree.LxmlError):
            pairs = _first(self.root(_PROPERTIES), "HeadingPairs")
            words = [] if pairs is None else [one.text or "" for one in _all(pairs, "lpstr")]
            return language_of(" ".join(words)) == "tr"
        return False

    def _locale(self) -> Locale:
        """The language of the workbook: that of its formats where they name one, of the Excel that
        saved it, or of its texts. Whoever opens it sees their own, which no file holds."""
        codes = set(self.codes)
        named = any(is_turkish(one) for code in codes for one in sections(code))
        if named or any(map(_LIRA.search, codes)) or self._saved_in_turkish():
            return TURKISH
        texts = [one.title for one in self.sheets] + self.strings[:_SAMPLE]
        if not self.strings:
            with self.open(self.sheets[0].path) as file:
                inline = _INLINE.findall(file.read(_SAMPLE_BYTES))
            texts += [unescape(one.decode("utf-8", "replace")) for one in inline[:_SAMPLE]]
        return TURKISH if language_of("\n".join(texts)) == "tr" else ENGLISH


def text_of(item: Any) -> str:
    """The text of a shared or inline string, in its pieces of different fonts, without readings
    (`rPh`) of Japanese words."""
    pieces: list[str] = []
    for child in item:
        name = _local(child)
        if name == "t":
            pieces.append(child.text or "")
        elif name == "r":
            pieces += (one.text or "" for one in child if _local(one) == "t")
    return "".join(pieces)


def forget(element: Any) -> None:
    """Free an element that was read, and those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _all(root: Any, name: str) -> Iterator[Any]:
    return iter(root.iter(f"{{*}}{name}"))


def _first(root: Any, name: str) -> Any:
    return next(_all(root, name), None)
