"""Why something was not done, in a line of the person's language."""

from __future__ import annotations

from core.errors import (
    ChatNotFound,
    ChatReadOnly,
    DivanError,
    ErrorCard,
    RejectedInput,
    StorageError,
)
from core.texts import translate

REFUSED = (RejectedInput, StorageError, ChatReadOnly, ChatNotFound)
"""What a person's event may end with; everything else is a fault of the program."""


def line(error: DivanError, language: str) -> str:
    """What happened and what to do, with settings named as the page names them."""
    card = _card(error)
    setting = card.params.get("setting")
    if setting:
        named = {**card.params, "setting": translate(language, f"page.{setting}")}
        card = ErrorCard(card.kind, named)
    return f"{card.message(language)} {card.hint(language)}"


def _card(error: DivanError) -> ErrorCard:
    if isinstance(error, RejectedInput | StorageError):
        return error.card
    return ErrorCard("read_only" if isinstance(error, ChatReadOnly) else "chat_gone")
