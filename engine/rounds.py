"""Where the lanes of a comparison are in the chat's tree, and the next round of all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile, zip_longest
from typing import Any

from core.comparison import Comparison, Lane
from core.conversation import Conversation, Message
from core.errors import RejectedInput
from engine.asking import Opening, beside, message_of
from engine.identity import new_message_id, now

Priced = Callable[[Conversation, Opening, Sequence[Message]], float | None]
"""What an answer to a path that ends in its question will probably cost, in USD."""


@dataclass(frozen=True)
class Exchange:
    """A question as one lane has it, and the answer shown under it.

    `answer` is None where the lane was not asked. `own` is whether the lane's model wrote it:
    what stands before the comparison began may come from another."""

    question: Message
    answer: Message | None
    own: bool


def exchanges(chat: Conversation, comparison: Comparison, lane: Lane) -> tuple[Exchange, ...]:
    """What a lane shows, oldest first: each question on its path, with the newest answer of its own
    model to it, else with the one the path goes through."""
    path = lane_path(chat, comparison, lane)
    answers = _answers(chat)
    found = []
    for question, following in zip_longest(path, path[1:]):
        if question.role != "user":
            continue
        on_path = following if following and following.role == "assistant" else None
        own = on_path if is_of(on_path, lane) else answers.get((question.id, lane.model))
        found.append(Exchange(question, own or on_path, own is not None))
    return tuple(found)


def newest(chat: Conversation, comparison: Comparison, lane: Lane) -> str | None:
    """The message a lane is at. The primary goes along where the chat went on from its answer, or
    from another version of it, outside of the comparison; also where a question was edited there
    and its own model has answered since."""
    leaf = chat.message(lane.leaf or "")
    if leaf is None or lane != comparison.primary:
        return leaf.id if leaf else None
    path = chat.path()
    versions = (
        place
        for place, message in enumerate(path)
        if message.parent == leaf.parent
        and (message.id == leaf.id or stands_for(message, comparison, lane))
    )
    place = next(versions, None)
    if place is None:
        return path[-1].id if _is_own_fork(chat, leaf, lane) else leaf.id
    later = [m for m in path[place:] if m.role == "assistant"]
    own = comparison.context == "shared" or all(is_of(m, lane) for m in later)
    return path[-1].id if own else leaf.id


def ask(chat: Conversation, text: str, openings: Sequence[Opening], price: Priced) -> Conversation:
    """Put a question under every lane that is asked, once where lanes are at the same place, and an
    open answer for each. The chosen path follows the primary, and stays where that is not asked.
    Raises RejectedInput while a lane is still being answered."""
    comparison = chat.comparison or Comparison()
    primary = comparison.primary
    places = {o.answer: _place(chat, comparison, o.model.id) for o in openings}
    for place in places.values():
        not_open(chat.message(place or ""))
    first = next((o for o in openings if primary and o.model.id == primary.model), None)
    if first and chat.leaf != places[first.answer]:
        chat = chat.choose(places[first.answer])
    questions: dict[str | None, str] = {}
    for opening in openings:
        place, leads = places[opening.answer], opening is first
        if place not in questions:
            question = Message(new_message_id(), place, "user", text, now())
            main = first is not None and place == places[first.answer]
            chat = chat.append(question) if main else beside(chat, question)
            questions[place] = question.id
        chat = _open(chat, opening, questions[place], price, leads)
    return replace(chat, updated=now())


def last_answered(chat: Conversation, model: str) -> tuple[Message, Message]:
    """The newest question of a lane and the answer to it. Raises RejectedInput while that one is
    being written, or where there is none."""
    comparison, lane = lane_of(chat, model)
    answer = chat.message(newest(chat, comparison, lane) or "")
    question = chat.message(answer.parent or "") if answer and answer.role == "assistant" else None
    if answer is None or question is None:
        raise RejectedInput("lane_empty", model=lane.model)
    not_open(answer)
    return question, answer


def ask_again(chat: Conversation, opening: Opening, price: Priced) -> Conversation:
    """Put another open answer beside the newest one of a lane. Raises as `last_answered`."""
    question, old = last_answered(chat, opening.model.id)
    leads = chat.leaf == old.id
    place = chat.fork(question.id) if leads else chat
    return _open(place, opening, question.id, price, leads)


def continue_answer(
    chat: Conversation, opening: Opening, partial: Message, price: Priced
) -> Conversation:
    """Put an open answer beside the newest one of a lane, which is `partial`, that begins with all
    there is of it. Raises RejectedInput where the lane has been answered again meanwhile."""
    question, old = last_answered(chat, opening.model.id)
    if old.id != partial.id:
        raise RejectedInput("already_answering")
    leads = chat.leaf == old.id
    given = partial.answer.passages if partial.answer else ()
    return _open(
        chat.fork(question.id) if leads else chat,
        opening,
        question.id,
        price,
        leads,
        partial.content,
        continues=partial.id,
        passages=given,
        web_sources=partial.answer.web_sources if partial.answer else (),
    )


def lane_of(chat: Conversation, model: str) -> tuple[Comparison, Lane]:
    """The comparison of a chat and its lane of a model. Raises RejectedInput."""
    lane = chat.comparison.lane(model) if chat.comparison else None
    if chat.comparison is None or lane is None:
        raise RejectedInput("no_lane", model=model)
    return chat.comparison, lane


def place_of(chat: Conversation, models: Sequence[str]) -> Mapping[str, str | None]:
    """The message under which each of the models would be asked next."""
    comparison = chat.comparison or Comparison()
    return {model: _place(chat, comparison, model) for model in models}


def _open(
    chat: Conversation,
    opening: Opening,
    question: str,
    price: Priced,
    leads: bool,
    content: str = "",
    **record: Any,
) -> Conversation:
    asked = chat.path(question)
    path = (*asked[:-1], *opening.asked) if opening.asked else asked
    cost = price(chat, opening, path)
    message = message_of(chat, opening, question, content, estimated_cost_usd=cost, **record)
    comparison, lane = lane_of(chat, opening.model.id)
    chat = chat.append(message) if leads else beside(chat, message)
    return replace(chat, comparison=comparison.put(replace(lane, leaf=message.id)))


def _place(chat: Conversation, comparison: Comparison, model: str) -> str | None:
    """Where a model is asked next. Own context: at its own newest answer, a new lane where all
    lanes began. Shared: at the primary's, or the secondary's where the primary has none."""
    if comparison.context == "shared":
        return _shared_place(chat, comparison)
    lane = comparison.lane(model)
    if lane is None or lane.leaf is None or chat.message(lane.leaf) is None:
        return _beginning(chat, comparison)
    return _answered(chat, newest(chat, comparison, lane))


def _shared_place(chat: Conversation, comparison: Comparison) -> str | None:
    primary = comparison.primary
    at = newest(chat, comparison, primary) if primary else None
    if at is None:
        return _fallback(chat, comparison) or chat.leaf
    said = chat.message(at)
    if said is None or said.content or said.is_open:
        return _answered(chat, at)
    other = _fallback(chat, comparison)
    as_far = other and len(chat.path(other)) >= len(chat.path(at))
    return other if as_far else _answered(chat, at)


def _fallback(chat: Conversation, comparison: Comparison) -> str | None:
    """The secondary's newest message, where it is an answer that has begun."""
    lane = next((lane for lane in comparison.shown if lane.role == "secondary"), None)
    said = chat.message(lane.leaf or "") if lane else None
    return said.id if said and said.role == "assistant" and (said.content or said.is_open) else None


