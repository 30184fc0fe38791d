"""Titles of chats: made from the first message at once, improved by a model if wished."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import aclosing

from core.catalog import Model
from core.conversation import Message
from core.events import TextDelta
from core.request import ChatRequest, Options, PromptMessage, StreamFunction

_LONGEST = 60
_EXCERPT = 1000
_MARKUP = re.compile(r"[`*_#>\[\]|~]+")
_ASK = (
    "Write a title of at most six words for this conversation, in its own language. "
    "Answer with the title alone."
)


def first_title(text: str) -> str:
    """The first words of a message as a title, cut at a word."""
    line = next((line for line in text[:_EXCERPT].splitlines() if line.strip()), text[:_EXCERPT])
    words = " ".join(_MARKUP.sub(" ", line).split())
    if len(words) <= _LONGEST:
        return words or "…"
    cut = words[:_LONGEST].rsplit(" ", 1)[0] if " " in words[:_LONGEST] else words[: _LONGEST - 1]
    return f"{cut.rstrip('.,;:!?')}…"


async def improved_title(stream: StreamFunction, model: Model, path: Sequence[Message]) -> str:
    """A title the model makes of the first exchange; empty where it gives nothing usable.

    Raises ProviderError.
    """
    spoken = "\n\n".join(f"{m.role}: {m.content[:_EXCERPT]}" for m in path[:2])
    request = ChatRequest(
        model=model,
        messages=(PromptMessage("user", f"{_ASK}\n\n{spoken}"),),
        options=Options(max_output_tokens=40),
        stream=False,
    )
    pieces: list[str] = []
    async with aclosing(stream(request)) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                pieces.append(event.text)
    return first_title("".join(pieces).strip().strip('"“”')) if pieces else ""
