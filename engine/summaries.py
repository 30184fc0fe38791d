"""Summaries of the oldest part of long chats: written in the background, edited, undone."""

from __future__ import annotations

from dataclasses import replace

from core.catalog import Catalog
from core.conversation import Conversation, Summary
from core.errors import RejectedInput
from core.request import StreamFunction
from engine.calibration import Calibration
from engine.limits import accept_message
from engine.signal import Signal
from storage.protocol import Stores


class Summaries:
    """Has the oldest part of a chat summarised when a model's window is nearly full.

    `changed` grows whenever a summary is begun, written, given up, edited, undone or redone.
    """

    def __init__(
        self, catalog: Catalog, stores: Stores, stream: StreamFunction, calibration: Calibration
    ) -> None:
        self._catalog = catalog
        self._stores = stores
        self._stream = stream
        self._calibration = calibration
        self._running: set[tuple[str, str]] = set()
        self.changed = Signal()

    def is_running(self, owner: str, chat_id: str) -> bool:
        """Whether a summary of the chat is being written."""
        return (owner, chat_id) in self._running

    async def edit(self, owner: str, chat_id: str, summary_id: str, text: str) -> Conversation:
        """Keep the person's own words instead of the model's. Raises RejectedInput where they are
        empty, too long, or the summary is gone; ChatNotFound, ChatReadOnly, StorageError."""
        text = accept_message(text, self._catalog.limits).strip()
        return await self._change(owner, chat_id, summary_id, text=text, edited=True)

    async def undo(self, owner: str, chat_id: str, summary_id: str, off: bool) -> Conversation:
        """Send the messages themselves again, as far as they fit (`off`), or the summary after
        all. Raises as `edit`."""
        return await self._change(owner, chat_id, summary_id, off=off)

    async def _change(
        self, owner: str, chat_id: str, summary_id: str, **changes: object
    ) -> Conversation:
        def change(chat: Conversation) -> Conversation:
            if all(one.id != summary_id for one in chat.summaries):
                raise RejectedInput("summary_gone")
            return replace(chat, summaries=tuple(map(put, chat.summaries)))

        def put(one: Summary) -> Summary:
            return replace(one, **changes) if one.id == summary_id else one  # type: ignore[arg-type]

        changed = await self._stores.of(owner).update(chat_id, change)
        self.changed.bump()
        return changed
