"""Why something was not done, in a line of the person's language."""

from __future__ import annotations

from core.errors import (
    ChatNotFound,
    ChatReadOnly,
    DivanError,
    ErrorCard,
    RejectedInput,
    StorageError,
    card_of,
)
from core.texts import translate

REFUSED = (RejectedInput, StorageError, ChatReadOnly, ChatNotFound)
"""What a person's event may end with; everything else is a fault of the program."""


def line(error: DivanError, language: str) -> str:
    """What happened and what to do, with settings named as the page names them."""
    card = card_of(error)
    setting = card.params.get("setting")
    if setting:
        named = {**card.params, "setting": translate(language, f"page.{setting}")}
        card = ErrorCard(card.kind, named)
    return f"{card.message(language)} {card.hint(language)}"
