"""The real program in a process of its own, serving its page.

with divan_app.running(folder, catalog) as app:
    app.url, app.chats, app.log, app.kill()
"""

from __future__ import annotations

import selectors
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support import process
from tests.support.process import ROOT, Process

__all__ = ["ROOT", "DivanApp", "first_address", "free_port", "running"]
_START_S = 120.0


@dataclass
class DivanApp:
    """A running Divan and its folders."""

    process: Process
    folder: Path
    url: str = ""

    @property
    def chats(self) -> Path:
        return self.folder / "chats"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> str:
        return (self.data / "logs" / "divan.log").read_text(encoding="utf-8")

    def kill(self) -> None:
        """kill -9: no farewell, no saving."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)

    def end(self) -> tuple[str, str]:
        """SIGTERM, and all that the program wrote on the terminal after its address line."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=60)


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    folder: Path,
    catalog: str,
    *flags: str,
    environ: Mapping[str, str] | None = None,
    models: Path | None = None,
    port: int | None = None,
    fresh: bool = False,
    module: str = "app",
) -> Iterator[DivanApp]:
    """Start the program with a catalog; at `yield` it answers. `models` is a folder of embedded
    models to use, `port` a port to take instead of a free one; `fresh` and `module` as in
    `process.start`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "models.yaml").write_text(catalog, encoding="utf-8")
    if models is not None:
        (folder / "data").mkdir(exist_ok=True)
        if not (folder / "data" / "models").exists():
            (folder / "data" / "models").symlink_to(models)
    program = process.start(
        [*folders(folder), "--port", str(port or free_port()), *flags],
        folder,
        environ,
        fresh=fresh,
        module=module,
    )
    try:
        yield DivanApp(program, folder, first_address(program))
    finally:
        process.close(program)


def folders(folder: Path) -> list[str]:
    """The flags that keep the program's files in a folder."""
    return [
        *("--config", str(folder / "models.yaml")),
        *("--chats", str(folder / "chats"), "--data", str(folder / "data")),
    ]


def first_address(program: Process) -> str:
    """The address a program prints when it answers; one that does not start is ended."""
    assert program.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(program.stdout, selectors.EVENT_READ)
        until = time.monotonic() + _START_S
        while time.monotonic() < until and program.poll() is None:
            if selector.select(timeout=1):
                line = program.stdout.readline().strip()
                if line.startswith("http"):
                    return line.rstrip("/")
    program.send_signal(signal.SIGKILL)
    _, errors = program.communicate()
    raise RuntimeError(f"the program did not start: {errors}")
