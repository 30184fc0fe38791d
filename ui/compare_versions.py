"""Walking through the versions of a lane's messages, and what an answer can be set beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.conversation import Conversation, Message
from core.texts import translate
from ui.compare_inherited import Inherited
from ui.compare_rounds import rounds_of

Json = dict[str, Any]
_Versions = Mapping[str, Sequence[str]]


def walk(versions: _Versions, message_id: str) -> Json:
    """Where a message stands among its versions, for the arrows below it; nothing where it is the
    only one."""
    ids = versions.get(message_id, ())
    if len(ids) < 2:
        return {}
    at = ids.index(message_id)
    earlier = ids[at - 1] if at else None
    later = ids[at + 1] if at + 1 < len(ids) else None
    place = {"at": at + 1, "count": len(ids), "earlier": earlier, "later": later}
    return {"versions": place}


@dataclass(frozen=True)
class LaneView:
    """What a lane shows, the versions of each message there is another one of, which of it other
    models wrote, and whether its newest answer can be asked for again."""

    path: Sequence[Message]
    versions: _Versions
    inherited: Inherited = field(default_factory=Inherited)
    can_be_asked: bool = False

    @property
    def own(self) -> Sequence[Message]:
        """The path without the answers of other models."""
        return [message for message in self.path if message.id not in self.inherited.authors]


@dataclass(frozen=True)
class Beside:
    """The pairs of answers whose difference can be shown, as {a, b, label}: `a` stands to the left,
    `label` says what the answer is set beside, and of two versions `names` what each is called.
    `label` of this class names a model."""

    chat: Conversation
    views: Sequence[LaneView]
    fused: Message | None
    label: Callable[[str], str]
    language: str

    def pairs(self) -> Mapping[str, list[Json]]:
        """For each answer, by its id: its other versions, oldest first, then what the other lanes
        said to the same question, from the left, then what was made of them."""
        found: dict[str, list[Json]] = {}
        for answers in rounds_of([view.path for view in self.views]).values():
            said = [(answer, self._model(answer)) for answer in answers if _is_text(answer)]
            for answer, _ in said:
                fused = self._fused_from(answer)
                found[answer.id] = [*self._own(answer), *_in_order(answer, said), *fused]
        if self.fused and _is_text(self.fused):
            sources = [self.chat.message(one) for one in _sources(self.fused)]
            found[self.fused.id] = [
                _pair(one, self.fused, self._model(one)) for one in sources if one
            ]
        return found

    def _own(self, answer: Message) -> list[Json]:
        ids = next((v.versions[answer.id] for v in self.views if answer.id in v.versions), ())
        named = (
            (self.chat.message(one), translate(self.language, "compare.version", number=str(n)))
            for n, one in enumerate(ids, start=1)
        )
        texts = [(m, name) for m, name in named if m and _is_text(m)]
        names = {m.id: name for m, name in texts}
        pairs = _in_order(answer, texts)
        return [{**pair, "names": [names[pair["a"]], names[pair["b"]]]} for pair in pairs]

    def _fused_from(self, answer: Message) -> list[Json]:
        fused = self.fused
        if fused is None or answer.id not in _sources(fused) or not _is_text(fused):
            return []
        return [_pair(answer, fused, translate(self.language, "compare.fused"))]

    def _model(self, message: Message) -> str:
        return self.label(message.answer.model) if message.answer else ""


def _sources(fused: Message) -> Sequence[str]:
    return fused.answer.sources if fused.answer else ()


def _is_text(message: Message) -> bool:
    return bool(message.content) and not message.is_open


def _in_order(answer: Message, others: Sequence[tuple[Message, str]]) -> list[Json]:
    """The answer beside each of the others, among which it stands itself."""
    ids = [other.id for other, _ in others]
    at = ids.index(answer.id) if answer.id in ids else len(ids)
    return [
        _pair(other, answer, label) if place < at else _pair(answer, other, label)
        for place, (other, label) in enumerate(others)
        if place != at
    ]


def _pair(a: Message, b: Message, label: str) -> Json:
    return {"a": a.id, "b": b.id, "label": label}
