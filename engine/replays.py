"""A saved chat asked again, turn by turn, on another model or with other settings."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import replace

from core.conversation import ChatSettings, Conversation
from core.errors import (
    DivanError,
    ErrorCard,
    RejectedInput,
    card_of,
)
from engine.asking import Change, Opening
from engine.current_catalog import CatalogView
from engine.estimate import Estimate
from engine.identity import new_message_id
from engine.limits import accept_model, accept_settings
from engine.live import LiveTurn
from engine.replay_estimate import estimate_replay
from engine.replay_round import Stopped, ask_round
from engine.replaying import Replay, Track, added_tracks, comparison_of, lane_tracks, path_track
from engine.signal import Signal
from engine.slots import Slots
from engine.turns import NO_PLACE, Turns
from storage.protocol import Stores

log = logging.getLogger(__name__)

_MOST_KEPT = 200
_LONGEST_STOP_S = 5.0


class Replays:
    """Runs replays as branches of their chats. Every call names the owner.

    They belong to the server, as turns do: a page that is closed ends nothing. `changed` grows
    whenever one of them comes further.
    """

    def __init__(self, catalog: CatalogView, stores: Stores, turns: Turns) -> None:
        self._catalog = catalog
        self._stores = stores
        self._turns = turns
        self._replays: dict[str, Replay] = {}
        self._live: dict[str, Sequence[LiveTurn]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._stopping: set[str] = set()
        self._going_down = False
        self._slots = Slots()
        self.changed = Signal()

    async def start(
        self,
        owner: str,
        chat_id: str,
        model_id: str,
        settings: ChatSettings | None = None,
        leaf: str | None = None,
    ) -> Replay:
        """Ask every question of the path to `leaf` (None: the chosen one) again, on a branch named
        after the model. On return the first one is on disk and being answered. `settings` None
        are the chat's. Raises RejectedInput, ChatNotFound, ChatReadOnly, StorageError."""
        _, replay = await self._of_path(owner, chat_id, model_id, settings, leaf)
        return await self._start(replay)

    async def start_comparison(
        self,
        owner: str,
        chat_id: str,
        models: Sequence[str] | None = None,
        settings: ChatSettings | None = None,
    ) -> Replay:
        """Ask every lane again on its own model, or new `models` what the primary was asked, each
        in a lane. Raises as `start`."""
        _, replay = await self._of_lanes(owner, chat_id, models, settings)
        return await self._start(replay)

    async def estimate(
        self,
        owner: str,
        chat_id: str,
        model_id: str,
        settings: ChatSettings | None = None,
        leaf: str | None = None,
    ) -> Estimate:
        """What `start` with the same arguments would send and probably cost, all answers together;
        nothing is written. Raises as `start`."""
        return await self._estimated(*await self._of_path(owner, chat_id, model_id, settings, leaf))

    async def estimate_comparison(
        self,
        owner: str,
        chat_id: str,
        models: Sequence[str] | None = None,
        settings: ChatSettings | None = None,
    ) -> Estimate:
        """The same of `start_comparison`."""
        return await self._estimated(*await self._of_lanes(owner, chat_id, models, settings))

    def of(self, owner: str, chat_id: str | None = None) -> tuple[Replay, ...]:
        """The replays of an owner, or of one chat, running or among the latest that ended; newest
        first."""
        own = (replay for replay in self._replays.values() if replay.owner == owner)
        return tuple(replay for replay in own if chat_id in (None, replay.chat))[::-1]

    def get(self, owner: str, replay_id: str) -> Replay | None:
        """The replay, running or one of the latest that ended, if it belongs to the owner."""
        replay = self._replays.get(replay_id)
        return replay if replay and replay.owner == owner else None

    async def stop(self, owner: str, replay_id: str) -> Replay | None:
        """End a replay and wait until what came is saved, on a disk that refuses for a moment only;
        one that has ended is no error."""
        replay = self.get(owner, replay_id)
        task = self._tasks.get(replay_id)
        if replay and task:
            self._stopping.add(replay_id)
            for turn in self._live.get(replay_id, ()):
                turn.stop()
            # A replay may be waiting for another answer to end: it looks up when anything changes.
            self._turns.changed.bump()
            await asyncio.wait([task], timeout=_LONGEST_STOP_S)
        return self.get(owner, replay_id)

    async def shut_down(self) -> None:
        """Begin no further answer, and save those that run as interrupted; to be called before
        `Turns.shut_down`, when the server ends."""
        self._going_down = True
        for turn in [turn for turns in self._live.values() for turn in turns]:
            turn.interrupt()
        self._turns.changed.bump()
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def _of_path(
        self,
        owner: str,
        chat_id: str,
        model_id: str,
        settings: ChatSettings | None,
        leaf: str | None,
    ) -> tuple[Conversation, Replay]:
        """The chat, and the replay of one of its paths before it begins."""
        model = accept_model(model_id, self._catalog)
        chat = await self._stores.of(owner).load(chat_id)
        settings = accept_settings(settings or chat.settings, self._catalog.limits)
        leaf = self._origin(owner, chat, leaf or chat.leaf)
        track = path_track(chat, leaf, model, settings)
        return chat, Replay(new_message_id(), owner, chat_id, (track,))

    async def _of_lanes(
        self,
        owner: str,
        chat_id: str,
        models: Sequence[str] | None,
        settings: ChatSettings | None,
    ) -> tuple[Conversation, Replay]:
        """The chat, and the replay of its comparison before it begins."""
        chat = await self._stores.of(owner).load(chat_id)
        settings = accept_settings(settings or chat.settings, self._catalog.limits)
        comparison = comparison_of(chat)
        shown = [lane.model for lane in comparison.shown]
        if models:
            self._room_for({*shown, *models})
        asked = dict.fromkeys(models or shown)
        wanted = [accept_model(model_id, self._catalog) for model_id in asked]
        tracks = (added_tracks if models else lane_tracks)(chat, wanted, settings)
        shared = not models and comparison.context == "shared"
        replay = Replay(new_message_id(), owner, chat_id, tracks, shared, comparison.mode)
        return chat, replay

    async def _estimated(self, chat: Conversation, replay: Replay) -> Estimate:
        """In a thread: a long chat has a prompt for each of its questions."""
        known, rules = self._turns.calibration, self._catalog.documents
        return await asyncio.to_thread(estimate_replay, chat, replay.tracks, known, rules)

    def _room_for(self, models: Collection[str]) -> None:
        most = self._catalog.limits.compare_lanes
        if len(models) > most:
            raise RejectedInput("too_many_models", count=str(len(models)), limit=str(most))

    def _origin(self, owner: str, chat: Conversation, leaf: str | None) -> str | None:
        """Where a path ends; for one that another replay is still writing, the path it repeats."""
        mine = self.of(owner, chat.id)
        tracks = (track for replay in mine if replay.going for track in replay.tracks)
        return next((track.old_leaf for track in tracks if leaf in track.answers), leaf)

    async def _start(self, replay: Replay) -> Replay:
        """Raises where the first question cannot be asked; nothing is kept then."""
        replay = await self._ask(replay)
        ended = [old for old in self._replays if old not in self._tasks and old != replay.id]
        for old in ended[: len(self._replays) - _MOST_KEPT]:
            del self._replays[old]
        run = self._run(replay)
        self._tasks[replay.id] = asyncio.create_task(run, name=f"replay {replay.id}")
        return replay

    async def _run(self, replay: Replay) -> None:
        try:
            await self._go_on(replay)
        except Exception:
            log.exception("a replay ended by an error of ours")
            ended = self._replays[replay.id].ended("failed", ErrorCard("replay_broken"))
            self._keep(ended)
        finally:
            del self._live[replay.id], self._tasks[replay.id]
            self._stopping.discard(replay.id)

    async def _go_on(self, replay: Replay) -> None:
        """Round after round, until every track has ended."""
        while replay.state == "running":
            turns = self._live[replay.id]
            await asyncio.gather(*(_end_of(turn) for turn in turns))
            replay = self._keep(replay.settled([turn.answer for turn in turns]))
            if replay.going:
                replay = await self._ask_on(replay)

    async def _ask_on(self, replay: Replay) -> Replay:
        """The next round, or the end where it cannot be asked."""
        try:
            return await self._ask(replay)
        except Stopped:
            return self._keep(replay.ended("stopped"))
        except DivanError as error:
            return self._keep(replay.ended("failed", card_of(error)))

    async def _ask(self, replay: Replay) -> Replay:
        """Put the next round into the chat and have it answered."""
        going = replay.going
        openings = [self._opening(replay, track) for track in going]
        names: dict[str, str] = {}

        def change(chat: Conversation) -> Conversation:
            asked = ask_round(chat, list(zip(going, openings, strict=True)), replay.answers)
            names.update({branch.leaf: branch.name for branch in asked.branches})
            return asked

        self._live[replay.id] = await self._begin(replay, change, openings)
        moved = [
            replace(track, answers=(*track.answers, o.answer), branch=names[o.answer])
            for track, o in zip(going, openings, strict=True)
        ]
        return self._keep(replay.put(moved))

    async def _begin(
        self, replay: Replay, change: Change, openings: Sequence[Opening]
    ) -> Sequence[LiveTurn]:
        """Start the answers. One that has begun waits for a free place rather than fail."""
        while True:
            if self._is_ending(replay):
                raise Stopped(replay.id)
            version = self._turns.changed.version
            try:
                turns = await self._turns.begin(replay.owner, replay.chat, change, openings)
                break
            except RejectedInput as error:
                if error.card.kind not in NO_PLACE or not replay.answers:
                    raise
            await self._turns.changed.after(version)
        for turn in turns if self._is_ending(replay) else ():
            turn.interrupt() if self._going_down else turn.stop()
        return turns

    def _opening(self, replay: Replay, track: Track) -> Opening:
        slot = self._slots.of(replay.mode, replay.chat, track.model)
        return Opening(new_message_id(), track.model, track.settings, slot=slot)

    def _is_ending(self, replay: Replay) -> bool:
        return self._going_down or replay.id in self._stopping

    def _keep(self, replay: Replay) -> Replay:
        self._replays[replay.id] = replay
        self.changed.bump()
        return replay


async def _end_of(turn: LiveTurn) -> None:
    """Until the answer has been saved."""
    while not turn.ended:
        await turn.signal.after(turn.seq)
