"""Summaries of the oldest part of long chats: written in the background, edited, undone."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import replace

from core.catalog import Model
from core.conversation import Conversation, Summary
from core.errors import RejectedInput
from core.request import StreamFunction
from engine.calibration import Calibration
from engine.current_catalog import CatalogView
from engine.identity import new_message_id, now
from engine.limits import accept_message
from engine.signal import ChatSignal
from engine.summary_range import Range, next_range
from engine.summary_writer import SummaryWriter, Written
from storage.protocol import ChatStore, Stores

log = logging.getLogger(__name__)

_REST_AFTER_FAILURE_S = 60.0
_Chat = tuple[str, str]


class Summaries:
    """Has the oldest part of a chat summarised when a model's window is nearly full.

    The messages stay as they are. A model that fails costs nothing: the prompt leaves out what
    does not fit, as it would without summaries. `changed` grows whenever a summary is begun,
    written, given up, edited, undone or redone.
    """

    def __init__(
        self, catalog: CatalogView, stores: Stores, stream: StreamFunction, calibration: Calibration
    ) -> None:
        self._catalog = catalog
        self._stores = stores
        self._stream = stream
        self._calibration = calibration
        self._tasks: dict[_Chat, asyncio.Task[None]] = {}
        self._writing: set[_Chat] = set()
        self._resting: dict[_Chat, float] = {}
        self.changed = ChatSignal()

    def consider(self, owner: str, chat_id: str, answer_id: str, model: Model) -> None:
        """Begin if the window of `model` is nearly full after this answer, and return at once."""
        chat = (owner, chat_id)
        resting = self._resting.get(chat, 0.0) > time.monotonic()
        if not self._catalog.summary.enabled or chat in self._tasks or resting:
            return
        task = asyncio.create_task(self._summarise(chat, answer_id, model))
        self._tasks[chat] = task
        task.add_done_callback(lambda _: self._tasks.pop(chat, None))

    def is_running(self, owner: str, chat_id: str) -> bool:
        """Whether a summary of the chat is being written."""
        return (owner, chat_id) in self._writing

    async def edit(self, owner: str, chat_id: str, summary_id: str, text: str) -> Conversation:
        """Keep the person's own words instead of the model's. Raises RejectedInput where they are
        empty, too long, or the summary is gone; ChatNotFound, ChatReadOnly, StorageError."""
        text = accept_message(text, self._catalog.limits).strip()
        return await self._change(owner, chat_id, summary_id, text=text, edited=True)

    async def undo(self, owner: str, chat_id: str, summary_id: str, off: bool) -> Conversation:
        """Send the messages themselves again, as far as they fit (`off`), or the summary after
        all. Raises as `edit`."""
        return await self._change(owner, chat_id, summary_id, off=off)

    async def idle(self) -> None:
        """Wait until no summary is being written or considered."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))
            await asyncio.sleep(0)

    async def shut_down(self) -> None:
        """Give up what is being written."""
        for task in self._tasks.values():
            task.cancel()
        await self.idle()

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
        self.changed.tell(owner, chat_id)
        return changed

    async def _summarise(self, chat: _Chat, answer_id: str, model: Model) -> None:
        store = self._stores.of(chat[0])
        try:
            part = await self._part(store, chat[1], answer_id, model)
            if part is not None:
                await self._write(store, chat, part, model)
        except Exception:
            # Whatever it is: the chat goes on without a summary, by leaving out what does not fit.
            log.info("the chat %s could not be summarised", chat[1], exc_info=True)
            self._resting[chat] = time.monotonic() + _REST_AFTER_FAILURE_S

    async def _part(
        self, store: ChatStore, chat_id: str, answer_id: str, model: Model
    ) -> Range | None:
        chat = await store.load(chat_id)
        path = chat.path(answer_id)
        answer = path[-1].answer if path else None
        settings = answer.settings if answer and answer.settings else chat.settings
        threshold = self._catalog.summary.threshold
        return next_range(model, path, settings, chat.summaries, self._calibration, threshold)

    async def _write(self, store: ChatStore, chat: _Chat, part: Range, model: Model) -> None:
        asked = self._catalog.model(self._catalog.summary.model or "") or model
        self._writing.add(chat)
        self.changed.tell(*chat)
        try:
            writer = SummaryWriter(asked, self._stream, self._calibration)
            written = await writer.write(part.previous, part.messages, part.longest)
            summary = _summary(part, asked, written)
            await store.update(chat[1], lambda c: _with(c, summary))
        finally:
            self._writing.discard(chat)
            self.changed.tell(*chat)


def _summary(part: Range, model: Model, written: Written) -> Summary:
    return Summary(
        id=new_message_id(),
        first=part.first,
        last=part.last,
        count=part.count,
        text=written.text,
        model=model.id,
        created=now(),
        duration_s=round(written.duration_s, 3),
        usage=written.usage,
        cost_usd=written.cost_usd,
    )


def _with(chat: Conversation, summary: Summary) -> Conversation:
    """The chat with the summary, unless the messages it stands for were removed meanwhile."""
    if chat.message(summary.last) is None:
        return chat
    return replace(chat, summaries=(*chat.summaries, summary))
