"""Thoughts that a server wants to see again with the results of the tools that they asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from core.events import ToolCall

DETAILS = "reasoning_details"
_GROWING = ("text", "summary", "data", "signature")


class Thoughts:
    """OpenRouter's `reasoning_details`, put together from their pieces."""

    def __init__(self) -> None:
        self._details: list[dict[str, Any]] = []

    def add(self, pieces: object) -> None:
        """Take the pieces of one chunk; one that goes on with the last is added to it."""
        for piece in pieces if isinstance(pieces, list) else ():
            if not isinstance(piece, dict):
                continue
            last = self._details[-1] if self._details else {}
            if _goes_on(last, piece):
                _grow(last, piece)
            else:
                self._details.append(dict(piece))

    def extra(self) -> Mapping[str, str]:
        """The thoughts as the first call of the answer keeps them."""
        return {DETAILS: json.dumps(self._details, ensure_ascii=False)} if self._details else {}


def readable(pieces: object) -> str:
    """The text of the pieces of one chunk, for servers that send the thoughts in no other way."""
    rows = (
        [piece for piece in pieces if isinstance(piece, Mapping)]
        if isinstance(pieces, list)
        else []
    )
    texts = (row.get("text") or row.get("summary") for row in rows)
    return "".join(text for text in texts if isinstance(text, str))


def sent_back(calls: Sequence[ToolCall]) -> Mapping[str, Any]:
    """The thoughts that the calls of a message keep, as a part of the message that is sent."""
    kept = next((call.extra[DETAILS] for call in calls if DETAILS in call.extra), "")
    try:
        details = json.loads(kept) if kept else None
    except (ValueError, RecursionError):
        return {}
    return {DETAILS: details} if details else {}


def _goes_on(last: Mapping[str, Any], piece: Mapping[str, Any]) -> bool:
    same = all(last.get(name) == piece.get(name) for name in ("type", "index"))
    named = piece.get("id")
    return bool(last) and same and (named is None or named == last.get("id", named))


def _grow(last: dict[str, Any], piece: Mapping[str, Any]) -> None:
    for name, value in piece.items():
        if name in _GROWING and isinstance(value, str) and isinstance(last.get(name), str):
            last[name] += value
        elif value is not None:
            last[name] = value
