"""Reasoning that models write into the text, at the start of an answer: `<think>` and its like."""

from __future__ import annotations

from collections.abc import Iterator

from core.events import ReasoningDelta, TextDelta, TextWasReasoning
from providers.harmony import OPENINGS, Harmony

_TAGS = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "<thought>": "</thought>",
    "[THINK]": "[/THINK]",
}
_OPEN, _CLOSE = "<think>", "</think>"
_BEFORE_TALK = " \t\"'“‘«„(`"
_AFTER_TALK = " \t\"'”’».,;:!?)`"

Split = TextDelta | ReasoningDelta | TextWasReasoning


class ThinkTag:
    """Splits text that comes in pieces into reasoning and answer; tags may be cut anywhere.

    Some templates open the thoughts in the prompt: then a `</think>` comes alone, and says that
    the text before it was reasoning.
    """

    def __init__(self) -> None:
        self._held = ""
        self._state = "start"
        self._close = ""
        self._thought = False
        self._watching = True
        self._said: list[str] = []
        self._harmony = Harmony()

    def thoughts_come_apart(self) -> None:
        """The server sends the thoughts beside the text: a closing tag in the text is text."""
        self._watching = False

    def feed(self, text: str) -> Iterator[Split]:
        """The events this piece of text makes certain."""
        self._held += text
        if self._state == "start":
            self._look_for_open()
        if self._state == "harmony":
            held, self._held = self._held, ""
            yield from self._harmony.feed(held)
        if self._state == "thinking":
            yield from self._think()
        if self._state == "answer" and self._watching:
            yield from self._watch(last=False)
        elif self._state in ("gap", "answer") and self._held:
            yield from self._answer()

    def end(self) -> Iterator[Split]:
        """What is left when nothing more comes."""
        if self._state == "harmony":
            yield from self._harmony.end()
        elif self._state == "thinking" and self._held:
            yield ReasoningDelta(self._held)
        elif self._state == "answer" and self._watching:
            yield from self._watch(last=True)
        elif self._held and self._state != "gap":
            yield TextDelta(self._held)
        self._held = ""

    def _look_for_open(self) -> None:
        seen = self._held.lstrip()
        opened = next(filter(seen.startswith, _TAGS), None)
        if opened:
            self._held, self._close = seen[len(opened) :], _TAGS[opened]
            self._state = "thinking"
        elif any(map(seen.startswith, OPENINGS)):
            self._held, self._state = seen, "harmony"
        elif not any(tag.startswith(seen) for tag in (*_TAGS, *OPENINGS)):
            self._state = "answer"

    def _think(self) -> Iterator[ReasoningDelta]:
        if not self._thought:
            self._held = self._held.lstrip("\n")
        thought, tag, rest = self._held.partition(self._close)
        if tag:
            self._held, self._state, self._watching = rest, "gap", False
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

    def _watch(self, last: bool) -> Iterator[Split]:
        """Pass text on until a closing tag comes alone. What may be a tag waits for the character
        behind it."""
        text = self._held
        at = text.find(_CLOSE)
        while at >= 0:
            behind = at + len(_CLOSE)
            if behind == len(text) and not last:
                break
            if _ends_thoughts("".join(self._said) + text[:at], text[behind:]):
                yield from self._take_back(text[:at])
                self._held, self._state, self._watching = text[behind:], "gap", False
                yield from self._answer()
                return
            at = text.find(_CLOSE, behind)
        if at < 0:
            at = len(text) - (0 if last else _overlap(text, _CLOSE))
        self._held = text[at:]
        if text[:at]:
            self._said.append(text[:at])
            yield TextDelta(text[:at])

    def _take_back(self, rest: str) -> Iterator[Split]:
        said = "".join(self._said)
        self._said = []
        if said:
            yield TextWasReasoning(said)
        if rest:
            yield ReasoningDelta(rest)


def _ends_thoughts(before: str, after: str) -> bool:
    """Whether a closing tag between these texts is one, and not talked about."""
    line = before[before.rfind("\n") + 1 :]
    in_code = before.count("```") % 2 or line.count("`") % 2
    in_sentence = before[-1:] in [*_BEFORE_TALK] and after[:1] in [*_AFTER_TALK]
    return not (_OPEN in before or in_code or in_sentence)


def _overlap(text: str, tag: str) -> int:
    """How many characters at the end of the text may be the start of the tag."""
    longest = min(len(text), len(tag) - 1)
    return next((n for n in range(longest, 0, -1) if tag.startswith(text[-n:])), 0)
