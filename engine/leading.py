"""How the chat goes along with the primary of its comparison. Pure changes."""

from __future__ import annotations

from dataclasses import replace

from core.comparison import Comparison, Lane
from core.conversation import Conversation
from core.errors import RejectedInput
from engine import lanes, rounds


def with_model(chat: Conversation) -> Conversation:
    """The chat with the primary's model as its own, unless that would tell a hidden name."""
    comparison = chat.comparison
    if comparison is None or comparison.is_hidden or comparison.primary is None:
        return chat
    return replace(chat, model=comparison.primary.model)


def led(chat: Conversation, changed: Comparison) -> Conversation:
    """The chat with changed lanes; where the primary is another one now, a chosen path that ended
    at the old one's answer ends at the new one's."""
    old, new = chat.comparison, changed.primary
    was = old.primary if old else None
    chat = replace(chat, comparison=changed)
    if new is None or was is None or was.model == new.model:
        return chat
    if new.leaf and chat.message(new.leaf) and chat.leaf == was.leaf:
        chat = with_model(chat.choose(new.leaf))
    return chat


def go_on_with(chat: Conversation, comparison: Comparison, lane: Lane) -> Conversation:
    """The chat at a lane's newest message, with its model, and the lane as the primary. Raises
    RejectedInput where the lane has not been asked."""
    leaf = rounds.newest(chat, comparison, lane)
    if leaf is None:
        raise RejectedInput("lane_empty", model=lane.model)
    seen = replace(lane, shown=True)
    changed = lanes.give_role(comparison.put(seen), seen, "primary")
    return with_model(replace(chat.choose(leaf), comparison=changed))
