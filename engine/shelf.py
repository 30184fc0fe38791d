"""A document as people see it, and what documents and collections may be called."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import ErrorCard, RejectedInput
from core.texts import translate

if TYPE_CHECKING:
    from rag.loaders.values import Unread
    from rag.records import DocumentRecord

DEFAULT_COLLECTION = "Belgeler"
_LONGEST_COLLECTION = 80
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Shelved:
    """A document as people see it. `progress` is from 0 to 1 while it is indexed; `error` is a text
    key under `document_error.`, told with `why`. `unread` are pages whose text is missing,
    told with `engine.unread`."""

    id: int
    collection: str
    name: str
    bytes: int
    added: str
    state: str
    pages: int
    characters: int
    chunks: int
    progress: float
    error: str
    detail: str
    unread: tuple[Unread, ...] = ()


def card_as_detail(card: ErrorCard) -> str:
    """An error as the detail of a document that failed by it, to be told in any language."""
    return json.dumps({"kind": card.kind, "params": dict(card.params)}, ensure_ascii=False)


def why(document: Shelved, language: str) -> tuple[str, str]:
    """What happened to a document that failed, and what to do; empty texts for all others."""
    if not document.error:
        return "", ""
    key, detail, hint = f"document_error.{document.error}", document.detail, ""
    if document.error == "embedder":
        card = _card_in(document.detail)
        detail, hint = (card.message(language), card.hint(language)) if card else (detail, "")
    said = {
        part: translate(language, f"{key}.{part}", detail=detail) for part in ("message", "hint")
    }
    return said["message"], hint or said["hint"]


def _card_in(detail: str) -> ErrorCard | None:
    """The error in a detail; None where an older Divan wrote plain text there."""
    try:
        held = json.loads(detail)
        return ErrorCard(str(held["kind"]), {k: str(v) for k, v in held["params"].items()})
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def shelved(record: DocumentRecord, progress: float | None) -> Shelved:
    """A document of the library as people see it; `progress` is None while nobody indexes it."""
    working = progress is not None
    return Shelved(
        id=record.id,
        collection=record.collection,
        name=record.name,
        bytes=record.bytes,
        added=record.added,
        state="working" if working else record.state,
        pages=record.pages,
        characters=record.characters,
        chunks=record.chunks,
        progress=progress if progress is not None else float(record.state == "ready"),
        error="" if working else record.error,
        detail="" if working else record.detail,
        unread=record.unread if record.state == "ready" else (),
    )


def is_scanned(document: Shelved) -> bool:
    """Whether OCR would find more in it: some of its pages are pictures that were not read."""
    is_picture = document.state == "failed" and document.error == "scanned"
    return is_picture or any(one.key == "scanned" for one in document.unread)


def accept_collection(name: str) -> str:
    """The name as it is kept: one line of 1 to 80 characters. Raises RejectedInput."""
    plain = unicodedata.normalize("NFC", name)
    shown = " ".join("".join(c if c.isprintable() else " " for c in plain).split())
    if not 1 <= len(shown) <= _LONGEST_COLLECTION:
        raise RejectedInput("bad_collection", limit=str(_LONGEST_COLLECTION))
    return shown


def file_name(name: str) -> str:
    """The last part of a name, its letters composed, without what no file name should hold."""
    shown = _parts(name)[-1] or "belge"
    ending = Path(shown).suffix[:20]
    most = _LONGEST_NAME - len(ending)
    return shown if len(shown) <= _LONGEST_NAME else shown[:most] + ending


def folder_name(path: str) -> str:
    """The folders of a file's path from the outermost inwards, cleaned as its name; "" where it
    names none."""
    return "/".join(part[:_LONGEST_NAME] for part in _parts(path)[:-1] if part.strip("."))


def _parts(path: str) -> list[str]:
    """What stands between the strokes of a path."""
    parts = unicodedata.normalize("NFC", path).replace("\\", "/").split("/")
    return ["".join(c for c in part if c.isprintable()).strip() for part in parts]
