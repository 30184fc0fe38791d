"""How a question and its open answer come into a chat's tree: pure changes, without a disk."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Any

from core.catalog import Model
from core.conversation import Answer, ChatSettings, Conversation, Message
from core.errors import ChatNotFound, RejectedInput
from engine.identity import new_message_id, now

Change = Callable[[Conversation], Conversation]
_GO_ON = (
    "Your answer was cut off. Continue it exactly where it stopped, in the same language: "
    "repeat nothing, explain nothing, begin with the very next character."
)


@dataclass(frozen=True)
class Opening:
    """An answer about to be made: its message stands in the chat, still open.

    `asked` is sent in place of the question at the end of its path. `slot` is entered before the
    provider is asked and left when the answer is made: a shared lock lets answers take turns.
    """

    answer: str
    model: Model
    settings: ChatSettings
    asked: tuple[Message, ...] = ()
    slot: AbstractAsyncContextManager[Any] | None = None


def question(chat: Conversation, text: str) -> Conversation:
    """Put a question at the leaf. Raises RejectedInput while the leaf is still being written."""
    leaf = chat.message(chat.leaf) if chat.leaf else None
    if leaf and leaf.is_open:
        raise RejectedInput("already_answering")
    return chat.append(Message(new_message_id(), chat.leaf, "user", text, now()))


def before_question(chat: Conversation, question_id: str) -> Conversation:
    """Go back to where a question was asked, to ask it otherwise. Raises ChatNotFound."""
    old = chat.message(question_id)
    if old is None or old.role != "user":
        raise ChatNotFound(question_id)
    return chat.fork(old.parent)


def before_answer(chat: Conversation, answer_id: str) -> Conversation:
    """Go back to the question of an answer. Raises ChatNotFound."""
    old = an_answer(chat, answer_id)
    if not chat.message(old.parent or ""):
        raise ChatNotFound(answer_id)
    return chat.fork(old.parent)


def an_answer(chat: Conversation, answer_id: str) -> Message:
    """The answer with this id. Raises ChatNotFound."""
    found = chat.message(answer_id)
    if found is None or found.role != "assistant":
        raise ChatNotFound(answer_id)
    return found


def message_of(
    chat: Conversation, opening: Opening, parent: str | None, content: str = "", **record: Any
) -> Message:
    """An open answer to `parent`; `record` are further fields of `core.conversation.Answer`."""
    model, started = opening.model, now()
    settings = None if opening.settings == chat.settings else opening.settings
    answer = Answer(model.id, model.provider, started, settings=settings, **record)
    return Message(opening.answer, parent, "assistant", content, started, answer=answer)


def open_answer(
    chat: Conversation, opening: Opening, content: str = "", **record: Any
) -> Conversation:
    """Put an open answer at the leaf; `record` as for `message_of`."""
    message = message_of(chat, opening, chat.leaf, content, **record)
    return replace(chat, updated=message.created).append(message)


def beside(chat: Conversation, message: Message) -> Conversation:
    """Add a message off the chosen path: leaf and branch stay."""
    return replace(chat, messages=(*chat.messages, message))


def go_on(asked: Message, partial: Message) -> tuple[Message, ...]:
    """What is sent to have an answer continued: question, what there is of it, and the request."""
    request = Message(new_message_id(), partial.id, "user", _GO_ON, now())
    return (asked, partial, request)
