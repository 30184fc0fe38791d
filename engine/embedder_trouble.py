"""Why texts cannot be turned into vectors, as a card that says what to do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from core.errors import ErrorCard, StorageError

_LONGEST_DETAIL = 200
_ADDRESSES = {"ollama": "http://127.0.0.1:11434", "gemini": "generativelanguage.googleapis.com"}
_KEY_REFUSED = (400, 401, 403)
_NOT_THERE = 404
_WAY_ERRORS = {
    "ConnectError", "ConnectTimeout", "ConnectionError", "LocalEntryNotFoundError",
    "OfflineModeIsEnabled", "ReadTimeout", "gaierror",
}  # fmt: skip
"""Names of what the libraries around the hub raise where it cannot be reached."""


class EmbedderFailed(StorageError):
    """What the search rests on cannot be used; no document was harmed."""

    def __init__(self, card: ErrorCard) -> None:
        super().__init__(card.kind, **card.params)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is known against an embedder; `still_answers` says that documents are searched with
    another one meanwhile."""

    card: ErrorCard
    still_answers: bool


class NoKey(Exception):
    """The embedder needs an API key that is not set; the text names its variable."""


def is_embedders(error: BaseException) -> bool:
    """Whether an error is of an embedder, or of the way to it, and not of the documents."""
    if isinstance(error, EmbedderFailed | ImportError | NoKey):
        return True
    return type(error).__module__.startswith(("httpx", "rag.embedders"))


def card_of_trouble(error: BaseException, spec: str) -> ErrorCard:
    """What to tell of an error of the embedder with this spec."""
    if isinstance(error, EmbedderFailed):
        return error.card
    held: Mapping[str, str] = json.loads(spec)
    kind = held["embedder"]
    named = {
        "embedder": kind,
        "model": held.get("model") or kind,
        "url": held.get("base_url") or _ADDRESSES.get(kind, ""),
        "key": held.get("api_key_env", "GEMINI_API_KEY"),
        "detail": str(error)[:_LONGEST_DETAIL] or type(error).__name__,
    }
    return ErrorCard(f"embedder_{_reason(error, kind)}", named)


def _reason(error: BaseException, kind: str) -> str:
    status = getattr(getattr(error, "response", None), "status_code", None)
    if isinstance(error, ImportError):
        return "no_package"
    if isinstance(error, NoKey):
        return "no_key"
    if status == _NOT_THERE:
        return "not_pulled" if kind == "ollama" else "no_model"
    if status in _KEY_REFUSED and kind == "gemini":
        return "bad_key"
    if status is None and type(error).__module__.startswith("httpx"):
        return "not_running"
    if kind == "sentence_transformers" and any(
        type(one).__name__ in _WAY_ERRORS for one in _causes(error)
    ):
        return "no_hub"
    if kind == "sentence_transformers" and isinstance(error, OSError | ValueError):
        return "no_model"
    return "failed"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it came from."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


@contextmanager
def as_trouble(spec: str) -> Iterator[None]:
    """An embedder's errors as EmbedderFailed, all others as they are."""
    try:
        yield
    except Exception as error:
        if not is_embedders(error):
            raise
        raise EmbedderFailed(card_of_trouble(error, spec)) from error
