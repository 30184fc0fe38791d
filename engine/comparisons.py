"""Several models beside each other in one chat: asking them, and what happens to their lanes."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from core.comparison import Comparison, Context, Lane, Mode, Role, Vote
from core.conversation import ChatSettings, Conversation, Message
from core.documents import DocumentUse
from core.errors import ChatNotFound, RejectedInput
from engine import compared, fusing, lane_versions, lanes, leading, rounds
from engine.asking import Opening, beside, go_on, message_of
from engine.current_catalog import CatalogView
from engine.estimate import Estimate, LaneEstimate, estimate_answer
from engine.identity import new_message_id, now
from engine.limits import accept_choice, accept_message, accept_model, accept_models
from engine.live import LiveTurn
from engine.signal import ChatSignal
from engine.slots import Slots
from engine.turns import Turns, new_chat
from storage.protocol import Change, Stores

Keep = Callable[[Conversation], Awaitable[object]]
"""Puts the vote of a chat where it outlasts the chat."""

_sample: Callable[[Sequence[str], int], list[str]] = secrets.SystemRandom().sample


@dataclass(frozen=True, slots=True)
class Started:
    """A round that is being answered: the chat's id, and a turn for each lane, from the left."""

    chat: str
    turns: tuple[LiveTurn, ...]


