"""Who acts in the comparison tab, and how their page looks at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.conversation import ChatSettings
from core.documents import DocumentUse
from ui.compare_seen import Choice, Seen
from ui.typed_settings import read
from ui.view import Visitor


@dataclass(frozen=True)
class Asker:
    """Who acts in which chat, and how the page looks at it."""

    who: Visitor
    chat: str | None
    painted: bool
    shown: int
    choice: Choice
    typed: tuple[Any, ...]
    """The fields of the settings, as `ui.typed_settings.read` takes them."""
    documents: DocumentUse
    """How a new chat uses documents."""
    seen: Seen | None = None
    """What the page shows of the comparison, where it says so."""

    @property
    def settings(self) -> ChatSettings:
        """The settings above the message box; RejectedInput where one is no number."""
        return read(*self.typed)

    def at(self, chat_id: str) -> Asker:
        """The same page at another chat."""
        return replace(self, chat=chat_id)

    def choosing(self, models: Sequence[object], blind: bool) -> Asker:
        """The same page with other models chosen, for a blind comparison or an open one."""
        chosen = tuple(map(str, models))
        return replace(self, choice=replace(self.choice, models=chosen, blind=blind))
