"""How many tokens each message of a path is: as the provider counted, else estimated."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.catalog import Model
from core.conversation import Answer, Message, Outcome, Summary
from engine.calibration import Calibration, is_plausible
from engine.metrics import estimate_tokens

TOKENS_A_MESSAGE = 4
_AGREEING = (0.7, 1.5)
_TEMPLATE_TOKENS = 300
_CALLED = "Called {name} with {arguments}; there is no result yet."
SHORTENED = frozenset({"left_out", "cut", "system_cut"})
"""Notices of an answer that did not get the whole conversation."""


@dataclass(frozen=True, slots=True)
class Piece:
    """`count` messages of one role that are sent as one. `rough` is our count, before any
    correction; `tokens` the best we know."""

    role: Literal["user", "assistant"]
    text: str
    rough: int
    tokens: int
    count: int = 1


@dataclass(frozen=True, slots=True)
class Count:
    """A path counted: a piece for each message that has text, and what one rough token is.

    `counted` says that a provider's own number stands behind the messages up to its last answer;
    `factor` is what that number makes of our estimate for them.
    """

    pieces: tuple[Piece, ...]
    ids: tuple[str, ...]
    ratio: float
    factor: float = 1.0
    counted: bool = False

    def by_id(self) -> Mapping[str, Piece]:
        """The piece of each message that has text."""
        return dict(zip(self.ids, self.pieces, strict=True))


def rough(text: str) -> int:
    """Our own count for a message that is sent."""
    return estimate_tokens(text) + TOKENS_A_MESSAGE


def count(
    model: Model,
    path: Sequence[Message],
    system: str,
    summaries: Sequence[Summary],
    calibration: Calibration,
) -> Count:
    """The tokens of every message of the path for this model."""
    ratio = calibration.ratio(model.id)
    spoken = [message for message in path if _sent_text(message)]
    pieces = [_piece(message, model.id, ratio) for message in spoken]
    ids = tuple(message.id for message in spoken)
    at = _last_counted(spoken, model.id, summaries)
    if at is None:
        return Count(tuple(pieces), ids, ratio)
    counted = _input_tokens(spoken[at])
    estimated = math.ceil(rough(system) * ratio if system else 0)
    estimated += sum(piece.tokens for piece in pieces[:at])
    if not _agrees(estimated, counted):
        return Count(tuple(pieces), ids, ratio)
    factor = counted / estimated
    for place in range(at):
        pieces[place] = replace(pieces[place], tokens=math.ceil(pieces[place].tokens * factor))
    return Count(tuple(pieces), ids, ratio, factor, counted=True)


def _sent_text(message: Message) -> str:
    """What a model gets of a message. An answer of calls alone is put into words: formats refuse a
    call without its result, and without the answer its questions would run together."""
    if message.content:
        return message.content
    called = (
        _CALLED.format(name=c.name, arguments=c.arguments or "{}") for c in message.tool_calls
    )
    return "\n".join(called)


def join(pieces: Iterable[Piece]) -> list[Piece]:
    """Neighbours of one role joined, because some models insist on taking turns."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].role == piece.role:
            joined[-1] = _both(joined[-1], piece)
        else:
            joined.append(piece)
    return joined


def _both(first: Piece, second: Piece) -> Piece:
    return Piece(
        first.role,
        f"{first.text}\n\n{second.text}",
        first.rough + second.rough,
        first.tokens + second.tokens,
        first.count + second.count,
    )


def _piece(message: Message, model_id: str, ratio: float) -> Piece:
    text = _sent_text(message)
    estimate = rough(text)
    written = _written(message.answer, message.reasoning) if message.answer else None
    own = message.answer is not None and message.answer.model == model_id
    tokens = math.ceil(estimate * ratio)
    if own and written and is_plausible(estimate, written):
        tokens = written + TOKENS_A_MESSAGE
    return Piece(message.role, text, estimate, tokens)


def _written(answer: Answer, reasoning: str) -> int | None:
    """Tokens of an answer's text alone, where the provider's count says so."""
    usage = answer.usage
    unclear = reasoning and usage.reasoning_tokens is None
    if answer.usage_estimated or answer.continues or unclear or not usage.output_tokens:
        return None
    return usage.output_tokens - (usage.reasoning_tokens or 0)


def _agrees(estimated: int, counted: int) -> bool:
    """Whether a provider's number can stand for this prompt: with another system prompt, say, it
    was asked something else. Chat templates add a little of their own."""
    low, high = _AGREEING
    least, most = low * estimated, max(high * estimated, estimated + _TEMPLATE_TOKENS)
    return estimated > 0 and least <= counted <= most


def _last_counted(
    path: Sequence[Message], model_id: str, summaries: Sequence[Summary]
) -> int | None:
    """The place of the newest answer of this model whose prompt was all that stands before it."""
    ids = {message.id for message in path}
    made = [summary.created for summary in summaries if summary.last in ids]
    first_summary = min(made, default=None)
    for place in range(len(path) - 1, 0, -1):
        answer = path[place].answer
        if answer and answer.model == model_id and _was_whole(answer, first_summary):
            return place
    return None


def _was_whole(answer: Answer, first_summary: str | None) -> bool:
    summarised = first_summary is not None and answer.started >= first_summary
    shortened = any(notice.key in SHORTENED for notice in answer.notices)
    other = (
        bool(answer.continues or answer.sources or answer.passages)
        or answer.outcome is not Outcome.COMPLETE
    )
    counted = bool(answer.usage.input_tokens) and not answer.usage_estimated
    return counted and not (summarised or shortened or other)


def _input_tokens(message: Message) -> int:
    answer = message.answer
    return (answer.usage.input_tokens or 0) if answer else 0
