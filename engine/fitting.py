"""What of a conversation fits into so many tokens."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.counting import TOKENS_A_MESSAGE, Piece, rough
from engine.metrics import estimate_tokens

GAP = "\n\n[…]\n\n"
_BYTES_A_TOKEN = 4
_LEAST = 16


@dataclass(frozen=True, slots=True)
class Fitted:
    """The pieces that are sent, how many older messages are not, and how many sent ones had to be
    cut in their middle."""

    pieces: tuple[Piece, ...]
    left_out: int = 0
    cut: int = 0

    @property
    def tokens(self) -> int:
        return sum(piece.tokens for piece in self.pieces)


def fit(pieces: Sequence[Piece], room: int) -> Fitted:
    """The newest pieces that fit into `room` tokens, beginning with a question. The last one is
    always there, cut in its middle where it alone is too long; so is the exchange before it where
    nothing else would be sent."""
    if not pieces:
        return Fitted(())
    last = shortened(pieces[-1], room)
    start, used = len(pieces) - 1, last.tokens
    while start and used + pieces[start - 1].tokens <= room:
        start -= 1
        used += pieces[start].tokens
    while start < len(pieces) - 1 and pieces[start].role != "user":
        start += 1
    exchange = _exchange(pieces[:start], room - last.tokens) if start == len(pieces) - 1 else ()
    start -= len(exchange)
    kept = (*(exchange or pieces[start:-1]), last)
    cut = sum(sent is not whole for sent, whole in zip(kept, pieces[start:], strict=True))
    return Fitted(kept, sum(piece.count for piece in pieces[:start]), cut)


def _exchange(before: Sequence[Piece], room: int) -> tuple[Piece, ...]:
    """The newest question with its answer, shortened to share the room; nothing where it is too
    small for them."""
    if len(before) < 2 or before[-2].role != "user" or room < _LEAST * 4:
        return ()
    question = shortened(before[-2], room // 4)
    return (question, shortened(before[-1], room - question.tokens))


def shortened(piece: Piece, room: int) -> Piece:
    """The piece itself where it fits, else its beginning and its end."""
    if piece.tokens <= room:
        return piece
    share = piece.tokens / max(1, piece.rough)
    text = cut_middle(piece.text, int(max(room, _LEAST) / share) - TOKENS_A_MESSAGE)
    estimate = rough(text)
    return replace(piece, text=text, rough=estimate, tokens=math.ceil(estimate * share))


def cut_middle(text: str, tokens: int) -> str:
    """The beginning and the end of a text, in so many rough tokens at most, a gap between."""
    if estimate_tokens(text) <= tokens:
        return text
    room = max(_BYTES_A_TOKEN, (tokens - estimate_tokens(GAP)) * _BYTES_A_TOKEN)
    data = text.encode("utf-8", "replace")
    head = data[: room // 2].decode("utf-8", "ignore")
    tail = data[len(data) - room // 2 :].decode("utf-8", "ignore")
    return f"{head.rstrip()}{GAP}{tail.lstrip()}"