def _beginning(chat: Conversation, comparison: Comparison) -> str | None:
    """The newest answer that all lanes have on their paths; the chat's leaf where no lane was
    asked yet."""
    paths = [chat.path(x.leaf) for x in comparison.lanes if x.leaf and chat.message(x.leaf)]
    if not paths:
        return chat.leaf
    alike = takewhile(lambda ms: len({m.id for m in ms}) == 1, zip(*paths, strict=False))
    common = [messages[0] for messages in alike if messages[0].role == "assistant"]
    return common[-1].id if common else None


def _answered(chat: Conversation, message_id: str | None) -> str | None:
    """The message, or the newest answer before it where it is a question whose answers are gone."""
    path = chat.path(message_id) if message_id else ()
    return next((m.id for m in reversed(path) if m.role == "assistant"), None)


def lane_path(chat: Conversation, comparison: Comparison, lane: Lane) -> tuple[Message, ...]:
    """The messages from the root to where a lane is, oldest first."""
    at = newest(chat, comparison, lane)
    return chat.path(at) if at else ()


def _answers(chat: Conversation) -> dict[tuple[str, str], Message]:
    """The newest answer to each question by each model, fused ones aside."""
    return {
        (m.parent, m.answer.model): m
        for m in chat.messages
        if m.parent and m.answer and not m.answer.sources
    }


def stands_for(message: Message, comparison: Comparison, lane: Lane) -> bool:
    """Whether a person may have chosen this answer as a version of what the primary said. What
    another lane says to the same question is none."""
    if is_of(message, lane):
        return True
    answer = message.answer
    if answer is None or comparison.context == "own":
        return False
    return bool(answer.sources) or comparison.lane(answer.model) is None


def _is_own_fork(chat: Conversation, leaf: Message, lane: Lane) -> bool:
    """Whether the chosen path leaves that of the lane for answers of its model alone."""
    known = {message.id for message in chat.path(leaf.id)}
    later = [m for m in chat.path() if m.id not in known and m.role == "assistant"]
    return bool(later) and all(is_of(m, lane) for m in later)


def is_of(message: Message | None, lane: Lane) -> bool:
    """Whether the lane's model wrote this answer by itself, not from those of others."""
    answer = message.answer if message else None
    return answer is not None and answer.model == lane.model and not answer.sources


def not_open(message: Message | None) -> None:
    """Raises RejectedInput while an answer is being written."""
    if message and message.is_open:
        raise RejectedInput("already_answering")
