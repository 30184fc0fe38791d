"""Gradio's server with settings of ours."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from gradio import http_server

_QUEUE = 1_024
"""Connections that wait in the system until they are accepted. One beyond is dropped, and its
client tries again a second later."""


@contextmanager
def server_settings(change: Callable[[Any], None]) -> Iterator[None]:
    """Let `change` have the `uvicorn.Config` of every server that Gradio makes in the block.

    `launch` makes the configuration itself and takes no settings for it; once the server has
    started it is too late, since the first connections are there.
    """
    theirs: Any = http_server.Server

    class Changed(theirs):  # type: ignore[misc]
        def __init__(self, config: Any, *more: Any, **named: Any) -> None:
            change(config)
            super().__init__(config, *more, **named)

        async def startup(self, *sockets: Any, **named: Any) -> None:
            await super().startup(*sockets, **named)
            _lengthen_queues(self.servers)

    vars(http_server)["Server"] = Changed
    try:
        yield
    finally:
        vars(http_server)["Server"] = theirs


def _lengthen_queues(servers: Any) -> None:
    """Let more connections wait than the event loop accepts in one go; `backlog` is both."""
    for listening in (each for server in servers for each in server.sockets):
        with socket.fromfd(listening.fileno(), listening.family, listening.type) as same:
            same.listen(_QUEUE)
