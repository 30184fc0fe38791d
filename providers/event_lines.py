"""What the SDKs pass over in a stream of server-sent events, read from its bytes."""

from __future__ import annotations

import json

from providers.failures import ErrorInAnswer

_LONGEST = 64 * 1024
_DONE = (b"data: [DONE]", b"data:[DONE]")
_ERROR = b"error:"


class EventLines:
    """Notes the `[DONE]` of a stream, and a line `error: {…}`, which is no field of the format.

    Lines are kept up to 64 KiB while they come.
    """

    def __init__(self) -> None:
        self._line = bytearray()
        self._error: bytes | None = None
        self._done = False

    def feed(self, part: bytes) -> None:
        """The next bytes of the body."""
        *ended, begun = part.split(b"\n")
        for piece in ended:
            self._grow(piece)
            self._end_line()
        self._grow(begun)

    def end(self) -> bool:
        """Whether the server has said that it is done. Raises ErrorInAnswer where it named an
        error instead."""
        self._end_line()
        if self._error is not None:
            raise ErrorInAnswer(_plain(self._error))
        return self._done

    def _grow(self, piece: bytes) -> None:
        self._line += piece[: max(0, _LONGEST - len(self._line))]

    def _end_line(self) -> None:
        line = bytes(self._line).strip()
        self._line.clear()
        self._done = self._done or line in _DONE
        if line.startswith(_ERROR) and self._error is None:
            self._error = line.removeprefix(_ERROR).strip()


def _plain(said: bytes) -> object:
    text = said.decode("utf-8", "replace")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
