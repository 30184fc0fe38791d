"""The program in a process of its own: `python app.py`, or the same forked from a process that has
it imported (`tests.support.fork_server`), which starts ten times as fast.

    with process.start(arguments, folder) as program: ...
    done = process.run(arguments, folder)
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from typing import IO, Protocol

from tests.support import blocking_report
from tests.support.fork_server import MESSAGE_BYTES

ROOT = Path(__file__).resolve().parents[2]
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND
_KEY_NAMES = ("GEMINI_API_KEY", "HF_TOKEN", "OPENROUTER_API_KEY", "TOGETHER_API_KEY", "DIVAN_AUTH")


class Process(Protocol):
    """What `subprocess.Popen` and `Forked` share."""

    pid: int
    stdout: IO[str] | None
    stderr: IO[str] | None

    @property
    def returncode(self) -> int | None:
        """The exit code once `poll` or `wait` has seen the end."""

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """The exit code once it has ended. Raises subprocess.TimeoutExpired."""

    def communicate(self, input: None = None, timeout: float | None = None) -> tuple[str, str]:
        """What is left of its output, once it has ended. Raises subprocess.TimeoutExpired."""

    def send_signal(self, sig: int) -> None:
        """Send a signal, unless it has ended."""


class Forked:
    """A process that the fork server started; used as a `subprocess.Popen[str]`."""

    def __init__(self, request: Mapping[str, object], errors: Path | None) -> None:
        self.returncode: int | None = None
        self.stdout: IO[str] | None
        self.stderr: IO[str] | None
        self.stdout, out = _pipe()
        if errors is None:
            self.stderr, err = _pipe()
        else:
            self.stderr, err = None, os.open(errors, _APPEND, 0o600)
        self._exit, write_exit = os.pipe()
        try:
            with _lock:
                message = json.dumps(request).encode()
                socket.send_fds(_server(), [message], [out, err, write_exit])
                self.pid = int(_server().recv(MESSAGE_BYTES))
        finally:
            for end in (out, err, write_exit):
                os.close(end)

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        if self.returncode is None:
            self._look(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code once it has ended. Raises subprocess.TimeoutExpired."""
        if self.returncode is None:
            self._look(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired("forked", timeout or 0)
        return self.returncode

    def communicate(self, input: None = None, timeout: float | None = None) -> tuple[str, str]:
        """What is left of its output, once it has ended. Raises subprocess.TimeoutExpired."""
        with ThreadPoolExecutor(2) as readers:
            said, complained = (
                readers.submit(pipe.read if pipe else str) for pipe in (self.stdout, self.stderr)
            )
            try:
                self.wait(timeout)
            except subprocess.TimeoutExpired:
                self.send_signal(signal.SIGKILL)
                raise
        self.close()
        return said.result(), complained.result()

    def close(self) -> None:
        """Close its pipes."""
        for pipe in (self.stdout, self.stderr):
            if pipe:
                pipe.close()

    def send_signal(self, sig: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, sig)

    def _look(self, timeout: float | None) -> None:
        if select.select([self._exit], [], [], timeout)[0]:
            self.returncode = int(os.read(self._exit, 20) or -signal.SIGKILL)
            os.close(self._exit)


def _pipe() -> tuple[IO[str], int]:
    read, write = os.pipe()
    return os.fdopen(read, encoding="utf-8", errors="replace"), write


_lock = threading.Lock()


@cache
def _server() -> socket.socket:
    """This process's connection to the fork server of the test run."""
    address = f"\0divan-fork-server-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
    ours = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    atexit.register(ours.close)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        try:
            listener.bind(address)
        except OSError:  # another worker has it
            _connect(ours, address)
            return ours
        listener.listen()
        _connect(ours, address)
        descriptor = listener.fileno()
        command = [sys.executable, "-m", "tests.support.fork_server", str(descriptor)]
        subprocess.run(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, pass_fds=[descriptor], check=True
        )
    return ours


def _connect(ours: socket.socket, address: str) -> None:
    """Connect to a server that may have bound its address and does not listen yet."""
    for _ in range(100):
        try:
            ours.connect(address)
            return
        except ConnectionRefusedError:
            time.sleep(0.01)
    raise ConnectionRefusedError(address)


def environment(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The tests' environment without keys, and with these variables."""
    inherited = {k: v for k, v in os.environ.items() if k not in _KEY_NAMES}
    return inherited | dict(environ or {})


def start(
    arguments: Sequence[str],
    folder: Path,
    environ: Mapping[str, str] | None = None,
    *,
    fresh: bool = False,
    module: str = "app",
    errors: Path | None = None,
) -> Process:
    """Start the program (or the `main` of another module) in a folder. `fresh` runs a new Python,
    for what has to do with imports; so does every system but Linux. `errors` is a file for what
    it writes to standard error, instead of a pipe."""
    request = {
        "module": module,
        "arguments": list(arguments),
        "folder": str(folder),
        "environ": environment(environ),
        "blocking": str(blocking_report.path()),
    }
    if sys.platform == "linux" and not fresh:
        return Forked(request, errors)
    with errors.open("a") if errors else nullcontext(subprocess.PIPE) as stderr:
        return subprocess.Popen(
            [*command(module), *arguments],
            cwd=folder,
            env=environment(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            encoding="utf-8",
            errors="replace",
        )


def command(module: str = "app") -> list[str]:
    """The command that runs a module of the project from any folder."""
    return [sys.executable, str(ROOT.joinpath(*module.split(".")).with_suffix(".py"))]


def run(
    arguments: Sequence[str],
    folder: Path,
    environ: Mapping[str, str] | None = None,
    *,
    fresh: bool = False,
    timeout: float = 120,
) -> subprocess.CompletedProcess[str]:
    """Run the program to its end. Raises subprocess.TimeoutExpired."""
    program = start(arguments, folder, environ, fresh=fresh)
    said, complained = program.communicate(timeout=timeout)
    close(program)
    return subprocess.CompletedProcess(list(arguments), program.poll() or 0, said, complained)


def close(program: Process) -> None:
    """End the program if it still runs, and close its pipes."""
    for sig in (signal.SIGTERM, signal.SIGKILL):
        program.send_signal(sig)
        try:
            program.wait(30)
            break
        except subprocess.TimeoutExpired:
            continue
    for pipe in (program.stdout, program.stderr):
        if pipe:
            pipe.close()
