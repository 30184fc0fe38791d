"""What stands below an answer that did not come to its end."""

from __future__ import annotations

from core.conversation import Message, Outcome

UNFINISHED = (Outcome.FAILED, Outcome.STOPPED, Outcome.INTERRUPTED)


def outcome_key(message: Message) -> str:
    """The text that says how the answer ended; "" for one that is complete."""
    if message.answer is None or message.answer.outcome not in UNFINISHED:
        return ""
    came = message.content or message.reasoning or message.tool_calls
    if message.answer.outcome is Outcome.STOPPED and not came:
        return "answer.stopped_early"
    return f"answer.{message.answer.outcome.value}"
