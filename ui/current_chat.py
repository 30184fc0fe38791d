"""A chat as it is when it is drawn."""

from __future__ import annotations

from core.conversation import Conversation
from engine.turns import Turns
from storage.protocol import ChatStore


async def current(store: ChatStore, turns: Turns, owner: str, chat: Conversation) -> Conversation:
    """The chat as it is now that each open answer in it runs, or is written by another process.

    It was read before: an answer may have ended since, and its view as running would never be
    settled; one whose file was just written may not run yet. Raises as `ChatStore.load`.
    """
    before: set[str] | None = None
    while True:
        open_answers = {message.id for message in chat.messages if message.is_open}
        await turns.begun(open_answers)
        others = {answer for answer in open_answers if turns.get(owner, answer) is None}
        if not others or others == before:
            return chat
        before, chat = others, await store.load(chat.id)
