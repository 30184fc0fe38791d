"""A chat as it is when it is drawn."""

from __future__ import annotations

from collections.abc import Callable

from core.conversation import Conversation
from storage.protocol import ChatStore

_TRIES = 3


async def current(
    store: ChatStore, chat: Conversation, is_running: Callable[[str], bool]
) -> Conversation:
    """The chat, read again where an answer has ended since: a view of it as running would never be
    settled. What is open after that is written by another process. Raises as `ChatStore.load`."""
    for _ in range(_TRIES):
        if all(is_running(message.id) for message in chat.messages if message.is_open):
            break
        chat = await store.load(chat.id)
    return chat
