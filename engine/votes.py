"""Votes of blind comparisons, a line of JSON each in `data/votes.jsonl` (docs/leaderboard.md)."""

from __future__ import annotations

import asyncio
import json
import math
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

from core.comparison import Lane, Vote
from core.conversation import Answer, Conversation
from core.errors import StorageError
from engine import identity
from storage import disk
from storage.home import Home

_VOTES: tuple[Vote, ...] = get_args(Vote)
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True)
class Measures:
    """What the last answer of a side took; None where unknown. Times in seconds, cost in USD."""

    tokens_per_s: float | None = None
    cost_usd: float | None = None
    first_token_s: float | None = None
    duration_s: float | None = None


@dataclass(frozen=True)
class Side:
    """One side of a blind comparison."""

    model: str
    measures: Measures = Measures()


@dataclass(frozen=True)
class BlindVote:
    """What a person preferred before the names were shown. `turns` counts the questions asked,
    `time` is ISO 8601 in UTC."""

    left: Side
    right: Side
    vote: Vote
    turns: int = 1
    chat: str = ""
    owner: str = ""
    time: str = ""


@dataclass(frozen=True)
class Ballots:
    """The votes of one owner, oldest first, and the numbers of the lines nobody can read."""

    votes: tuple[BlindVote, ...] = ()
    broken: tuple[int, ...] = ()


class Votes:
    """All votes of this installation; every call names the owner."""

    def __init__(self, data: Path) -> None:
        self._data = Home(data)
        self._path = data / "votes.jsonl"
        self._lock = threading.Lock()

    async def add(self, owner: str, conversation: Conversation) -> BlindVote:
        """Keep the vote of a blind comparison; on return it has reached the disk. A chat has one
        vote: the newest of its lines.

        Raises ValueError where the chat holds no vote of two sides, StorageError.
        """
        vote = _vote_of(owner, conversation)
        await asyncio.to_thread(self._append, _line(vote))
        return vote

    async def all(self, owner: str) -> Ballots:
        """The owner's votes; a line that cannot be read is passed over and named by its number.
        Raises StorageError."""
        return await asyncio.to_thread(self._read, owner)

    def _append(self, line: bytes) -> None:
        with self._lock, self._refusals("votes_unwritable"):
            self._data.make()
            is_new = not self._path.exists()
            descriptor = os.open(self._path, _FLAGS | _NO_FOLLOW, 0o600)
            with os.fdopen(descriptor, "ab") as file:
                file.write(b"" if self._ends_whole() else b"\n")
                file.write(line)
                file.flush()
                os.fsync(descriptor)
            if is_new:
                disk.sync_folder(self._path.parent)

    @contextmanager
    def _refusals(self, kind: str) -> Iterator[None]:
        """Turns what the operating system says into a StorageError that speaks of votes."""
        try:
            yield
        except OSError as error:
            detail = error.strerror or type(error).__name__
            raise StorageError(kind, detail=detail, path=str(self._path)) from error

    def _ends_whole(self) -> bool:
        """Whether the file ends with a line: a crash or a full disk may have cut the last one."""
        with self._path.open("rb") as file:
            if file.seek(0, os.SEEK_END) == 0:
                return True
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"

    def _read(self, owner: str) -> Ballots:
        with self._refusals("votes_unreadable"):
            try:
                data, _ = disk.read(self._path)
            except FileNotFoundError:
                return Ballots()
        votes: list[BlindVote] = []
        broken: list[int] = []
        for number, line in enumerate(data.split(b"\n"), start=1):
            if not line.strip():
                continue
            vote = _parsed(line)
            if vote is None:
                broken.append(number)
            elif vote.owner == owner:
                votes.append(vote)
        return Ballots(_one_a_chat(votes), tuple(broken))


def _one_a_chat(votes: Sequence[BlindVote]) -> tuple[BlindVote, ...]:
    """The votes without those that were given again: the line is written before the chat is, and
    what ends the program between the two leaves a line of a chat that can be voted on again."""
    newest = {vote.chat: vote for vote in votes}
    return tuple(vote for vote in votes if not vote.chat or newest[vote.chat] is vote)


def _vote_of(owner: str, chat: Conversation) -> BlindVote:
    comparison = chat.comparison
    lanes = [comparison.lane(model) for model in comparison.voted] if comparison else []
    sides = [lane for lane in lanes if lane]
    if comparison is None or comparison.vote is None or len(sides) != 2:
        raise ValueError(f"chat {chat.id} holds no vote of two sides")
    left, right = sides
    return BlindVote(
        left=_side(chat, left),
        right=_side(chat, right),
        vote=comparison.vote,
        turns=sum(message.role == "user" for message in chat.path(left.leaf)),
        chat=chat.id,
        owner=owner,
        time=identity.now(),
    )


def _side(chat: Conversation, lane: Lane) -> Side:
    path = chat.path(lane.leaf) if lane.leaf else ()
    newest = next((message.answer for message in reversed(path) if message.answer), None)
    return Side(lane.model, _measures(newest) if newest else Measures())


def _measures(answer: Answer) -> Measures:
    return Measures(
        tokens_per_s=answer.tokens_per_s,
        cost_usd=answer.cost_usd,
        first_token_s=answer.first_token_s,
        duration_s=answer.duration_s,
    )


def _line(vote: BlindVote) -> bytes:
    record: dict[str, Any] = {"time": vote.time}
    if vote.owner:
        record["owner"] = vote.owner
    record |= {
        "chat": vote.chat,
        "left": vote.left.model,
        "right": vote.right.model,
        "vote": vote.vote,
        "turns": vote.turns,
        "sides": {
            name: {"model": side.model, **asdict(side.measures)}
            for name, side in (("left", vote.left), ("right", vote.right))
        },
    }
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"


def _parsed(line: bytes) -> BlindVote | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or record.get("vote") not in _VOTES:
        return None
    left, right = _text(record, "left"), _text(record, "right")
    if not left or not right or left == right:
        return None
    turns = record.get("turns")
    return BlindVote(
        left=Side(left, _read_measures(record, "left")),
        right=Side(right, _read_measures(record, "right")),
        vote=record["vote"],
        turns=turns if type(turns) is int and turns > 0 else 1,
        chat=_text(record, "chat"),
        owner=_text(record, "owner"),
        time=_text(record, "time"),
    )


def _read_measures(record: Mapping[str, Any], side: str) -> Measures:
    sides = record.get("sides")
    found = sides.get(side) if isinstance(sides, dict) else None
    if not isinstance(found, dict):
        return Measures()
    return Measures(**{name: _number(found.get(name)) for name in Measures.__dataclass_fields__})


def _text(record: Mapping[str, Any], key: str) -> str:
    found = record.get(key)
    return found if isinstance(found, str) else ""


def _number(found: object) -> float | None:
    """A measure as somebody may have written it by hand: only a sensible number counts."""
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    try:
        number = float(found)
    except OverflowError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