class Comparisons:
    """Asks the lanes of a chat. Every call names the owner, and raises RejectedInput, ChatNotFound,
    ChatReadOnly and StorageError. A lane is named by its model's id. `changed` grows when lanes
    stand otherwise without having been asked: running answers are told of by the turns."""

    def __init__(self, catalog: CatalogView, stores: Stores, turns: Turns) -> None:
        self._catalog = catalog
        self._stores = stores
        self._turns = turns
        self._slots = Slots()
        self._voting = asyncio.Lock()
        self.changed = ChatSignal()

    async def send(
        self,
        owner: str,
        chat_id: str | None,
        text: str,
        models: Sequence[str],
        context: Context,
        mode: Mode,
        blind: bool,
        settings: ChatSettings,
        documents: DocumentUse | None = None,
    ) -> Started:
        """Ask these models, from left to right, in a chat (None: a new one, which uses
        `documents`); its other lanes are put out of sight. On return question and open answers are
        on disk.

        `blind` draws two of the models, however many there are, in a chat without messages; their
        names stay hidden until the vote, and until then these two are asked, whatever `models`
        says.
        """
        text = accept_message(text, self._catalog.limits)
        store = self._stores.of(owner)
        loaded = await store.load(chat_id) if chat_id else new_chat(text, documents)
        planned = self._planned(loaded, models, context, mode, blind)
        asked = [lane.model for lane in planned.shown]
        openings = [self._opening(model, settings, planned, loaded.id) for model in asked]

        def ask(chat: Conversation) -> Conversation:
            plan = planned
            if chat.comparison != loaded.comparison:
                plan = self._planned(chat, models, context, mode, blind)
            if [lane.model for lane in plan.shown] != asked:
                raise RejectedInput("already_answering")
            chat = leading.with_model(replace(chat, comparison=plan, settings=settings))
            return rounds.ask(chat, text, openings, self._price)

        place = loaded.id if chat_id else loaded
        return Started(loaded.id, await self._turns.begin(owner, place, ask, openings))

    async def ask_lanes(
        self, owner: str, chat_id: str, text: str, models: Sequence[str]
    ) -> Started:
        """Ask some lanes of a chat as they stand, with the chat's settings; the others are left
        alone."""
        text = accept_message(text, self._catalog.limits)
        loaded = await self._stores.of(owner).load(chat_id)
        comparison = loaded.comparison or Comparison()
        openings = [self._opening(m, loaded.settings, comparison, chat_id) for m in models]

        def ask(chat: Conversation) -> Conversation:
            return rounds.ask(chat, text, openings, self._price)

        return Started(chat_id, await self._turns.begin(owner, chat_id, ask, openings))

    async def keep(
        self, owner: str, chat_id: str, models: Sequence[str], context: Context, mode: Mode
    ) -> None:
        """Keep what was chosen for the next question, without asking one. The models of a blind
        round stay what they are."""
        _accept_switches(context, mode)
        most = self._catalog.limits.compare_lanes

        def put(chat: Conversation) -> Conversation:
            old = chat.comparison or Comparison()
            kept = replace(old, context=context, mode=mode)
            if not old.is_hidden:
                known = [lane.model for lane in old.lanes]
                accept_models(models, self._catalog, least=0, most=most, known=known)
                kept = lanes.arrange(kept, models)
            empty = chat.comparison is None and not models
            return chat if empty or kept == chat.comparison else replace(chat, comparison=kept)

        await self._change(owner, chat_id, put)

    async def change_lane(
        self,
        owner: str,
        chat_id: str,
        model: str,
        *,
        role: Role | None = None,
        shown: bool | None = None,
        wide: bool | None = None,
        move: int = 0,
    ) -> None:
        """Change how a lane stands; `move` is by how many places to the right, negative to the
        left. The chosen path follows the primary. Before the vote of a blind round a lane can
        only be widened."""
        if role is not None:
            accept_choice("role", role, get_args(Role))

        def change(chat: Conversation) -> Conversation:
            old, lane = rounds.lane_of(chat, model)
            if old.is_hidden and (role is not None or shown is not None or move):
                raise RejectedInput("vote_first")
            new = old if wide is None else old.put(replace(lane, wide=wide))
            if shown is not None and shown != lane.shown:
                new = self._show(new, model, shown)
            if role is not None:
                new = lanes.give_role(new, new.lane(model) or lane, role)
            return leading.led(chat, lanes.move(new, model, move))

        await self._change(owner, chat_id, change)

    async def stand_at(self, owner: str, chat_id: str, model: str, message_id: str) -> None:
        """Have a lane go on from another version of one of its own questions or answers."""

        def stand(chat: Conversation) -> Conversation:
            return lane_versions.stand_at(chat, model, message_id)

        await self._change(owner, chat_id, stand)

    async def retry_lane(
        self, owner: str, chat_id: str, model: str, settings: ChatSettings
    ) -> LiveTurn:
        """Answer the newest question of one lane once more, as a sibling; the others are left
        alone."""
        loaded = await self._stores.of(owner).load(chat_id)
        comparison, _ = rounds.lane_of(loaded, model)
        opening = self._opening(model, settings, comparison, chat_id)

        def ask_again(chat: Conversation) -> Conversation:
            return rounds.ask_again(chat, opening, self._price)

        return (await self._turns.begin(owner, chat_id, ask_again, [opening]))[0]

    async def continue_lane(
        self, owner: str, chat_id: str, model: str, settings: ChatSettings
    ) -> LiveTurn:
        """Go on with the newest answer of one lane that was stopped or cut off: a sibling that
        begins with all there is of it. One without a word is asked again."""
        loaded = await self._stores.of(owner).load(chat_id)
        comparison, _ = rounds.lane_of(loaded, model)
        asked, partial = rounds.last_answered(loaded, model)
        if not partial.content:
            return await self.retry_lane(owner, chat_id, model, settings)
        opening = self._opening(model, settings, comparison, chat_id)
        opening = replace(opening, asked=go_on(asked, partial))

        def continue_it(chat: Conversation) -> Conversation:
            return rounds.continue_answer(chat, opening, partial, self._price)

        return (await self._turns.begin(owner, chat_id, continue_it, [opening]))[0]

    async def continue_with(self, owner: str, chat_id: str, model: str) -> None:
        """Go on from a lane in the chat: the chosen path ends at its newest message, it is the
        primary, and the chat has its model."""

        def choose(chat: Conversation) -> Conversation:
            comparison, lane = rounds.lane_of(chat, model)
            if comparison.is_hidden:
                raise RejectedInput("vote_first")
            return leading.go_on_with(chat, comparison, lane)

        await self._change(owner, chat_id, choose)

    async def fuse(
        self, owner: str, chat_id: str, model_id: str, settings: ChatSettings
    ) -> LiveTurn:
        """Have a model write one answer from those of the newest round, as a sibling of the
        primary's that names its sources; the model itself sees no names. The chosen path stays."""
        chat = await self._stores.of(owner).load(chat_id)
        comparison = chat.comparison or Comparison()
        if comparison.is_hidden:
            raise RejectedInput("vote_first")
        round_ = compared.to_fuse(chat)
        question, drafts = round_.question, round_.said
        opening = self._opening(model_id, settings, comparison, chat_id)
        opening = replace(opening, asked=(fusing.request(question, drafts),))

        def put(chat: Conversation) -> Conversation:
            if chat.message(question.id) is None:
                raise ChatNotFound(question.id)
            path = (*chat.path(question.id)[:-1], *opening.asked)
            message = message_of(
                chat,
                opening,
                question.id,
                sources=tuple(draft.id for draft in drafts),
                estimated_cost_usd=self._price(chat, opening, path),
                passages=fusing.passages(drafts),
            )
            return beside(chat, message)

        return (await self._turns.begin(owner, chat_id, put, [opening]))[0]

    async def vote(self, owner: str, chat_id: str, vote: Vote, keep: Keep) -> Conversation:
        """Say which side of a blind comparison is better, once, when both have answered; the names
        are no longer hidden.

        `keep` is given the chat as it will be, and keeps the vote before the chat does: where one
        of the two fails, names stay hidden and the vote can be given again.
        """
        accept_choice("vote", vote, get_args(Vote))
        async with self._voting:
            chat = await self._stores.of(owner).load(chat_id)
            marked = compared.mark(chat, vote)
            compared.to_vote(chat)
            await keep(marked)
            return await self._change(owner, chat_id, lambda newer: compared.mark(newer, vote))

    async def estimate(
        self,
        owner: str,
        chat_id: str | None,
        text: str,
        models: Sequence[str],
        context: Context,
        settings: ChatSettings,
        documents: DocumentUse | None = None,
    ) -> Estimate:
        """What asking these models would send and probably cost; nothing is written. A new chat
        uses `documents`."""
        store = self._stores.of(owner)
        chat = await store.load(chat_id) if chat_id else new_chat(text, documents)
        kept = replace(chat.comparison or Comparison(), context=context)
        arranged = kept if kept.is_hidden else lanes.arrange(kept, models)
        chat = replace(chat, comparison=arranged)
        question = Message(new_message_id(), None, "user", text, now())
        places = rounds.place_of(chat, [lane.model for lane in arranged.shown])
        return Estimate(
            tuple(
                self._estimated(chat, model, (*_path(chat, place), question), settings)
                for model, place in places.items()
            )
        )

    async def _change(self, owner: str, chat_id: str, change: Change) -> Conversation:
        changed = await self._stores.of(owner).update(chat_id, change)
        self.changed.tell(owner, chat_id, changed.rev)
        return changed

    def _planned(
        self, chat: Conversation, models: Sequence[str], context: Context, mode: Mode, blind: bool
    ) -> Comparison:
        """How the lanes stand for the next question."""
        _accept_switches(context, mode)
        old = replace(chat.comparison or Comparison(), context=context, mode=mode)
        if old.is_hidden:
            return old
        catalog = self._catalog
        if not blind:
            accept_models(models, catalog, most=catalog.limits.compare_lanes)
            return lanes.arrange(old, models)
        accept_models(models, catalog)
        if chat.messages:
            raise RejectedInput("blind_needs_new_chat")
        return lanes.draw(Comparison(context=context, mode=mode), models, _sample)

    def _show(self, comparison: Comparison, model: str, shown: bool) -> Comparison:
        changed = comparison.put(replace(comparison.lane(model) or Lane(model), shown=shown))
        if not changed.shown:
            raise RejectedInput("last_lane")
        most = self._catalog.limits.compare_lanes
        if shown and len(changed.shown) > most:
            raise RejectedInput("too_many_models", count=str(len(changed.shown)), limit=str(most))
        return lanes.settle(changed)

    def _opening(
        self, model: str, settings: ChatSettings, comparison: Comparison, chat_id: str
    ) -> Opening:
        if comparison.is_hidden and self._catalog.model(model) is None:
            raise RejectedInput("side_gone")  # which one would be told by its name
        opening = self._turns.opening(model, settings)
        return replace(opening, slot=self._slots.of(comparison.mode, chat_id, opening.model))

    def _price(self, chat: Conversation, opening: Opening, path: Sequence[Message]) -> float | None:
        return self._estimated(chat, opening.model.id, path, opening.settings).cost_usd

    def _estimated(
        self, chat: Conversation, model_id: str, path: Sequence[Message], settings: ChatSettings
    ) -> LaneEstimate:
        model = accept_model(model_id, self._catalog)
        known, rules = self._turns.calibration, self._catalog.documents
        return estimate_answer(chat, path, model, settings, known, rules)


def _accept_switches(context: Context, mode: Mode) -> None:
    accept_choice("context", context, get_args(Context))
    accept_choice("mode", mode, get_args(Mode))


def _path(chat: Conversation, place: str | None) -> tuple[Message, ...]:
    return chat.path(place) if place else ()
