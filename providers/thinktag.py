"""`<think>` at the start of an answer, as some models write their reasoning into the text."""

from __future__ import annotations

from collections.abc import Iterator

from core.events import ReasoningDelta, TextDelta

_OPEN = "<think>"
_CLOSE = "</think>"


class ThinkTag:
    """Splits text that comes in pieces into reasoning and answer; tags may be cut anywhere."""

    def __init__(self) -> None:
        self._held = ""
        self._state = "start"
        self._thought = False

    def feed(self, text: str) -> Iterator[TextDelta | ReasoningDelta]:
        """The events this piece of text makes certain."""
        self._held += text
        if self._state == "start":
            self._look_for_open()
        if self._state == "thinking":
            yield from self._think()
        if self._state in ("gap", "answer") and self._held:
            yield from self._answer()

    def end(self) -> Iterator[TextDelta | ReasoningDelta]:
        """What is left when nothing more comes."""
        held, self._held = self._held, ""
        if held and self._state == "thinking":
            yield ReasoningDelta(held)
        elif held and self._state != "gap":
            yield TextDelta(held)

    def _look_for_open(self) -> None:
        seen = self._held.lstrip()
        if seen.startswith(_OPEN):
            self._held = seen[len(_OPEN) :]
            self._state = "thinking"
        elif not _OPEN.startswith(seen):
            self._state = "answer"

    def _think(self) -> Iterator[ReasoningDelta]:
        if not self._thought:
            self._held = self._held.lstrip("\n")
        thought, tag, rest = self._held.partition(_CLOSE)
        if tag:
            self._held, self._state = rest, "gap"
        else:
            keep = _overlap(thought)
            thought, self._held = thought[: len(thought) - keep], thought[len(thought) - keep :]
        if thought:
            self._thought = True
            yield ReasoningDelta(thought)

    def _answer(self) -> Iterator[TextDelta]:
        text, self._held = self._held, ""
        if self._state == "gap":
            text = text.lstrip()
        if text:
            self._state = "answer"
            yield TextDelta(text)


def _overlap(text: str) -> int:
    """How many characters at the end of the text may be the start of the closing tag."""
    longest = min(len(text), len(_CLOSE) - 1)
    return next((n for n in range(longest, 0, -1) if _CLOSE.startswith(text[-n:])), 0)
