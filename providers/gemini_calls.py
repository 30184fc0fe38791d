"""Gemini's function calls, which may come whole or in pieces addressed by JSON path."""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from core.events import ToolCall
from providers.gemini_messages import OWN_ID, SIGNATURE
from providers.measure import TooMuchData

_STEP = re.compile(r"\.([^.\[\]]{1,200})|\[(\d{1,4})\]|\['([^']{1,200})'\]")
_MOST_SKIPPED = 16
_VALUES = ("string_value", "number_value", "bool_value")


class CallReader:
    """Puts calls together; a call without a name goes on with the one before it."""

    def __init__(self) -> None:
        self._call: Any = None
        self._signature = b""
        self._arguments: dict[str, Any] = {}

    def read(self, part: Any) -> Iterator[ToolCall]:
        """The calls that are complete with this part."""
        call = part.function_call
        if call.name:
            yield from self.end()
            self._call, self._signature = call, part.thought_signature or b""
        if self._call is None:
            return
        self._arguments.update(call.args or {})
        for piece in call.partial_args or ():
            _put(self._arguments, _path(piece.json_path or ""), _value(piece))
        if not call.will_continue:
            yield from self.end()

    def end(self) -> Iterator[ToolCall]:
        """The call that was being made, if any."""
        if self._call is None:
            return
        call, self._call = self._call, None
        arguments, self._arguments = self._arguments, {}
        signature = base64.b64encode(self._signature).decode()
        yield ToolCall(
            id=call.id or f"{OWN_ID}{secrets.token_hex(6)}",
            name=call.name,
            arguments=json.dumps(arguments, ensure_ascii=False),
            extra={SIGNATURE: signature} if signature else {},
        )


def _value(piece: Any) -> object:
    values = (getattr(piece, name, None) for name in _VALUES)
    return next((value for value in values if value is not None), None)


def _path(text: str) -> list[str | int]:
    return [
        int(index) if index else name or quoted
        for name, index, quoted in _STEP.findall(text.removeprefix("$"))
    ]


def _put(target: Any, path: list[str | int], value: object) -> None:
    """Set a value deep inside; text is added to the text that is there."""
    for step, following in pairwise(path):
        target = _child(target, step, [] if isinstance(following, int) else {})
    if not path:
        return
    present = _child(target, path[-1], None)
    both_text = isinstance(present, str) and isinstance(value, str)
    target[path[-1]] = f"{present}{value}" if both_text else value


def _child(target: Any, step: str | int, empty: object) -> Any:
    if isinstance(target, list) and isinstance(step, int):
        if step - len(target) > _MOST_SKIPPED:
            raise TooMuchData("a list in a tool call with too many gaps")
        target.extend([None] * (step + 1 - len(target)))
    elif isinstance(target, dict):
        target.setdefault(step, None)
    if target[step] is None:
        target[step] = empty
    return target[step]
