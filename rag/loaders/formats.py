"""Which loader a file gets: by its content first, by its extension where that says nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from rag.loaders.archive import entries
from rag.loaders.encodings import decoded
from rag.loaders.picture import EXTENSIONS, is_picture
from rag.loaders.values import LoadError, Piece, Source

_HEAD = 1024
_PACKED = {
    r"word/document\d*\.xml": "docx",
    r"ppt/presentation\d*\.xml": "pptx",
    r"xl/workbook\.xml": "xlsx",
    r"META-INF/container\.xml": "epub",
    r"content\.xml": "odf",
}
_PACK, _OLD = "pack", "old office"
_DOCUMENTS = {".pdf", ".docx", ".pptx", ".xlsx", ".xlsm", ".epub", ".odt", ".ods", ".odp"}
_BINARY = _DOCUMENTS | EXTENSIONS
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_RTF = b"{\\rtf"
_FOREIGN = (
    b"PK",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
)
_MARKDOWN = {".md", ".markdown", ".mdown", ".mdx"}
_HTML = {".html", ".htm", ".xhtml"}
_TABLE = {".csv", ".tsv"}
_NOTEBOOK = {".ipynb"}
_MAIL = {".eml", ".mht", ".mhtml"}
_PLAIN = {".txt", ".text", ".log", ".rst", ".tex", ".org", ".srt", ".vtt"}
_CODE_EXTENSIONS = """
.py .pyi .js .mjs .cjs .ts .tsx .jsx .java .kt .c .h .cc .cpp .hpp .cs .go .rs .rb .php .swift .m
.scala .r .jl .lua .pl .sh .bash .zsh .ps1 .bat .sql .css .scss .less .vue .svelte .json .jsonl
.yaml .yml .toml .ini .cfg .xml .svg .dart .ex .exs .hs .ml .f90 .gradle
"""
_CODE = set(_CODE_EXTENSIONS.split())


def parts(source: Source) -> Iterator[Piece]:
    """The pieces of a file of any format. Raises LoadError, and whatever its loader raises."""
    module, _, function = _loader(source).partition(":")
    loader: Callable[[Source], Iterator[Piece]] = getattr(
        import_module(f"rag.loaders.{module}"), function or "parts"
    )
    return loader(source)


def is_readable(name: str, data: bytes) -> bool:
    """Whether there may be a loader for a file, as far as its name and first bytes tell."""
    try:
        _by_head(Path(name).suffix.lower(), data[:_HEAD])
    except LoadError as error:
        return error.key != "unsupported"
    return True


def _loader(source: Source) -> str:
    """Module and function of the loader."""
    with source.path.open("rb") as file:
        head = file.read(_HEAD)
    loader = _by_head(source.extension, head)
    if loader == _PACK:
        return _packed(source)
    if loader == _OLD:
        raise LoadError("encrypted" if _is_encrypted_office(source) else "unsupported", "Office 97")
    return loader


def _by_head(extension: str, head: bytes) -> str:
    """Module and function of the loader, or what has to be looked into first."""
    says_pdf = b"%PDF-" in head and extension in ("", ".pdf")  # after what a server added
    if head.startswith(b"%PDF-") or says_pdf:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _PACK
    if head.startswith(_OLD_OFFICE):
        return _OLD
    if head.lstrip().startswith(_RTF):
        return "rtf"
    if is_picture(head):
        return "picture"
    if head.startswith(_FOREIGN):
        raise LoadError("damaged" if extension in _BINARY else "unsupported")
    return _textual(extension, head)


def _packed(source: Source) -> str:
    found = entries(source)
    for pattern, loader in _PACKED.items():
        if any(re.fullmatch(pattern, name, re.IGNORECASE) for name in found):
            return loader
    raise LoadError("damaged" if source.extension in _BINARY else "unsupported", "zip")


def _is_encrypted_office(source: Source) -> bool:
    with source.path.open("rb") as file:
        return any(_ENCRYPTED_OFFICE in block for block in iter(lambda: file.read(1 << 20), b""))


def _textual(extension: str, head: bytes) -> str:
    by_extension: tuple[tuple[set[str], str], ...] = (
        (_MARKDOWN, "markdown"), (_HTML, "html"), (_TABLE, "csv"),
        (_CODE, "text:code_parts"), (_PLAIN, "text"), (_NOTEBOOK, "notebook"), (_MAIL, "eml"),
    )  # fmt: skip
    for extensions, loader in by_extension:
        if extension in extensions:
            return loader
    try:
        start = decoded(head).lstrip().lower()
    except LoadError as error:
        key: Any = "damaged" if extension in _BINARY else "unsupported"
        raise LoadError(key) from error
    return "html" if start.startswith(("<!doctype html", "<html")) else "text"
