"""The workers of this process: who reads next, and what a failed one costs its file."""

from __future__ import annotations

import threading
from pathlib import Path

from rag.loaders.process import Worker, WorkerDied
from rag.loaders.reading import Reading, Report
from rag.loaders.values import Loaded, LoadError, LoadLimits, Source

_MOST_WORKERS = 20
"""Workers that one file may use up."""


class Workers:
    """Workers at rest, for whoever loads next; each loads for one thread at a time."""

    _MOST_AT_REST = 2
    _MOST_FILES = 500
    _REST_S = 30.0

    def __init__(self) -> None:
        self._resting: list[Worker] = []
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def load(
        self,
        path: Path,
        name: str,
        limits: LoadLimits,
        reader: str = "",
        pages: tuple[int, ...] = (),
        report: Report | None = None,
    ) -> Loaded:
        """The text of a file, or of some of its pages. A worker that fails at a page costs that
        page; another one goes on behind it. Raises LoadError where nothing is read, and what
        `report` raises."""
        reading = Reading(Source(path, name, limits, pages=pages), report)
        for _ in range(_MOST_WORKERS):
            worker = self._taken(reader)
            fresh = worker.served == 0
            failure = self._read(worker, reading)
            if failure is None or not reading.goes_on(failure, fresh):
                return reading.loaded()
        reading.give_up()
        return reading.loaded()

    def close(self) -> None:
        """End all workers at rest."""
        with self._lock:
            ended, self._resting = self._resting, []
        for worker in ended:
            worker.close()

    def _read(self, worker: Worker, reading: Reading) -> LoadError | None:
        """Have a worker read; how it failed."""
        try:
            for piece in worker.read(reading.source, reading.until):
                reading.take(piece)
        except WorkerDied as died:
            if died.timed_out:
                return LoadError("too_long", f"{reading.allowed():g} s")
            return LoadError("damaged", f"exit {died.code}")
        except LoadError as error:
            self._rest(worker, tired=error.key == "too_much_memory")
            return error
        except BaseException:
            worker.close()
            raise
        self._rest(worker)
        return None

    def _taken(self, reader: str) -> Worker:
        with self._lock:
            for worker in [one for one in self._resting if one.reader == reader]:
                self._resting.remove(worker)
                if worker.alive:
                    return worker
                worker.close()
        return Worker(reader)

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
