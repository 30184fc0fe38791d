"""Half characters: mended where the other half comes, replaced where it does not.

JSON can carry one half of an emoji's UTF-16 pair (a stream split in the middle of it). Such text
breaks every encoder it meets, so it neither leaves nor enters Divan.
"""

from __future__ import annotations

import re
from dataclasses import replace

from core.events import ToolCall
from core.request import ChatRequest, PromptMessage

_HALF = re.compile("[\ud800-\udfff]")


def mend(text: str) -> str:
    """The text with pairs joined and lonely halves replaced by U+FFFD."""
    if not _HALF.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class Joiner:
    """Mends a text that comes in pieces, keeping a first half until its second half comes."""

    def __init__(self) -> None:
        self._half = ""

    def feed(self, text: str) -> str:
        """What can be shown of the text so far."""
        text = self._half + text
        self._half = ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            text, self._half = text[:-1], text[-1]
        return mend(text)

    def end(self) -> str:
        """What is left when nothing more comes."""
        text, self._half = mend(self._half), ""
        return text


def mended_call(call: ToolCall) -> ToolCall:
    """The call with its texts mended."""
    return replace(call, id=mend(call.id), name=mend(call.name), arguments=mend(call.arguments))


def mended_request(request: ChatRequest) -> ChatRequest:
    """The request as it may be sent."""
    return replace(
        request,
        system=mend(request.system),
        messages=tuple(_mended_message(message) for message in request.messages),
    )


def _mended_message(message: PromptMessage) -> PromptMessage:
    return replace(
        message,
        text=mend(message.text),
        tool_calls=tuple(mended_call(call) for call in message.tool_calls),
    )
