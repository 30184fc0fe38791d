"""Fixtures for the provider tests: a server that speaks the wire formats, and a router for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.keys import Keys
from providers.router import Router
from tests.providers.dialects import DIALECTS, KEY, Dialect
from tests.providers.wire_server import WireServer, serve


@pytest.fixture(autouse=True)
def new_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is known of a server that has the port of an earlier one."""
    monkeypatch.setattr("providers.request_forms._known", {})


@pytest.fixture
async def server() -> AsyncIterator[WireServer]:
    """A provider on loopback whose replies the test decides."""
    async with serve() as wire:
        yield wire


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    """Keys with the one that the tested entries name."""
    return Keys(tmp_path / ".env", {"TEST_KEY": KEY})


@pytest.fixture
def router(keys: Keys) -> Router:
    """The router under test."""
    return Router(keys)


@pytest.fixture(params=DIALECTS, ids=lambda dialect: dialect.name)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    """Each wire format in turn."""
    found: Dialect = request.param
    return found
