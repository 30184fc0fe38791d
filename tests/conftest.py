"""What every test gets: no connection leaves the machine, no call blocks an event loop."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from tests.support import blocking, blocking_report

_LOOPBACK = ("127.", "::1", "localhost")
_TESTS = Path(__file__).parent
_MARKERS = {
    "page": "browser",
    "browser_modules": "browser",
    "embedded": "model",
    "setup": "setup",
}
_TORCH = "tests/embedded/"


class LeftTheMachine(AssertionError):
    """A test tried to reach another machine."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by their folder, and put those of the page last: while Playwright's synchronous
    API is open no test with an event loop of its own can run, and its greenlets leave CPython
    3.11's count of recursions wrong, so that whatever compiles code fails from then on.

    Of the page's files the longest come first: the processes then end at about the same time.
    """
    for item in items:
        for folder, marker in _MARKERS.items():
            if _TESTS / folder in item.path.parents:
                item.add_marker(marker)
    count = Counter(item.path for item in items)
    items.sort(key=lambda item: _order(item, count[item.path]))


class _ByFile(LoadFileScheduling):  # type: ignore[misc]
    """Keeps a file of tests in one worker, and all files that import torch in the same."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return _TORCH if file.startswith(_TORCH) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _ByFile:
    """The scheduler of every run with workers, whatever `--dist` says."""
    return _ByFile(config, log)


def _order(item: pytest.Item, tests_of_file: int) -> int:
    return -tests_of_file if _TESTS / "page" in item.path.parents else -(10**6)


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(_LOOPBACK):
            raise LeftTheMachine(f"a connection to {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _no_blocking() -> Iterator[None]:
    blocking.watch()
    yield
    blocking_report.fail_if_new()


@pytest.fixture(scope="session", autouse=True)
def _no_blocking_at_the_end() -> Iterator[None]:
    """What happens after the last test, when the programs of a whole module end."""
    yield
    blocking_report.fail_if_new()
