"""Reasoning that models write into the text, at the start of an answer: `<think>` and its like."""

from __future__ import annotations

from collections.abc import Iterator

from core.events import ReasoningDelta, TextDelta

_TAGS = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "<thought>": "</thought>",
    "[THINK]": "[/THINK]",
    "<|channel|>analysis<|message|>": "<|end|><|start|>assistant<|channel|>final<|message|>",
}


class ThinkTag:
    """Splits text that comes in pieces into reasoning and answer; tags may be cut anywhere."""

    def __init__(self) -> None:
        self._held = ""
        self._state = "start"
        self._close = ""
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
        opened = next(filter(seen.startswith, _TAGS), None)
        if opened:
            self._held, self._close = seen[len(opened) :], _TAGS[opened]
            self._state = "thinking"
        elif not any(tag.startswith(seen) for tag in _TAGS):
            self._state = "answer"

    def _think(self) -> Iterator[ReasoningDelta]:
        if not self._thought:
            self._held = self._held.lstrip("\n")
        thought, tag, rest = self._held.partition(self._close)
        if tag:
            self._held, self._state = rest, "gap"
        else:
            keep = _overlap(thought, self._close)
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


def _overlap(text: str, tag: str) -> int:
    """How many characters at the end of the text may be the start of the tag."""
    longest = min(len(text), len(tag) - 1)
    return next((n for n in range(longest, 0, -1) if tag.startswith(text[-n:])), 0)
