"""What can go wrong, as values that name the next step.

    DivanError
    ├── ProviderError   a model could not answer (kind, message, hint)
    ├── ChatNotFound    no chat has this id
    │   └── NotInTrash  the trash holds no such file
    ├── ChatReadOnly    the file was written by a newer Divan, or cannot be trusted
    ├── StorageError    the disk refused (full, read-only, gone)
    └── RejectedInput   the person's input is outside the limits

Every error is a text key with parameters (`core.texts` holds the sentences in Turkish and
English), so that the same card can be shown in either language long after it happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.texts import DEFAULT_LANGUAGE, translate


class ErrorKind(StrEnum):
    """Why a provider could not answer. Each has `error.<kind>.message` and `.hint` texts."""

    NO_KEY = "no_key"
    BAD_KEY = "bad_key"
    KEY_WANTED = "key_wanted"
    KEY_CHARACTERS = "key_characters"
    NO_CREDIT = "no_credit"
    FORBIDDEN = "forbidden"
    NO_MODEL = "no_model"
    NOT_PULLED = "not_pulled"
    RATE_LIMITED = "rate_limited"
    OVERLOADED = "overloaded"
    TOO_LONG = "too_long"
    BAD_REQUEST = "bad_request"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    NOT_RUNNING = "not_running"
    HUNG_UP = "hung_up"
    CUT_OFF = "cut_off"
    GARBLED = "garbled"
    SILENT = "silent"
    MALFORMED = "malformed"
    TOO_MUCH_DATA = "too_much_data"
    NO_MEMORY = "no_memory"
    NO_GPU = "no_gpu"
    EMPTY = "empty"
    ONLY_PICTURE = "only_picture"
    ONLY_THOUGHTS = "only_thoughts"
    ONLY_THOUGHTS_LENGTH = "only_thoughts_length"
    ONLY_THOUGHTS_LIMIT = "only_thoughts_limit"
    TIMED_OUT = "timed_out"
    TOO_LARGE = "too_large"
    NO_PACKAGE = "no_package"
    NO_WEIGHTS = "no_weights"
    SERVER = "server"
    UNKNOWN = "unknown"


RETRYABLE = frozenset(
    {
        ErrorKind.RATE_LIMITED, ErrorKind.OVERLOADED, ErrorKind.SERVER, ErrorKind.UNREACHABLE,
        ErrorKind.NOT_RUNNING, ErrorKind.HUNG_UP,
    }
)  # fmt: skip
"""Kinds worth asking again without the person, before the first token."""


class DivanError(Exception):
    """Base of every error that a person may see."""


@dataclass(frozen=True)
class ErrorCard:
    """An error as it is kept in a chat: its kind and the parameters of its sentences.

    `params` may hold: model, provider, key (name of the environment variable), url, wait
    (seconds), command, status, limit (tokens, minutes or megabytes), detail (the provider's own
    words, keys removed).
    """

    kind: str
    params: Mapping[str, str] = field(default_factory=dict)

    def message(self, language: str = DEFAULT_LANGUAGE) -> str:
        """One sentence for what happened."""
        return translate(language, f"error.{self.kind}.message", **self.params)

    def hint(self, language: str = DEFAULT_LANGUAGE) -> str:
        """One sentence for what to do."""
        return translate(language, f"error.{self.kind}.hint", **self.params)


class ProviderError(DivanError):
    """A model could not answer; the only error that leaves `providers`.

    `retry_after` is the wait in seconds the provider asks for, where it asks for one.
    It carries no foreign exception, whose text or traceback may hold a key: the redacted story is
    in the log.
    """

    def __init__(self, kind: ErrorKind, *, retry_after: float | None = None, **params: str) -> None:
        self.kind = kind
        self.retry_after = retry_after
        self.card = ErrorCard(kind.value, params)
        super().__init__(f"{self.card.message('en')} {self.card.hint('en')}")

    @property
    def message(self) -> str:
        """One English sentence for what happened."""
        return self.card.message("en")

    @property
    def hint(self) -> str:
        """One English sentence for what to do."""
        return self.card.hint("en")


class ChatNotFound(DivanError):
    """No chat of this owner has the id."""


class NotInTrash(ChatNotFound):
    """The trash of this owner holds no such file: it was restored already or deleted for good."""


class ChatReadOnly(DivanError):
    """The chat can be read but not changed: a newer Divan wrote it."""


class StorageError(DivanError):
    """The disk refused; `card` says why and what to do, and nothing on disk was harmed."""

    def __init__(self, kind: str, **params: str) -> None:
        self.card = ErrorCard(kind, params)
        super().__init__(self.card.message("en"))


class RejectedInput(DivanError):
    """The input is outside the limits; `card` names the limit and the way out."""

    def __init__(self, kind: str, **params: str) -> None:
        self.card = ErrorCard(kind, params)
        super().__init__(self.card.message("en"))


def card_of(error: DivanError) -> ErrorCard:
    """The card of an error that a person's request ended with: refused input, the disk, or a chat
    that is gone or may only be read."""
    if isinstance(error, RejectedInput | StorageError):
        return error.card
    return ErrorCard("read_only" if isinstance(error, ChatReadOnly) else "chat_gone")
