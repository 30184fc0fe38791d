"""The running turns: started, followed, stopped and saved by the server, not by a page."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from core.conversation import ChatSettings, Conversation, Message, Outcome
from core.documents import DocumentContext, DocumentUse, UsedPassage
from core.errors import ChatNotFound, RejectedInput
from core.request import StreamFunction
from engine import asking
from engine.asking import Change, Opening
from engine.calibration import Calibration
from engine.current_catalog import CatalogView
from engine.identity import new_chat_id, new_message_id, now
from engine.limits import accept_message, accept_model, accept_settings
from engine.live import LiveTurn
from engine.prompt import Prompt, build_prompt
from engine.retrieval import LookUp, Retrieval, Retrievals
from engine.run import run_turn
from engine.signal import Signal
from engine.summaries import Summaries
from engine.titles import TitleImprover, first_title
from storage.protocol import Stores

log = logging.getLogger(__name__)

NO_PLACE = frozenset({"too_many_answers", "too_many_own_answers"})
"""Kinds of RejectedInput that end when a running answer does."""
_LONGEST_STOP_S = 5.0


@dataclass(frozen=True, slots=True)
class RunningTurn:
    """A turn and the chat it belongs to, by their ids."""

    turn: str
    chat: str


class Turns:
    """Starts, finds and stops turns. One for the whole server; every call names the owner.

    `changed` grows whenever a turn is opened, starts or ends.
    """

    def __init__(
        self,
        catalog: CatalogView,
        stores: Stores,
        stream: StreamFunction,
        calibration: Calibration | None = None,
        look_up: LookUp | None = None,
    ) -> None:
        self._look_up = look_up
        self._catalog = catalog
        self._stores = stores
        self._stream = stream
        self._live: dict[str, LiveTurn] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._opening: dict[str, str] = {}
        self._when_ended: list[Callable[[LiveTurn], None]] = []
        self.changed = Signal()
        self.calibration = calibration or Calibration()
        self.titles = TitleImprover(catalog, stores, stream)
        self.summaries = Summaries(catalog, stores, stream, self.calibration)

    def when_ended(self, hear: Callable[[LiveTurn], None]) -> None:
        """Call `hear` with every turn that has ended and is saved, until the server goes down."""
        self._when_ended.append(hear)

    async def send(
        self,
        owner: str,
        chat_id: str | None,
        text: str,
        model_id: str,
        settings: ChatSettings,
        edits: str | None = None,
        documents: DocumentUse | None = None,
    ) -> LiveTurn:
        """Ask a question at the leaf of a chat (None: a new one, which uses `documents`), or as
        another version of the question `edits`. On return the question is on disk and the answer
        is being made. Raises RejectedInput, ChatNotFound, ChatReadOnly, StorageError."""
        text = accept_message(text, self._catalog.limits)
        opening = self.opening(model_id, settings)

        def ask(chat: Conversation) -> Conversation:
            if edits is not None:
                chat = asking.before_question(chat, edits)
            chat = asking.question(chat, text)
            return asking.open_answer(_chosen(chat, opening), opening)

        place = chat_id or new_chat(text, documents)
        return (await self.begin(owner, place, ask, [opening]))[0]

    async def retry(
        self, owner: str, chat_id: str, answer_id: str, model_id: str, settings: ChatSettings
    ) -> LiveTurn:
        """Answer the same question once more, as a sibling of `answer_id`; nothing is replaced.
        Raises as `send`."""
        opening = self.opening(model_id, settings)

        def ask_again(chat: Conversation) -> Conversation:
            chat = asking.before_answer(chat, answer_id)
            return asking.open_answer(_chosen(chat, opening), opening)

        return (await self.begin(owner, chat_id, ask_again, [opening]))[0]

    async def continue_answer(
        self, owner: str, chat_id: str, answer_id: str, model_id: str, settings: ChatSettings
    ) -> LiveTurn:
        """Go on with an answer that was stopped or cut off: a sibling that begins with all there
        is of it, and whose measures are those of the new part. Raises as `send`."""
        old = await self._stores.of(owner).load(chat_id)
        partial = asking.an_answer(old, answer_id)
        if partial.is_open:
            raise RejectedInput("already_answering")
        if not partial.content:
            return await self.retry(owner, chat_id, answer_id, model_id, settings)
        asked = old.message(partial.parent or "")
        if asked is None:
            raise ChatNotFound(answer_id)
        opening = replace(self.opening(model_id, settings), asked=asking.go_on(asked, partial))

        def go_on(chat: Conversation) -> Conversation:
            chat = _chosen(asking.before_answer(chat, answer_id), opening)
            return asking.open_answer(
                chat,
                opening,
                partial.content,
                continues=answer_id,
                passages=partial.answer.passages if partial.answer else (),
                web_sources=partial.answer.web_sources if partial.answer else (),
            )

        return (await self.begin(owner, chat_id, go_on, [opening]))[0]

    async def begin(
        self,
        owner: str,
        chat: str | Conversation,
        change: Change,
        openings: Sequence[Opening],
    ) -> tuple[LiveTurn, ...]:
        """Save a change that puts open answers into a chat (by its id, or a new one), and make
        them. On return all of it is on disk. Raises as `send`."""
        self._reserve(owner, len(openings))
        places = {opening.answer: owner for opening in openings}
        self._opening |= places
        try:
            store = self._stores.of(owner)
            if isinstance(chat, str):
                saved = await store.update(chat, change)
            else:
                saved = await store.create(change(chat))
            retrievals = Retrievals(
                self._look_up, owner, saved.documents, self._smallest_window(openings)
            )
            return tuple(self._launch(owner, saved, opening, retrievals) for opening in openings)
        finally:
            for answer in places:
                self._opening.pop(answer, None)
            self.changed.bump()

    def _smallest_window(self, openings: Sequence[Opening]) -> int | None:
        known = (self.calibration.window(opening.model) for opening in openings)
        return min(filter(None, known), default=None)

    def opening(self, model_id: str, settings: ChatSettings) -> Opening:
        """An answer to be made by this model with these settings, for `begin`. Raises
        RejectedInput."""
        model = accept_model(model_id, self._catalog)
        return Opening(new_message_id(), model, accept_settings(settings, self._catalog.limits))

    def _reserve(self, owner: str, count: int) -> None:
        """Without logins there is one owner, "", who shares with no other user."""
        share, most = self._catalog.limits.share, self._catalog.limits.running_answers
        owners = [*(turn.owner for turn in self._live.values()), *self._opening.values()]
        if owner and owners.count(owner) + count > share:
            raise RejectedInput("too_many_own_answers", limit=str(share))
        if len(owners) + count > most:
            raise RejectedInput("too_many_answers", limit=str(most))

    def _launch(
        self, owner: str, chat: Conversation, opening: Opening, retrievals: Retrievals
    ) -> LiveTurn:
        path = chat.path(opening.answer)
        masked = chat.comparison is not None and chat.comparison.is_hidden
        turn = LiveTurn(owner, chat.id, path[-1], slot=opening.slot, masked=masked)
        prompt = self._prompt(chat, path[:-1], opening, turn.answer.passages)
        # What is asked in the question's place goes on from passages that were given before.
        retrieval = None if opening.asked else retrievals.of(path[-2].content)
        self._live[turn.id] = turn
        running = self._run(turn, prompt, retrieval)
        self._tasks[turn.id] = asyncio.create_task(running, name=f"turn {turn.id}")
        self.changed.bump()
        return turn

    def _prompt(
        self,
        chat: Conversation,
        path: Sequence[Message],
        opening: Opening,
        passages: Sequence[UsedPassage],
    ) -> Prompt:
        asked = (*path[:-1], *opening.asked) if opening.asked else path
        model, settings = opening.model, opening.settings
        known = self.calibration
        documents = DocumentContext(tuple(passages)) if passages else None
        return build_prompt(model, asked, settings, chat.summaries, known, documents=documents)

    async def _run(self, turn: LiveTurn, prompt: Prompt, retrieval: Retrieval | None) -> None:
        store = self._stores.of(turn.owner)
        try:
            await run_turn(turn, prompt, self._stream, store, self.calibration, retrieval)
        except Exception:
            log.exception("a turn ended by an error of ours")
        finally:
            self._live.pop(turn.id, None)
            self._tasks.pop(turn.id, None)
            turn.end()
            self.changed.bump()
            for hear in self._when_ended:
                hear(turn)
        if turn.answer.outcome is Outcome.COMPLETE:
            self.titles.improve(turn.owner, turn.chat_id, turn.id, prompt.request.model)
            self.summaries.consider(turn.owner, turn.chat_id, turn.id, prompt.request.model)

    def get(self, owner: str, turn_id: str) -> LiveTurn | None:
        """The running turn, if it runs and belongs to the owner."""
        turn = self._live.get(turn_id)
        return turn if turn and turn.owner == owner else None

    def of_chat(self, owner: str, chat_id: str) -> tuple[LiveTurn, ...]:
        """The turns that run in a chat, oldest first."""
        return tuple(t for t in self._live.values() if t.owner == owner and t.chat_id == chat_id)

    def running(self, owner: str) -> tuple[RunningTurn, ...]:
        """The owner's running turns, oldest first."""
        return tuple(RunningTurn(t.id, t.chat_id) for t in self._live.values() if t.owner == owner)

    def is_live(self, message_id: str) -> bool:
        """Whether a turn of this process is writing the message, or about to."""
        return message_id in self._live or message_id in self._opening

    async def begun(self, message_ids: Collection[str]) -> None:
        """Wait while one of these answers is on its way to disk: it runs after that, or its file
        could not be written."""
        while not self._opening.keys().isdisjoint(message_ids):
            await self.changed.after(self.changed.version)

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
        turns = self.of_chat(owner, chat_id)
        await asyncio.gather(*(self.stop(owner, turn.id) for turn in turns))

    async def shut_down(self) -> None:
        """Save every running answer as interrupted; called once, when the server ends."""
        self._when_ended.clear()
        for turn in self._live.values():
            turn.interrupt()
        await self.titles.shut_down()
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()))
        await self.summaries.shut_down()


def new_chat(text: str, documents: DocumentUse | None = None) -> Conversation:
    """An empty chat with a title made from its first message."""
    return Conversation(
        id=new_chat_id(),
        title=first_title(text),
        created=now(),
        updated=now(),
        documents=documents or DocumentUse(),
    )


def _chosen(chat: Conversation, opening: Opening) -> Conversation:
    """The chat with the model and settings it is asked with."""
    return replace(chat, model=opening.model.id, settings=opening.settings)
