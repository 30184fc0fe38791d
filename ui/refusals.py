"""Why something was not done, in a line of the person's language."""

from __future__ import annotations

from collections.abc import Mapping

from core.errors import (
    ChatNotFound,
    ChatReadOnly,
    DivanError,
    ErrorCard,
    RejectedInput,
    StorageError,
    card_of,
)
from core.numbers import localized
from core.texts import translate

REFUSED = (RejectedInput, StorageError, ChatReadOnly, ChatNotFound)
"""What a person's event may end with; everything else is a fault of the program."""


def warning(error: DivanError, language: str) -> Mapping[str, str]:
    """What the page shows of it: the `warning`, and the `setting` it is about, if any."""
    setting = card_of(error).params.get("setting")
    return {"warning": line(error, language), **({"setting": setting} if setting else {})}


def line(error: DivanError, language: str) -> str:
    """What happened and what to do, with settings named as the page names them."""
    card = card_of(error)
    setting = card.params.get("setting")
    if setting:
        numbers = {name: localized(value, language) for name, value in card.params.items()}
        named = translate(language, f"page.{setting}")
        card = ErrorCard(card.kind, {**numbers, "setting": named})
    return f"{card.message(language)} {card.hint(language)}"
