"""Questions asked while an answer runs: each goes to its chat when the one before has ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from weakref import WeakValueDictionary

from core.comparison import Comparison
from core.conversation import Conversation, Message, Outcome
from core.errors import ChatNotFound, DivanError, ErrorCard, RejectedInput, card_of
from engine import rounds
from engine.comparisons import Comparisons
from engine.current_catalog import CatalogView
from engine.identity import new_message_id
from engine.limits import accept_message
from engine.live import LiveTurn
from engine.signal import ChatSignal
from engine.turns import NO_PLACE, Turns
from engine.waiting_file import Queue, Waiting, WaitingFile
from storage.protocol import Stores

_MOST_IN_A_CHAT = 20
Change = Callable[[Queue], Queue]


class WaitingQuestions:
    """The queues of all chats. Every call names the owner. A question is asked with the model and
    settings its chat has by then, after an answer that came to its end; one that was stopped or has
    failed holds the queue until `send`. One for which there is no place among the running answers
    is asked when there is. `changed` grows for a chat whose queue is another.

    Raises RejectedInput, ChatNotFound, ChatReadOnly and StorageError.
    """

    def __init__(
        self,
        data: Path,
        catalog: CatalogView,
        stores: Stores,
        turns: Turns,
        comparisons: Comparisons,
    ) -> None:
        self._file = WaitingFile(data)
        self._catalog = catalog
        self._stores = stores
        self._turns = turns
        self._comparisons = comparisons
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self._refused: dict[str, ErrorCard] = {}
        self._without_place: dict[tuple[str, str], str] = {}
        """Owner and chat, with the id of the question that `send` asked for, or ""."""
        self._tasks: set[asyncio.Task[None]] = set()
        self.changed = ChatSignal()
        turns.when_ended(self._ended)

    async def of(self, owner: str, chat_id: str) -> Queue:
        """What waits in a chat, in the order it was asked."""
        return await asyncio.to_thread(self._file.read, owner, chat_id)

    def refused(self, waiting_id: str) -> ErrorCard | None:
        """Why a question could not be asked when its time had come."""
        return self._refused.get(waiting_id)

    def is_held(self, owner: str, chat_id: str) -> bool:
        """Whether nothing runs in the chat that its queue could wait for."""
        asking = self._lock(owner, chat_id).locked()
        return not asking and not self._turns.of_chat(owner, chat_id)

    async def add(self, owner: str, chat_id: str, text: str, *, in_lanes: bool) -> None:
        """Put a question at the end of a chat's queue, for its chat alone or for the lanes of its
        comparison; where nothing runs any more it is asked at once."""
        text = accept_message(text, self._catalog.limits)
        chat = await self._stores.of(owner).load(chat_id)
        if in_lanes and not _lanes(chat):
            raise RejectedInput("queue_no_lanes")
        new = Waiting(new_message_id(), text, _lanes(chat) if in_lanes else None)

        def put(queue: Queue) -> Queue:
            if len(queue) >= _MOST_IN_A_CHAT:
                raise RejectedInput("queue_full", limit=str(_MOST_IN_A_CHAT))
            return (*queue, new)

        await self._change(owner, chat_id, put)
        await self._advance(owner, chat_id)

    async def withdraw(self, owner: str, chat_id: str, waiting_id: str) -> str:
        """Take a question out of the queue; its text. RejectedInput where it has been asked."""
        taken: list[Waiting] = []

        def take(queue: Queue) -> Queue:
            taken.extend(one for one in queue if one.id == waiting_id)
            return tuple(one for one in queue if one.id != waiting_id)

        async with self._lock(owner, chat_id):
            await self._change(owner, chat_id, take)
        if not taken:
            raise RejectedInput("queue_gone")
        self._refused.pop(waiting_id, None)
        return taken[0].text

    async def rewrite(self, owner: str, chat_id: str, waiting_id: str, text: str) -> None:
        """Put another text in the place of a question's. RejectedInput where it has been asked."""
        text = accept_message(text, self._catalog.limits)

        def put(queue: Queue) -> Queue:
            if all(one.id != waiting_id for one in queue):
                raise RejectedInput("queue_gone")
            return tuple(replace(one, text=text) if one.id == waiting_id else one for one in queue)

        async with self._lock(owner, chat_id):
            await self._change(owner, chat_id, put)

    async def send(self, owner: str, chat_id: str) -> None:
        """Ask the first question now, whatever the answer before it came to."""
        await self._advance(owner, chat_id, anyway=True)

    def _ended(self, turn: LiveTurn) -> None:
        complete = turn.answer.outcome is Outcome.COMPLETE
        if not complete:
            self.changed.tell(turn.owner, turn.chat_id)
        task = asyncio.create_task(self._advance_after(turn.owner, turn.chat_id, complete))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _advance_after(self, owner: str, chat_id: str, complete: bool) -> None:
        """An answer has ended: its own chat goes on, then those that wait for a place, in the order
        in which they were refused one."""
        if complete:
            await self._advance(owner, chat_id)
        for without_place in list(self._without_place):
            await self._advance(*without_place)

    async def _advance(self, owner: str, chat_id: str, *, anyway: bool = False) -> None:
        """Ask the first question of a chat's queue where its turn has come."""
        async with self._lock(owner, chat_id):
            first = next(iter(await self.of(owner, chat_id)), None)
            if first is None:
                self._without_place.pop((owner, chat_id), None)
                return
            anyway = anyway or self._without_place.get((owner, chat_id)) == first.id
            try:
                rest = await self._ask(owner, chat_id, first, anyway)
            except DivanError as error:
                self._refuse(owner, chat_id, first, error, anyway)
                return
            self._without_place.pop((owner, chat_id), None)
            if rest != first:
                self._refused.pop(first.id, None)
                await self._change(owner, chat_id, lambda queue: _with_first(queue, first, rest))

    def _refuse(
        self, owner: str, chat_id: str, first: Waiting, error: DivanError, anyway: bool
    ) -> None:
        """Keep why a question could not be asked; one without a place is tried again."""
        if isinstance(error, RejectedInput) and error.card.kind in NO_PLACE:
            self._without_place[owner, chat_id] = first.id if anyway else ""
        else:
            self._without_place.pop((owner, chat_id), None)
        if not isinstance(error, ChatNotFound):
            self._refused[first.id] = card_of(error)
            self.changed.tell(owner, chat_id)

    async def _ask(self, owner: str, chat_id: str, first: Waiting, anyway: bool) -> Waiting | None:
        """Ask as much of a question as can be asked now. What is left of it: itself where nothing
        could, None where nothing is left."""
        chat = await self._stores.of(owner).load(chat_id)
        if first.lanes is not None:
            return await self._ask_lanes(owner, chat, first, anyway)
        if not _is_free(chat.message(chat.leaf or ""), anyway):
            return first
        await self._turns.send(owner, chat_id, first.text, chat.model, chat.settings)
        return None

    async def _ask_lanes(
        self, owner: str, chat: Conversation, first: Waiting, anyway: bool
    ) -> Waiting | None:
        """In a context of its own each lane goes on as soon as it is free. All go on together in a
        shared one, and while names are hidden, for their speed would tell them apart."""
        wanted = [model for model in _lanes(chat) if model in (first.lanes or ())]
        if not wanted:
            raise RejectedInput("queue_no_lanes")
        free = [model for model in wanted if _is_free(_newest(chat, model), anyway)]
        comparison = chat.comparison or Comparison()
        together = comparison.context == "shared" or comparison.is_hidden
        if not free or (together and len(free) < len(wanted)):
            return first
        await self._comparisons.ask_lanes(owner, chat.id, first.text, free)
        left = tuple(model for model in wanted if model not in free)
        return replace(first, lanes=left) if left else None

    def _lock(self, owner: str, chat_id: str) -> asyncio.Lock:
        return self._locks.setdefault((owner, chat_id), asyncio.Lock())

    async def _change(self, owner: str, chat_id: str, change: Change) -> None:
        await asyncio.to_thread(self._file.change, owner, chat_id, change)
        self.changed.tell(owner, chat_id)


def _with_first(queue: Queue, first: Waiting, rest: Waiting | None) -> Queue:
    """The queue with what is left of its first question; that is no longer there where it was
    withdrawn meanwhile."""
    left = () if rest is None else (rest,)
    return tuple(new for one in queue for new in (left if one.id == first.id else (one,)))


def _lanes(chat: Conversation) -> tuple[str, ...]:
    shown = chat.comparison.shown if chat.comparison else ()
    return tuple(lane.model for lane in shown)


def _newest(chat: Conversation, model: str) -> Message | None:
    comparison, lane = rounds.lane_of(chat, model)
    return chat.message(rounds.newest(chat, comparison, lane) or "")


def _is_free(message: Message | None, anyway: bool) -> bool:
    """Whether a question can follow: by itself after an answer that came to its end."""
    if message is None or message.answer is None:
        return True
    return not message.is_open and (anyway or message.answer.outcome is Outcome.COMPLETE)
