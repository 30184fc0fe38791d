"""The parent's side of a worker: asking it, and ending it when it takes too long."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any

from rag.loaders.values import Began, LoadError, LoadLimits, Piece, Source, Unread
from rag.values import Part

_ROOT = Path(__file__).resolve().parent.parent.parent
_PASSED = (
    "PATH",
    "PYTHONPATH",
    "PYTHONHOME",
    "LD_LIBRARY_PATH",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "TMPDIR",
)
"""The environment a worker gets: no key of any provider is in it."""
_BYTES_OF_A_CHARACTER = 6
_ROOM = 1 << 20


class WorkerDied(Exception):
    """A worker ended without an answer; `timed_out` where it was ended for its slowness."""

    def __init__(self, code: int | None, timed_out: bool) -> None:
        super().__init__(str(code))
        self.code = code
        self.timed_out = timed_out


class Worker:
    """One process that loads one file after the other, with the loaders or another reader. Not for
    two threads at once."""

    def __init__(self, reader: str = "") -> None:
        self.reader = reader
        self.served = 0
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "rag.loaders.worker", reader],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={name: os.environ[name] for name in _PASSED if name in os.environ},
            start_new_session=True,
        )

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def read(self, source: Source, until: float) -> Iterator[Piece]:
        """The pieces of a file as they come, each page within its seconds and all before `until` of
        the monotonic clock. Raises LoadError, and WorkerDied when the worker is no more; a caller
        that does not take them all must close it."""
        self.served += 1
        room = source.limits.characters * _BYTES_OF_A_CHARACTER + _ROOM
        with _Watch(self._process, source.limits, until) as watch:
            self._send(source)
            while True:
                line = self._line(room)
                room -= len(line)
                if not line.endswith(b"\n"):
                    self.close()
                    raise WorkerDied(self._process.returncode, watch.late)
                reply = json.loads(line)
                if "done" in reply:
                    return
                if "ready" in reply:  # starting a process is not the file's time
                    watch.begin()
                    continue
                piece = _piece(reply)
                if isinstance(piece, Began):
                    watch.begin()
                yield piece

    def close(self) -> None:
        """End the process, whatever it does, and wait for it."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _send(self, source: Source) -> None:
        request = {
            "path": str(source.path),
            "name": source.name,
            "limits": asdict(source.limits),
            "start": source.start,
            "pages": source.pages,
        }
        asked = self._process.stdin
        with contextlib.suppress(OSError):
            if asked:
                asked.write(json.dumps(request).encode() + b"\n")
                asked.flush()

    def _line(self, most: int) -> bytes:
        """The next line; without its end where the process went or said too much."""
        answers = self._process.stdout
        with contextlib.suppress(OSError):
            return answers.readline(max(0, most)) if answers else b""
        return b""


def _piece(reply: Mapping[str, Any]) -> Piece:
    """What a line says. Raises LoadError."""
    if "error" in reply:
        raise LoadError(reply["error"], reply["detail"])
    if "began" in reply:
        return Began(*reply["began"])
    if "unread" in reply:
        return Unread(*reply["unread"])
    text, page, heading, kind, ocr = reply["part"]
    return Part(text, page, tuple(heading), kind, ocr)


class _Watch:
    """Kills a process where a page takes longer than its seconds, or the file longer than `until`.
    Only a new page begins new seconds: one that comes in drops would else never end."""

    def __init__(self, process: subprocess.Popen[bytes], limits: LoadLimits, until: float) -> None:
        self.late = False
        self._process = process
        self._seconds = limits.seconds
        self._until = until
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._wait, name="a page's seconds", daemon=True)
        self.begin()

    def begin(self) -> None:
        """A page begins."""
        self._deadline = min(monotonic() + self._seconds, self._until)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _wait(self) -> None:
        while not self._over.wait(max(0.0, self._deadline - monotonic())):
            if monotonic() >= self._deadline:
                self.late = True
                self._process.kill()
                return
