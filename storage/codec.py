"""A conversation as the text of its file and back. `docs/chat-files.md` describes it for people."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import orjson

from core.conversation import SCHEMA, Answer, ChatSettings, Conversation, Message, Outcome
from core.errors import RejectedInput
from storage import shape
from storage.shape import Unreadable

_HEADER_ALWAYS = ("title", "created", "updated", "rev", "leaf")
_HEADER_ORDER = (
    "id", "title", "created", "updated", "rev", "pinned", "model", "settings", "documents",
    "comparison", "branches", "branch", "summaries", "leaf",
)  # fmt: skip
_MESSAGE_ALWAYS = ("parent",)
_NOT_FROM_FILES = ("extra", "repairs")
_BOM = b"\xef\xbb\xbf"
_INDENT = b"\n    "


class Blocks:
    """Messages already written as text, kept from one save to the next.

    Messages are values: one that is still the same object still reads the same, so that a save
    costs what changed, not how long the chat is.
    """

    def __init__(self) -> None:
        self._kept: dict[int, tuple[Message, bytes]] = {}
        self._messages: Sequence[Message] = ()
        self._written: list[bytes] = []

    def of(self, messages: Sequence[Message]) -> list[bytes]:
        """The block of each message; forgets all others."""
        if messages is not self._messages:
            kept = [self._kept.get(id(one)) or (one, _block(one)) for one in messages]
            self._kept = {id(message): (message, block) for message, block in kept}
            self._messages, self._written = messages, [block for _, block in kept]
        return self._written


def encode(conversation: Conversation, blocks: Blocks | None = None) -> bytes:
    """The file's bytes: UTF-8, header first, one message a block, ending in a newline.

    Raises TypeError where `extra` holds what JSON cannot, RejectedInput where it is nested so
    deeply that it can be read and not be written.
    """
    try:
        header = _dump(_header(conversation))[: -len(b"\n}")]
        written = list((blocks or Blocks()).of(conversation.messages))
    except (RecursionError, orjson.JSONEncodeError) as error:
        if "recursion" in str(error).lower():
            raise RejectedInput("nested_too_deep") from error
        raise
    if not written:
        return header + b',\n  "messages": []\n}\n'
    # All of it goes through one join, so that a long chat is copied once.
    written[0] = header + b',\n  "messages": [' + written[0]
    written[-1] += b"\n  ]\n}\n"
    return b",".join(written)


def decode(data: bytes, chat_id: str) -> Conversation:
    """The conversation in a file named `chat_id`; the name wins over the `id` inside.

    Of a newer schema it takes what it understands. Raises Unreadable.
    """
    found = _parse(data)
    newer = _schema(found) > SCHEMA
    try:
        return _conversation({**found, "id": chat_id}, newer)
    except Unreadable as problem:
        raise Unreadable(problem.reason.lstrip(".")) from None


def _block(message: Message) -> bytes:
    return _INDENT + _dump(_message(message)).replace(b"\n", _INDENT)


def _dump(value: Mapping[str, Any]) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2)


def _header(conversation: Conversation) -> dict[str, Any]:
    bare = replace(conversation, messages=(), extra={}, settings=ChatSettings())
    written = shape.write(bare, _HEADER_ALWAYS)
    extra = dict(conversation.extra)
    settings = {**shape.write(conversation.settings), **_inside(extra, "settings")}
    if settings:
        written["settings"] = settings
    header = {"schema": conversation.schema}
    header.update({key: written[key] for key in _HEADER_ORDER if key in written})
    return _with_extra({**header, "messages": []}, extra, drop="messages")


def _message(message: Message) -> dict[str, Any]:
    extra = dict(message.extra)
    written = shape.write(replace(message, answer=None, extra={}), _MESSAGE_ALWAYS)
    inside = _inside(extra, "answer")
    if message.answer:
        written["answer"] = {**shape.write(message.answer, ("outcome",)), **inside}
    return _with_extra(written, extra)


def _inside(extra: dict[str, Any], key: str) -> dict[str, Any]:
    """Unknown keys of a nested object travel in `extra` under the name of that object."""
    inner = extra.pop(key, None)
    return dict(shape.plain(inner)) if isinstance(inner, Mapping) else {}


def _with_extra(
    written: dict[str, Any], extra: Mapping[str, Any], drop: str = ""
) -> dict[str, Any]:
    kept = {key: held for key, held in shape.plain(extra).items() if key not in written}
    written.pop(drop, None)
    return {**written, **kept}


def _parse(data: bytes) -> dict[str, Any]:
    data = data.removeprefix(_BOM)
    try:
        found = orjson.loads(data)
    except orjson.JSONDecodeError as strict:
        found = _parse_leniently(data, strict)
    if not isinstance(found, dict):
        raise Unreadable("the file is not one JSON object")
    return found


def _parse_leniently(data: bytes, strict: orjson.JSONDecodeError) -> Any:
    """JSON that other programs write and orjson refuses: an escaped half of a surrogate pair."""
    if rb"\ud" in data.lower():
        with suppress(ValueError, RecursionError):
            return shape.plain(json.loads(data, parse_constant=_refuse, parse_int=_parse_integer))
    raise Unreadable(f"not JSON: {strict}") from None


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _parse_integer(digits: str) -> int | float:
    return int(digits) if len(digits) < 19 else float(digits)


def _schema(found: Mapping[str, Any]) -> int:
    schema = found.get("schema", SCHEMA)
    if isinstance(schema, bool) or not isinstance(schema, int) or schema < 1:
        raise Unreadable("schema must be a whole number from 1")
    return schema


def _conversation(found: dict[str, Any], newer: bool) -> Conversation:
    raw_messages, raw_settings = found.pop("messages", []), found.pop("settings", {})
    # These name fields of the value that no file fills: in a file they are keys like any other.
    strange = {key: found.pop(key) for key in _NOT_FROM_FILES if key in found}
    if newer:
        found = shape.understood(Conversation, found)
        raw_settings = shape.understood(ChatSettings, raw_settings)
    settings, lost = shape.read(ChatSettings, raw_settings)
    defaults = {"title": "", "created": "", "updated": found.get("created", "")}
    bare, unknown = shape.read(Conversation, {**defaults, **found})
    extra = {**unknown, **strange, **({"settings": lost} if lost else {})}
    messages = _messages(raw_messages, bare.created, newer)
    leaf = messages[-1].id if messages and "leaf" not in found else bare.leaf
    return replace(bare, settings=settings, messages=messages, leaf=leaf, extra=extra)


def _messages(found: Any, created: str, newer: bool) -> tuple[Message, ...]:
    if not isinstance(found, list):
        if newer:
            return ()
        raise Unreadable("messages must be a list")
    messages: list[Message] = []
    for place, raw in enumerate(found):
        before = messages[-1].id if messages else None
        try:
            messages.append(_read_message(raw, before, created))
        except Unreadable as problem:
            if not newer:
                raise shape.under(f"messages[{place}]", problem) from None
    return tuple(messages)


def _read_message(found: Any, before: str | None, created: str) -> Message:
    if not isinstance(found, dict):
        raise Unreadable("must be an object")
    found = {"parent": before, "created": created, **found}
    raw_answer = found.pop("answer", None)
    extra_key = {"extra": found.pop("extra")} if "extra" in found else {}
    message, unknown = shape.read(Message, found)
    if not message.id:
        raise Unreadable(".id must not be empty")
    if raw_answer is None and message.role == "user":
        return replace(message, extra={**unknown, **extra_key})
    answer, lost = _read_answer(raw_answer, message.created)
    extra = {**unknown, **extra_key, **({"answer": lost} if lost else {})}
    return replace(message, answer=answer, extra=extra)


def _read_answer(found: Any, created: str) -> tuple[Answer, dict[str, Any]]:
    """An answer without its record is one that somebody wrote by hand: it counts as complete."""
    found = {} if found is None else found
    if not isinstance(found, dict):
        raise Unreadable(".answer must be an object")
    defaults = {"model": "", "provider": "", "started": created, "outcome": Outcome.COMPLETE}
    try:
        return shape.read(Answer, {**defaults, **found})
    except Unreadable as problem:
        raise shape.under(".answer", problem) from None
