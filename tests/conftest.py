"""What every test gets: no connection leaves the machine."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

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
