"""The channels of gpt-oss, where a server passes them on as text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.events import ReasoningDelta, TextDelta

_NAMES = ("start", "channel", "constrain", "message", "end", "return", "call")
_MARKS = tuple(f"<|{name}|>" for name in _NAMES)
_MARK = re.compile(rf"<\|({'|'.join(_NAMES)})\|>")
OPENINGS = tuple(
    f"{start}<|channel|>{channel}<|message|>"
    for start in ("", "<|start|>assistant")
    for channel in ("analysis", "commentary", "final")
)
"""How an answer in channels may begin."""


class Harmony:
    """Splits the messages of an answer into reasoning (the channel `analysis`) and text."""

    def __init__(self) -> None:
        self._held = ""
        self._header = ""
        self._in_header = False
        self._reasoning = False
        self._final = False

    def feed(self, text: str) -> Iterator[TextDelta | ReasoningDelta]:
        """The events this piece of text makes certain."""
        self._held += text
        while mark := _MARK.search(self._held):
            before, self._held = self._held[: mark.start()], self._held[mark.end() :]
            yield from self._piece(before)
            yield from self._marked(mark[1])
        begun = self._held.rfind("<")
        if begun < 0 or not any(mark.startswith(self._held[begun:]) for mark in _MARKS):
            begun = len(self._held)
        before, self._held = self._held[:begun], self._held[begun:]
        yield from self._piece(before)

    def end(self) -> Iterator[TextDelta | ReasoningDelta]:
        """What is left when nothing more comes."""
        held, self._held = self._held, ""
        yield from self._piece(held)

    def _piece(self, text: str) -> Iterator[TextDelta | ReasoningDelta]:
        if self._in_header:
            self._header += text
        elif text:
            yield ReasoningDelta(text) if self._reasoning else TextDelta(text)

    def _marked(self, name: str) -> Iterator[TextDelta | ReasoningDelta]:
        """Go on behind a mark. In the last message only its end is one: it may speak of others."""
        if name in ("end", "return"):
            self._in_header = self._reasoning = False
        elif self._final:
            yield from self._piece(f"<|{name}|>")
        elif name == "message":
            self._in_header = False
            self._reasoning = self._header.startswith("analysis")
            self._final = self._header.startswith("final")
        elif name != "constrain":
            self._in_header, self._header = True, ""
