"""The process that reads files nobody vouches for: a request a line in, an answer a line out.

It is told what a file may cost and stops itself there; its parent kills it where it does not.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from rag.loaders.collect import collected
from rag.loaders.formats import parts
from rag.loaders.values import LoadError, LoadLimits, Source

_GRACE_S = 5
_LONGEST_WORDS = 2_000
_LONGEST_CHAIN = 10
_LIBXML_NO_MEMORY = 2


def main() -> None:
    """Answer requests until there are no more."""
    sys.modules["numpy"] = None  # type: ignore[assignment]  # openpyxl would load it for nothing
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # what a library prints is no answer
        for line in sys.stdin.buffer:
            _answer(answers, _load(json.loads(line)))


def _answer(answers: BinaryIO, reply: Mapping[str, Any]) -> None:
    answers.write(json.dumps(reply, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    answers.flush()


def _load(request: Mapping[str, Any]) -> dict[str, Any]:
    limits = LoadLimits(**request["limits"])
    source = Source(Path(request["path"]), request["name"], limits)
    _limit(limits.memory, int(limits.seconds) + _GRACE_S)
    try:
        loaded = collected(parts(source), limits)
        made = [[part.text, part.page, part.heading, part.kind] for part in loaded.parts]
        return {"parts": made, "pages": loaded.pages}
    except LoadError as error:
        return {"error": error.key, "detail": error.detail}
    except BaseException as error:  # parsers raise anything, panics of Rust among them
        if _is_out_of_memory(error):
            return {"error": "too_much_memory", "detail": ""}
        said = str(error)[:_LONGEST_WORDS].replace(str(source.path), "")
        return {"error": "damaged", "detail": f"{type(error).__name__}: {said}"}
    finally:
        _limit(None, 0)


def _is_out_of_memory(error: BaseException) -> bool:
    """Whether memory is what was missing, also where the parser calls that bad syntax."""
    at: BaseException | None = error
    for _ in range(_LONGEST_CHAIN):
        no_memory = isinstance(at, SyntaxError) and getattr(at, "code", 0) == _LIBXML_NO_MEMORY
        if no_memory or isinstance(at, MemoryError):
            return True
        at = at and (at.__cause__ or at.__context__)
    return False


def _limit(memory: int | None, seconds: int) -> None:
    """Bounds of the system itself, which no parser can overlook; None and 0 take them away."""
    if sys.platform == "win32":
        return
    import resource

    signal.alarm(seconds)  # ends the process, also one whose parent is gone
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    with contextlib.suppress(ValueError, OSError):  # macOS knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (hard if memory is None else memory, hard))


if __name__ == "__main__":
    main()
