"""Which part of a chat is summarised next: a pure choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.catalog import Model
from core.conversation import ChatSettings, Message, Summary
from engine.calibration import Calibration
from engine.context import gauge, in_effect, window_of
from engine.counting import count

_KEPT_SHARE = 2
_LEAST_SHARE = 6
_LENGTH_SHARE = 8
_LENGTHS = (64, 1024)


@dataclass(frozen=True, slots=True)
class Range:
    """The messages from the root to an answer: `messages` are those that `previous`, the summary
    so far, does not stand for. The new summary has `longest` tokens at most."""

    first: str
    last: str
    count: int
    messages: tuple[Message, ...]
    previous: str
    longest: int


def next_range(
    model: Model,
    path: Sequence[Message],
    settings: ChatSettings,
    summaries: Sequence[Summary],
    calibration: Calibration,
    threshold: float,
) -> Range | None:
    """What to summarise after `path`, which ends in an answer of `model`; None while its window is
    less than `threshold` full, where the person has undone the newest summary, or where too little
    would be gained. About half of the window stays as it was said."""
    measured = gauge(model, path, settings, summaries, calibration)
    room = window_of(model, settings, calibration).room
    if room is None or measured.fraction is None or measured.fraction < threshold:
        return None
    previous = in_effect(path, summaries)
    if _is_unwanted(path, summaries, previous):
        return None
    free = room - measured.system
    start = _place(path, previous.last) + 1 if previous else 0
    end = _end(model, path, start, settings, calibration, free)
    if end is None:
        return None
    low, high = _LENGTHS
    return Range(
        first=path[0].id,
        last=path[end].id,
        count=end + 1,
        messages=tuple(path[start : end + 1]),
        previous=previous.text if previous else "",
        longest=max(low, min(high, free // _LENGTH_SHARE)),
    )


def _is_unwanted(
    path: Sequence[Message], summaries: Sequence[Summary], used: Summary | None
) -> bool:
    """Whether a later summary than the one in use stands here, undone."""
    ids = {message.id for message in path}
    reached = _place(path, used.last) if used else -1
    undone = (one for one in summaries if one.off and one.last in ids)
    return any(_place(path, one.last) > reached for one in undone)


def _end(
    model: Model,
    path: Sequence[Message],
    start: int,
    settings: ChatSettings,
    calibration: Calibration,
    free: int,
) -> int | None:
    """The place of the answer the range ends with: the newest messages behind it fill half."""
    pieces = count(model, path, settings.system, (), calibration).by_id()
    tokens = [pieces[m.id].tokens if m.id in pieces else 0 for m in path]
    end, kept = len(path) - 2, sum(tokens[-2:])
    while end > start and kept + tokens[end - 1] <= free // _KEPT_SHARE:
        end -= 1
        kept += tokens[end]
    end -= 1
    while end >= start and not (path[end].role == "assistant" and path[end].content):
        end -= 1
    gained = sum(tokens[start : end + 1])
    return end if end >= start and gained >= free // _LEAST_SHARE else None


def _place(path: Sequence[Message], message_id: str) -> int:
    return next(place for place, message in enumerate(path) if message.id == message_id)
