"""A replay as a value: what is asked again, of whom, and how far that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.catalog import Model
from core.comparison import Comparison, Mode
from core.conversation import Answer, ChatSettings, Conversation, Message, Outcome
from core.errors import ChatNotFound, ErrorCard, RejectedInput
from engine.rounds import exchanges, newest

State = Literal["running", "done", "failed", "stopped"]
_ENDS: dict[Outcome, State] = {Outcome.COMPLETE: "running", Outcome.FAILED: "failed"}


@dataclass(frozen=True)
class Track:
    """One model on its way through old questions.

    `old_answers` are what was answered to each of them, `old_leaf` is the end of the path they are
    on. `answers` are the new ones so far, of which `done` are complete, and `branch` ends at the
    newest. `leads`: the chosen path of the chat goes along. `in_lane`: a lane of the comparison
    goes along. `in_place`: each answer stands beside the old one and is given the same history.
    `under` is the answer that the next question follows.
    """

    model: Model
    settings: ChatSettings
    questions: tuple[Message, ...]
    old_answers: tuple[str | None, ...]
    old_leaf: str
    leads: bool = True
    in_lane: bool = False
    in_place: bool = False
    under: str | None = None
    answers: tuple[str, ...] = ()
    done: int = 0
    branch: str = ""
    state: State = "running"
    error: ErrorCard | None = None

    @property
    def newest(self) -> str | None:
        """Its newest answer."""
        return self.answers[-1] if self.answers else None


@dataclass(frozen=True)
class Replay:
    """How far a replay is. `shared`: all tracks go on from the answers of the first that goes."""

    id: str
    owner: str
    chat: str
    tracks: tuple[Track, ...]
    shared: bool = False
    mode: Mode = "parallel"

    @property
    def going(self) -> tuple[Track, ...]:
        """The tracks that have not ended."""
        return tuple(track for track in self.tracks if track.state == "running")

    @property
    def state(self) -> State:
        """`failed` where any track did, `done` where all are through."""
        states = {track.state for track in self.tracks}
        order: tuple[State, ...] = ("running", "failed", "stopped")
        return next((state for state in order if state in states), "done")

    @property
    def answers(self) -> frozenset[str]:
        """Every answer it has made or is making."""
        return frozenset(answer for track in self.tracks for answer in track.answers)

    @property
    def done(self) -> int:
        """Complete answers so far."""
        return sum(track.done for track in self.tracks)

    @property
    def total(self) -> int:
        """Answers to be made in all."""
        return sum(len(track.questions) for track in self.tracks)

    @property
    def error(self) -> ErrorCard | None:
        """Why the first track that failed did."""
        return next((track.error for track in self.tracks if track.error), None)

    def put(self, changed: Sequence[Track]) -> Replay:
        """Replace tracks by those of the same model."""
        by_model = {track.model.id: track for track in changed}
        tracks = tuple(by_model.get(track.model.id, track) for track in self.tracks)
        return replace(self, tracks=tracks)

    def settled(self, answers: Sequence[Answer]) -> Replay:
        """After a round that the going tracks ended with these answers: who goes on, and where."""
        ended = [_ended(t, a) for t, a in zip(self.going, answers, strict=True)]
        after = self.put(ended)
        if not self.shared or not after.going:
            return after
        leader = after.going[0]
        return after.put([replace(t, under=leader.newest, leads=t is leader) for t in after.going])

    def ended(self, state: State, error: ErrorCard | None = None) -> Replay:
        """All that still went has ended like this."""
        return self.put([replace(track, state=state, error=error) for track in self.going])


def path_track(chat: Conversation, leaf: str | None, model: Model, settings: ChatSettings) -> Track:
    """The questions of the path to `leaf`, for one model. Raises ChatNotFound, RejectedInput."""
    _not_blind(chat.comparison)
    if leaf is None or chat.message(leaf) is None:
        raise RejectedInput("replay_empty") if leaf is None else ChatNotFound(leaf)
    return _track(_on_path(chat.path(leaf)), leaf, model, settings)


def lane_tracks(
    chat: Conversation, models: Sequence[Model], settings: ChatSettings
) -> tuple[Track, ...]:
    """A track for each of the models whose lane is to be asked again: the primary's first, then
    the secondary's, who leads where the primary fails. Raises RejectedInput."""
    comparison = comparison_of(chat)
    lanes = [lane for model in models if (lane := comparison.lane(model.id))]
    ranks = ("primary", "secondary", "comparison")
    by_id = {model.id: model for model in models}
    tracks: list[Track] = []
    for lane in sorted(lanes, key=lambda lane: ranks.index(lane.role)):
        said = exchanges(chat, comparison, lane)
        leaf = newest(chat, comparison, lane)
        if said and leaf:
            asked = [(each.question, each.answer.id if each.answer else None) for each in said]
            track = _track(asked, leaf, by_id[lane.model], settings)
            tracks.append(replace(track, leads=not tracks, in_lane=True))
    if not tracks:
        raise RejectedInput("replay_empty")
    return tuple(tracks)


def added_tracks(
    chat: Conversation, models: Sequence[Model], settings: ChatSettings
) -> tuple[Track, ...]:
    """A track for each model that is to answer what the primary was asked, in a lane of its own.
    Raises RejectedInput."""
    comparison = comparison_of(chat)
    primary = comparison.primary
    leaf = newest(chat, comparison, primary) if primary else None
    if leaf is None:
        raise RejectedInput("replay_empty")
    asked = _on_path(chat.path(leaf))
    in_place = comparison.context == "shared"
    return tuple(
        replace(_track(asked, leaf, model, settings), leads=False, in_lane=True, in_place=in_place)
        for model in models
    )


def comparison_of(chat: Conversation) -> Comparison:
    """The comparison of a chat. Raises RejectedInput where it has none, or is still blind."""
    _not_blind(chat.comparison)
    if chat.comparison is None or not chat.comparison.shown:
        raise RejectedInput("replay_no_lanes")
    return chat.comparison


def _not_blind(comparison: Comparison | None) -> None:
    """A branch is named after its model, which would give a blind pair away."""
    if comparison and comparison.is_hidden:
        raise RejectedInput("replay_blind")


_Asked = Sequence[tuple[Message, str | None]]


def _on_path(path: Sequence[Message]) -> _Asked:
    """The questions of a path, each with the answer that follows it, if one does."""
    following = (*path[1:], None)
    return [
        (message, after.id if after and after.role == "assistant" else None)
        for message, after in zip(path, following, strict=True)
        if message.role == "user"
    ]


def _track(asked: _Asked, leaf: str, model: Model, settings: ChatSettings) -> Track:
    if not asked:
        raise RejectedInput("replay_empty")
    questions, old = zip(*asked, strict=True)
    return Track(model, settings, questions, old, leaf)


def _ended(track: Track, answer: Answer) -> Track:
    """The track after its newest answer ended."""
    state = _ENDS.get(answer.outcome, "stopped")
    if state != "running":
        return replace(track, state=state, error=answer.error)
    done = track.done + 1
    through = done == len(track.questions)
    return replace(track, done=done, under=track.newest, state="done" if through else "running")
