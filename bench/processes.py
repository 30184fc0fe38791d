"""Programs that are measured: started in processes of their own, asked for memory, ended."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from tests.support.divan_app import ROOT, first_address, free_port

_MB = 1_000_000


@dataclass(frozen=True)
class Server:
    """A program that answers at `url`."""

    url: str
    pid: int


@contextmanager
def started(module: str, *arguments: str, port: bool = True) -> Iterator[Server]:
    """Run a module of this folder until the block ends; it says its address first."""
    flags = ["--port", str(free_port())] if port else []
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments, *flags],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield Server(first_address(process), process.pid)
    finally:
        process.terminate()
        try:
            process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


@contextmanager
def fake_provider() -> Iterator[str]:
    """The address of a fake provider, with /v1."""
    with started("bench.fake_provider", port=False) as server:
        yield server.url


@contextmanager
def plain_chat(provider: str, model: str, stored: int = 0) -> Iterator[Server]:
    """The plain Gradio chat over a provider."""
    with started("bench.plain_chat", provider, model, "--stored", str(stored)) as server:
        yield server


def memory_mb(pid: int) -> tuple[float, float]:
    """Resident and proportional memory of a process with its children, in MB.

    Where the system does not tell the proportional share, it is the resident one again.
    """
    try:
        share = sum(process.memory_full_info().pss for process in _family(pid)) / _MB
    except (AttributeError, psutil.AccessDenied):
        share = resident_mb(pid)
    return resident_mb(pid), share


def resident_mb(pid: int | None = None) -> float:
    """Resident memory of a process (this one, if none is named) with its children, in MB."""
    return float(sum(process.memory_info().rss for process in _family(pid)) / _MB)


def _family(pid: int | None) -> list[psutil.Process]:
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]
