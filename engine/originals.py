"""The file a document was read from, as it was given."""

from __future__ import annotations

import asyncio
import codecs
from dataclasses import dataclass
from pathlib import Path

from core.errors import RejectedInput
from engine.documents import Documents
from engine.refusals import refusals
from engine.shelf import file_name

_HEAD = 65_536


@dataclass(frozen=True, slots=True)
class Original:
    """Where the file lies, and what its owner called it."""

    path: Path
    name: str

    def charset(self) -> str:
        """What encoding a text is in, by its first bytes; blocks."""
        with self.path.open("rb") as file:
            head = file.read(_HEAD)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        try:
            codecs.getincrementaldecoder("utf-8")().decode(head)
        except UnicodeDecodeError:
            return "windows-1254"
        return "utf-8"


async def original(documents: Documents, owner: str, document: int) -> Original:
    """A document's file. Raises RejectedInput where the document is gone, and StorageError."""
    if not await documents.has_any(owner):
        raise RejectedInput("document_gone")
    library = await documents.library(owner)
    with refusals():
        record = await asyncio.to_thread(library.records.document, document)
        path = library.path(record.hash, record.name) if record else None
        if record is None or path is None or not await asyncio.to_thread(path.is_file):
            raise RejectedInput("document_gone")
    return Original(path, file_name(record.name))
