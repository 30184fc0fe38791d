"""Uvicorn's connections, counted and timed by `api.connections`."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from api.connections import STATE, Connection, Connections, limits_for, open_descriptors

_ACCEPTED_AT_ONCE = 16
"""Connections that the event loop accepts in one go, before the first of them can be cut."""
_LONGEST_MESSAGE = 65_536
"""Bytes of a WebSocket message; uvicorn's own 16 MB would be read of a stranger's, too."""


def limit_connections(config: Any, connections: Connections | None = None) -> None:
    """Let a `uvicorn.Config` that no server was started with make limited connections, by default
    as this process can have them."""
    connections = connections or Connections(limits_for(open_descriptors()))
    config.backlog = min(_ACCEPTED_AT_ONCE, connections.limits.strangers)
    config.ws_max_size = _LONGEST_MESSAGE
    config.load()
    config.http_protocol_class = type(
        "LimitedHttp", (_LimitedHttp, config.http_protocol_class), {"connections": connections}
    )
    config.ws_protocol_class = type(
        "LimitedWebSocket", (_LimitedWebSocket, config.ws_protocol_class), {}
    )


class _LimitedHttp(asyncio.Protocol):
    """Put before uvicorn's protocol, whichever of them is used."""

    connections: Connections

    def __init__(self, **named: Any) -> None:
        self._limited = Connection(self.connections)
        named["app_state"] = {**named["app_state"], STATE: self._limited}
        super().__init__(**named)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count it."""
        super().connection_made(transport)
        self._limited.opened(cast(asyncio.Transport, transport))

    def data_received(self, data: bytes) -> None:
        """Watch the time."""
        self._limited.received()
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Count it no more."""
        self._limited.closed()
        super().connection_lost(exc)


class _LimitedWebSocket(asyncio.Protocol):
    """The protocol of a connection that became a WebSocket; it was counted before."""

    def __init__(self, **named: Any) -> None:
        self._limited: Connection = named["app_state"][STATE]
        super().__init__(**named)

    def connection_lost(self, exc: Exception | None) -> None:
        """Count it no more."""
        self._limited.closed()
        super().connection_lost(exc)
