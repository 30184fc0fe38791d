"""The process that reads files nobody vouches for: a request a line in, a line out for each piece.

It is told what a file may cost and stops itself there; its parent kills it where it does not.
`python -m rag.loaders.worker [READER]` reads with another reader than the loaders: a module with a
function `parts` as they have it, by its name or one of `READERS`.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from rag.loaders.collect import collected
from rag.loaders.values import Began, LoadError, LoadLimits, Piece, Source, Unread

READERS = {"": "rag.loaders.formats", "ocr": "rag.ocr.reader"}
_GRACE_S = 5
_LONGEST_WORDS = 2_000
_LONGEST_CHAIN = 10
_LIBXML_NO_MEMORY = 2
_Reader = Callable[[Source], Iterator[Piece]]


def main(reader: str) -> None:
    """Answer requests until there are no more."""
    if not reader:
        sys.modules["numpy"] = None  # type: ignore[assignment]  # no loader needs it
    read: _Reader = import_module(READERS.get(reader, reader)).parts
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # what a library prints is no answer
        for line in sys.stdin.buffer:
            _answer(answers, _load(json.loads(line), read, answers))


def _answer(answers: BinaryIO, reply: Mapping[str, Any]) -> None:
    answers.write(json.dumps(reply, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    answers.flush()


def _load(request: Mapping[str, Any], read: _Reader, answers: BinaryIO) -> dict[str, Any]:
    """Answer the pieces of a file as they come; how it ended is the last answer."""
    source = _source(request)
    try:
        _limit(source.limits)
        _answer(answers, {"ready": True})
        for piece in collected(read(source), source):
            if isinstance(piece, Began):
                _begin(source.limits)
            _answer(answers, _said(piece))
        return {"done": True}
    except LoadError as error:
        return {"error": error.key, "detail": error.detail}
    except BaseException as error:  # parsers raise anything, panics of Rust among them
        if _is_out_of_memory(error):
            return {"error": "too_much_memory", "detail": ""}
        said = str(error)[:_LONGEST_WORDS].replace(str(source.path), "")
        return {"error": "damaged", "detail": f"{type(error).__name__}: {said}"}
    finally:
        _limit(None)


def _source(request: Mapping[str, Any]) -> Source:
    limits = LoadLimits(**request["limits"])
    pages = tuple(request["pages"])
    return Source(Path(request["path"]), request["name"], limits, request["start"], pages)


def _said(piece: Piece) -> dict[str, Any]:
    if isinstance(piece, Began):
        return {"began": [piece.page, piece.pages]}
    if isinstance(piece, Unread):
        return {"unread": [piece.first, piece.last, piece.key]}
    return {"part": [piece.text, piece.page, piece.heading, piece.kind, piece.ocr]}


def _is_out_of_memory(error: BaseException) -> bool:
    """Whether memory is what was missing, also where the parser calls that bad syntax."""
    at: BaseException | None = error
    for _ in range(_LONGEST_CHAIN):
        no_memory = isinstance(at, SyntaxError) and getattr(at, "code", 0) == _LIBXML_NO_MEMORY
        if no_memory or isinstance(at, MemoryError):
            return True
        at = at and (at.__cause__ or at.__context__)
    return False


def _limit(limits: LoadLimits | None) -> None:
    """Bounds of the system itself, which no parser can overlook; None takes them away."""
    _begin(limits)
    if sys.platform == "win32":
        return
    import resource

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    with contextlib.suppress(ValueError, OSError):  # macOS knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory if limits else hard, hard))


def _begin(limits: LoadLimits | None) -> None:
    """Give the next page its seconds: past them the process ends, also where its parent is gone."""
    if sys.platform != "win32":
        signal.alarm(int(limits.seconds) + _GRACE_S if limits else 0)


if __name__ == "__main__":
    main("".join(sys.argv[1:2]))
