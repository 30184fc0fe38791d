"""The running turns: started, followed, stopped and saved by the server, not by a page."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from core.catalog import Catalog, Model
from core.conversation import Answer, ChatSettings, Conversation, Message, Outcome
from core.errors import ChatNotFound, RejectedInput
from core.request import StreamFunction
from engine.identity import new_chat_id, new_message_id, now
from engine.limits import accept_message, accept_model, accept_settings
from engine.live import LiveTurn
from engine.prompt import Prompt, build_prompt
from engine.run import run_turn
from engine.signal import Signal
from engine.titles import TitleImprover, first_title
from storage.protocol import Stores

log = logging.getLogger(__name__)

_LONGEST_STOP_S = 5.0


@dataclass(frozen=True, slots=True)
class RunningTurn:
    """A turn and the chat it belongs to, by their ids."""

    turn: str
    chat: str


class Turns:
    """Starts, finds and stops turns. One for the whole server; every call names the owner.

    `changed` grows whenever a turn starts or ends.
    """

    def __init__(self, catalog: Catalog, stores: Stores, stream: StreamFunction) -> None:
        self._catalog = catalog
        self._stores = stores
        self._stream = stream
        self._live: dict[str, LiveTurn] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._starting: set[tuple[str, str]] = set()
        self._opening: set[str] = set()
        self.changed = Signal()
        self.titles = TitleImprover(catalog, stores, stream)

    async def send(
        self,
        owner: str,
        chat_id: str | None,
        text: str,
        model_id: str,
        settings: ChatSettings,
        edits: str | None = None,
    ) -> LiveTurn:
        """Ask a question at the leaf of a chat (None: a new one), or as another version of the
        question `edits`. On return the question is on disk and the answer is being made. Raises
        RejectedInput, ChatNotFound, ChatReadOnly, StorageError."""
        limits = self._catalog.limits
        model = accept_model(model_id, self._catalog)
        text = accept_message(text, limits)
        settings = accept_settings(settings, limits)

        answer_id = new_message_id()

        def ask(chat: Conversation) -> Conversation:
            if edits is not None:
                chat = _before_question(chat, edits)
            question = Message(new_message_id(), chat.leaf, "user", text, now())
            return _open_answer(chat.append(question), answer_id, model, settings)

        fresh = None if chat_id else _new_chat(first_title(text))
        return await self._begin(owner, fresh or chat_id or "", answer_id, model, ask)

    async def retry(
        self, owner: str, chat_id: str, answer_id: str, model_id: str, settings: ChatSettings
    ) -> LiveTurn:
        """Answer the same question once more, as a sibling of `answer_id`; nothing is replaced.
        Raises as `send`."""
        model = accept_model(model_id, self._catalog)
        settings = accept_settings(settings, self._catalog.limits)

        again_id = new_message_id()

        def ask_again(chat: Conversation) -> Conversation:
            old = chat.message(answer_id)
            if old is None or old.role != "assistant" or not chat.message(old.parent or ""):
                raise ChatNotFound(answer_id)
            return _open_answer(chat.fork(old.parent), again_id, model, settings)

        return await self._begin(owner, chat_id, again_id, model, ask_again)

    async def _begin(
        self,
        owner: str,
        chat: str | Conversation,
        answer_id: str,
        model: Model,
        change: Callable[[Conversation], Conversation],
    ) -> LiveTurn:
        chat_id = chat if isinstance(chat, str) else chat.id
        self._reserve(owner, chat_id)
        self._opening.add(answer_id)
        try:
            store = self._stores.of(owner)
            if isinstance(chat, str):
                saved = await store.update(chat, change)
            else:
                saved = await store.create(change(chat))
            return self._launch(owner, saved, model)
        finally:
            self._opening.discard(answer_id)
            self._starting.discard((owner, chat_id))

    def _reserve(self, owner: str, chat_id: str) -> None:
        """Keep two quick clicks from starting two answers in one chat."""
        if (owner, chat_id) in self._starting or self.of_chat(owner, chat_id):
            raise RejectedInput("already_answering")
        limit = self._catalog.limits.running_answers
        if len(self._live) + len(self._starting) >= limit:
            raise RejectedInput("too_many_answers", limit=str(limit))
        self._starting.add((owner, chat_id))

    def _launch(self, owner: str, chat: Conversation, model: Model) -> LiveTurn:
        path = chat.path()
        turn = LiveTurn(owner, chat.id, path[-1])
        prompt = build_prompt(model, path[:-1], chat.settings)
        self._live[turn.id] = turn
        self._tasks[turn.id] = asyncio.create_task(self._run(turn, prompt), name=f"turn {turn.id}")
        self.changed.bump()
        return turn

    async def _run(self, turn: LiveTurn, prompt: Prompt) -> None:
        store = self._stores.of(turn.owner)
        try:
            await run_turn(turn, prompt, self._stream, store)
        except Exception:
            log.exception("a turn ended by an error of ours")
        finally:
            self._live.pop(turn.id, None)
            self._tasks.pop(turn.id, None)
            turn.end()
            self.changed.bump()
        if turn.answer.outcome is Outcome.COMPLETE:
            self.titles.improve(turn.owner, turn.chat_id, prompt.request.model)

    def get(self, owner: str, turn_id: str) -> LiveTurn | None:
        """The running turn, if it runs and belongs to the owner."""
        turn = self._live.get(turn_id)
        return turn if turn and turn.owner == owner else None

    def of_chat(self, owner: str, chat_id: str) -> LiveTurn | None:
        """The turn that runs in a chat."""
        return next(
            (t for t in self._live.values() if t.owner == owner and t.chat_id == chat_id), None
        )

    def running(self, owner: str) -> tuple[RunningTurn, ...]:
        """The owner's running turns, oldest first."""
        return tuple(RunningTurn(t.id, t.chat_id) for t in self._live.values() if t.owner == owner)

    def is_live(self, message_id: str) -> bool:
        """Whether a turn of this process is writing the message, or about to."""
        return message_id in self._live or message_id in self._opening

    async def stop(self, owner: str, turn_id: str) -> None:
        """Stop a turn and wait until what came is saved, on a disk that refuses for a moment only;
        a turn that does not run is no error."""
        self.ask_to_stop(owner, turn_id)
        if self.get(owner, turn_id):
            await asyncio.wait([self._tasks[turn_id]], timeout=_LONGEST_STOP_S)

    def ask_to_stop(self, owner: str, turn_id: str) -> None:
        """As `stop`, without waiting."""
        turn = self.get(owner, turn_id)
        if turn:
            turn.stop()

    async def stop_chat(self, owner: str, chat_id: str) -> None:
        """Stop what runs in a chat, if anything does."""
        turn = self.of_chat(owner, chat_id)
        if turn:
            await self.stop(owner, turn.id)

    async def shut_down(self) -> None:
        """Save every running answer as interrupted; called once, when the server ends."""
        for turn in self._live.values():
            turn.interrupt()
        await self.titles.shut_down()
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()))


def _new_chat(title: str) -> Conversation:
    return Conversation(id=new_chat_id(), title=title, created=now(), updated=now())


def _before_question(chat: Conversation, question_id: str) -> Conversation:
    old = chat.message(question_id)
    if old is None or old.role != "user":
        raise ChatNotFound(question_id)
    return chat.fork(old.parent)


def _open_answer(
    chat: Conversation, answer_id: str, model: Model, settings: ChatSettings
) -> Conversation:
    """The chat with an empty answer at its leaf, and with the model and settings it is asked."""
    answer = Message(
        id=answer_id,
        parent=chat.leaf,
        role="assistant",
        content="",
        created=now(),
        answer=Answer(model=model.id, provider=model.provider, started=now()),
    )
    chat = replace(chat, model=model.id, settings=settings, updated=now())
    return chat.append(answer)
