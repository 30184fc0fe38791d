"""EPUB: its chapters in the order they are read, under the title of the book."""

from __future__ import annotations

import posixpath
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import unquote
from zipfile import BadZipFile, ZipFile

from lxml import etree

from rag.loaders.encodings import decoded
from rag.loaders.html import html_parts
from rag.loaders.values import LoadError, Source
from rag.values import Part

_CONTAINER = "META-INF/container.xml"
_PAGES = ("application/xhtml+xml", "text/html")
_ENCRYPTION = "META-INF/encryption.xml"
_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""What hides fonts from copying; the text stays readable."""
_DAMAGED = (BadZipFile, KeyError, OSError, EOFError, LoadError, zlib.error)


def parts(source: Source) -> Iterator[Part]:
    """The title and author, then the parts of each chapter. A chapter that is damaged or missing
    costs no other. Raises LoadError."""
    with ZipFile(source.path) as archive:
        _refuse_locked(archive)
        package, path = _package(archive)
        title = " ".join((_first(package, "title").text or "").split())
        heading = (title,) if title else ()
        about = [title, *(_said(one) for one in package.iter("{*}creator"))]
        if any(about):
            yield Part("\n".join(filter(None, about)), None, heading)
        for chapter in _chapters(package, posixpath.dirname(path), archive):
            try:
                text = decoded(archive.read(chapter))
            except _DAMAGED:
                continue
            for part in html_parts(text, whole=True):
                yield replace(part, heading=_under(heading, part.heading))


def _under(heading: tuple[str, ...], below: tuple[str, ...]) -> tuple[str, ...]:
    """The headings of a chapter below the book's title, which chapters often repeat."""
    return heading + below[below[: len(heading)] == heading and len(heading) :]


def _refuse_locked(archive: ZipFile) -> None:
    """Raises LoadError where more than fonts is encrypted."""
    if _ENCRYPTION not in archive.namelist():
        return
    methods = _root(archive, _ENCRYPTION).iter("{*}EncryptionMethod")
    if any(one.get("Algorithm") not in _FONTS for one in methods):
        raise LoadError("encrypted")


def _package(archive: ZipFile) -> tuple[Any, str]:
    """The package document, which lists everything, and where it lies."""
    named = _first(_root(archive, _CONTAINER), "rootfile").get("full-path", "")
    if named not in archive.namelist():
        raise LoadError("damaged", "no package")
    return _root(archive, named), named


def _chapters(package: Any, folder: str, archive: ZipFile) -> Iterator[str]:
    """The files of the spine in order; of a book without one, all its pages as they are listed."""
    items = {
        one.get("id", ""): one for one in package.iter("{*}item") if one.get("media-type") in _PAGES
    }
    spine = [one.get("idref", "") for one in package.iter("{*}itemref")]
    known = set(archive.namelist())
    for item in dict.fromkeys(one for one in spine if one in items) or items:
        path = posixpath.normpath(posixpath.join(folder, unquote(items[item].get("href", ""))))
        if path in known:
            yield path


def _root(archive: ZipFile, name: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    root = etree.fromstring(archive.read(name), parser)
    if root is None:
        raise LoadError("damaged", name)
    return root


def _first(root: Any, name: str) -> Any:
    """The first element of a name, or an empty one."""
    found = next(root.iter(f"{{*}}{name}"), None)
    return etree.Element("none") if found is None else found


def _said(element: Any) -> str:
    return " ".join((element.text or "").split())
