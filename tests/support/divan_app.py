"""The real program in a process of its own, as a person starts it.

with divan_app.running(folder, catalog) as app:
    app.url, app.chats, app.log, app.kill()
"""

from __future__ import annotations

import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_START_S = 120.0
_KEY_NAMES = ("GEMINI_API_KEY", "HF_TOKEN", "OPENROUTER_API_KEY", "TOGETHER_API_KEY", "DIVAN_AUTH")


@dataclass
class DivanApp:
    """A running Divan and its folders."""

    process: subprocess.Popen[str]
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
) -> Iterator[DivanApp]:
    """Start the program with a catalog; at `yield` it answers. `models` is a folder of embedded
    models to use, `port` a port to take instead of a free one."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "models.yaml").write_text(catalog, encoding="utf-8")
    if models is not None:
        (folder / "data").mkdir(exist_ok=True)
        if not (folder / "data" / "models").exists():
            (folder / "data" / "models").symlink_to(models)
    flags = ("--port", str(port or free_port()), *flags)
    app = DivanApp(_start(folder, flags, environ or {}), folder)
    try:
        app.url = first_address(app.process)
        yield app
    finally:
        if app.process.poll() is None:
            app.process.terminate()
            try:
                app.process.wait(30)
            except subprocess.TimeoutExpired:
                app.process.kill()
                app.process.wait(30)
        for pipe in (app.process.stdout, app.process.stderr):
            if pipe:
                pipe.close()


def _start(folder: Path, flags: Sequence[str], environ: Mapping[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, str(ROOT / "app.py")]
    for name in ("config", "chats", "data"):
        place = folder / ("models.yaml" if name == "config" else name)
        command += [f"--{name}", str(place)]
    inherited = {k: v for k, v in os.environ.items() if k not in _KEY_NAMES}
    return subprocess.Popen(
        [*command, *flags],
        cwd=folder,
        env=inherited | dict(environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def first_address(process: subprocess.Popen[str]) -> str:
    """The address a program prints when it answers; one that does not start is ended and told."""
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        until = time.monotonic() + _START_S
        while time.monotonic() < until and process.poll() is None:
            if selector.select(timeout=1):
                line = process.stdout.readline().strip()
                if line.startswith("http"):
                    return line.rstrip("/")
    process.kill()
    _, errors = process.communicate()
    raise RuntimeError(f"{process.args!r} did not start: {errors}")
