"""What stands in a lane though its own model did not write it: the chat as it was before the model
came to it, and in a shared context what the others said where this one was not asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from core.conversation import Message
from core.texts import translate
from engine.rounds import Exchange


@dataclass(frozen=True)
class Inherited:
    """`authors`: the line above each answer of another, by its id. `leading`: the ids of all
    messages before the first answer of the lane's own model."""

    authors: Mapping[str, str] = field(default_factory=dict)
    leading: frozenset[str] = frozenset()

    @classmethod
    def of(cls, asked: Sequence[Exchange], line: Callable[[Message], str]) -> Inherited:
        """What a lane has inherited of the questions and answers on its path."""
        authors = {one.answer.id: line(one.answer) for one in asked if one.answer and not one.own}
        before = takewhile(lambda one: _is_told(one, authors), asked)
        leading = (m.id for one in before for m in (one.question, one.answer) if m)
        return cls(authors, frozenset(leading))


def unnamed(lanes: Sequence[Sequence[Exchange]]) -> Sequence[Sequence[Exchange]]:
    """The same where no lane tells that its own model wrote what all of them show."""
    shown = [{one.answer.id for one in asked if one.answer} for asked in lanes]
    common = frozenset.intersection(*map(frozenset, shown)) if len(shown) > 1 else frozenset()
    return [[_disowned(one, common) for one in asked] for asked in lanes]


def author_line(message: Message, label: Callable[[str], str], language: str) -> str:
    """Who wrote an answer, for the line above it."""
    answer = message.answer
    model = label(answer.model) if answer else ""
    if answer and answer.sources:
        model = translate(language, "compare.fused_by", model=model)
    return translate(language, "compare.inherited_by", model=model)


def _is_told(one: Exchange, authors: Mapping[str, str]) -> bool:
    return one.answer is not None and one.answer.id in authors and not one.answer.is_open


def _disowned(one: Exchange, common: Collection[str]) -> Exchange:
    if one.answer is None:
        return one
    return Exchange(one.question, one.answer, own=one.answer.id not in common)
