"""The file in which this process, and the programs it starts, report what blocked an event loop."""

from __future__ import annotations

import atexit
import json
import os
import tempfile
from pathlib import Path

import pytest


class _Report:
    path: Path | None = None
    read = 0


def path() -> Path:
    """Where this process reports: a file of its own, unless it was told another's."""
    if _Report.path is None:
        descriptor, name = tempfile.mkstemp(prefix="divan-blocking-")
        os.close(descriptor)
        _Report.path = Path(name)
        atexit.register(_Report.path.unlink, missing_ok=True)
    return _Report.path


def use(file: Path) -> None:
    """Report to another process's file."""
    _Report.path = file


def write(story: str) -> None:
    """Add a report; it is there as soon as this returns."""
    descriptor = os.open(path(), os.O_WRONLY | os.O_APPEND)
    os.write(descriptor, json.dumps(story).encode() + b"\n")
    os.close(descriptor)


def new() -> list[str]:
    """What was reported since this was asked last."""
    if _Report.path is None or _Report.path.stat().st_size == _Report.read:
        return []
    with _Report.path.open("rb") as file:
        file.seek(_Report.read)
        lines = file.read()
    _Report.read += len(lines)
    return [json.loads(line) for line in lines.splitlines()]


def fail_if_new() -> None:
    """Fail the test if anything was reported since this was asked last."""
    __tracebackhide__ = True
    if stories := new():
        pytest.fail("\n".join(stories), pytrace=False)
