"""What every test gets: no connection leaves the machine, no call blocks an event loop."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import blocking, blocking_report

_LOOPBACK = ("127.", "::1", "localhost")
_PAGE = Path(__file__).parent / "page"


class LeftTheMachine(AssertionError):
    """A test tried to reach another machine."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the page come last: they drive Playwright's synchronous API, whose greenlets leave
    CPython 3.11's count of recursions wrong, and whatever compiles code fails from then on."""
    items.sort(key=lambda item: _PAGE in item.path.parents)


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
