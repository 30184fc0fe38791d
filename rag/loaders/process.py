"""The parent's side of a worker: asking it, and ending it when it takes too long."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rag.loaders.values import Loaded, LoadError, LoadLimits
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
    """One process that loads one file after the other. Not for two threads at once."""

    def __init__(self) -> None:
        self.served = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "rag.loaders.worker"],
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

    def load(self, path: Path, name: str, limits: LoadLimits) -> Loaded:
        """The text of a file. Raises LoadError, and WorkerDied when the worker is no more."""
        self.served += 1
        request = {"path": str(path), "name": name, "limits": asdict(limits)}
        return _loaded(self._ask(json.dumps(request), limits))

    def close(self) -> None:
        """End the process, whatever it does, and wait for it."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _ask(self, request: str, limits: LoadLimits) -> Any:
        process = self._process
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(limits.seconds, end)
        timer.daemon = True
        timer.start()
        try:
            line = self._exchange(request, limits.characters * _BYTES_OF_A_CHARACTER + _ROOM)
        finally:
            timer.cancel()
        if not line.endswith(b"\n"):
            self.close()
            raise WorkerDied(process.returncode, late.is_set())
        return json.loads(line)

    def _exchange(self, request: str, most: int) -> bytes:
        """The answer's line; without its end where the process went or said too much."""
        asked, answers = self._process.stdin, self._process.stdout
        with contextlib.suppress(OSError):
            if asked and answers:
                asked.write(request.encode() + b"\n")
                asked.flush()
                return answers.readline(most)
        return b""


def _loaded(reply: Any) -> Loaded:
    if "error" in reply:
        raise LoadError(reply["error"], reply["detail"])
    parts = (Part(text, page, tuple(heading), kind) for text, page, heading, kind in reply["parts"])
    return Loaded(tuple(parts), reply["pages"])


class Workers:
    """Workers at rest, for whoever loads next; each loads for one thread at a time."""

    _MOST_AT_REST = 2
    _MOST_FILES = 500
    _REST_S = 30.0

    def __init__(self) -> None:
        self._resting: list[Worker] = []
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def load(self, path: Path, name: str, limits: LoadLimits) -> Loaded:
        """The text of a file, by a worker that is there or a new one. Raises LoadError."""
        worker = self._taken()
        fresh = worker.served == 0
        try:
            return self._ask(worker, path, name, limits)
        except LoadError as error:
            if fresh or error.key != "too_much_memory":
                raise
        # What the files before left behind may have filled it.
        return self._ask(Worker(), path, name, limits)

    def close(self) -> None:
        """End all workers at rest."""
        with self._lock:
            ended, self._resting = self._resting, []
        for worker in ended:
            worker.close()

    def _ask(self, worker: Worker, path: Path, name: str, limits: LoadLimits) -> Loaded:
        try:
            loaded = worker.load(path, name, limits)
        except WorkerDied as died:
            if died.timed_out:
                raise LoadError("too_long", f"{limits.seconds:g} s") from died
            raise LoadError("damaged", f"exit {died.code}") from died
        except LoadError as error:
            self._rest(worker, tired=error.key == "too_much_memory")
            raise
        except BaseException:
            worker.close()
            raise
        self._rest(worker)
        return loaded

    def _taken(self) -> Worker:
        with self._lock:
            while self._resting:
                worker = self._resting.pop()
                if worker.alive:
                    return worker
                worker.close()
        return Worker()

    def _rest(self, worker: Worker, tired: bool = False) -> None:
        with self._lock:
            full = len(self._resting) >= self._MOST_AT_REST
            if not (tired or full or worker.served >= self._MOST_FILES):
                self._resting.append(worker)
                self._end_later()
                return
        worker.close()

    def _end_later(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = threading.Timer(self._REST_S, self.close)
        self._timer.daemon = True
        self._timer.start()
