"""How many connections may be open, and how long a stranger may keep one.

A connection takes a descriptor, as every open file does: whoever held all of them would keep the
users out and stop the saving of chats. A connection belongs to the user of its latest request, and
to strangers as long as it has sent no whole request of a user; strangers have a small share.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

log = logging.getLogger(__name__)

STATE = "divan.connection"
"""Where an ASGI scope's `state` holds the connection it came by."""
_MOST = 1_000
_STRANGERS = None


@dataclass(frozen=True)
class ConnectionLimits:
    """Numbers of open connections, and seconds: `head_s` for the head of a request to come,
    `request_s` for all of a stranger's request and its answer."""

    most: int
    strangers: int
    head_s: float = 10.0
    request_s: float = 60.0


def limits_for(descriptors: int | None) -> ConnectionLimits:
    """The limits of a process that may have so many open descriptors, None where there is no
    bound: half of them are left for files."""
    most = _MOST if descriptors is None else max(8, min(_MOST, descriptors // 2))
    return ConnectionLimits(most, most // 4)


def open_descriptors() -> int | None:
    """How many descriptors this process may have open, None for any number."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if soft == resource.RLIM_INFINITY else soft


class Connections:
    """The open connections of a server, oldest first, by whose they are."""

    def __init__(self, limits: ConnectionLimits) -> None:
        self.limits = limits
        self._of: defaultdict[str | None, dict[Connection, None]] = defaultdict(dict)

    @property
    def count(self) -> int:
        """How many are open."""
        return sum(map(len, self._of.values()))

    def add(self, connection: Connection, owner: str | None) -> None:
        """Count a connection as the owner's, a stranger's with None. Where there are too many, the
        oldest of whoever has the most is cut, or of the strangers beyond their share."""
        self._of[owner][connection] = None
        if len(self._of[_STRANGERS]) > self.limits.strangers:
            self._cut_oldest(_STRANGERS)
        elif self.count > self.limits.most:
            self._cut_oldest(max(self._of, key=lambda group: len(self._of[group])))

    def remove(self, connection: Connection, owner: str | None) -> None:
        """Forget a connection; one that is not counted is passed over."""
        self._of[owner].pop(connection, None)
        if not self._of[owner]:
            del self._of[owner]

    def _cut_oldest(self, owner: str | None) -> None:
        oldest = next(iter(self._of[owner]))
        log.warning("too many connections of %s: the oldest is cut", owner or "strangers")
        oldest.cut()


class Connection:
    """One connection: whose it is, and the timer that ends it."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._owner: str | None = _STRANGERS
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._awaits_head = False
        self._busy = False

    def opened(self, transport: asyncio.Transport) -> None:
        """It was accepted: a stranger's until it has sent a request."""
        self._transport = transport
        self._connections.add(self, _STRANGERS)
        self._await_head()

    def received(self) -> None:
        """Bytes came. Between two requests they begin the head of the next."""
        if not self._busy and not self._awaits_head:
            self._await_head()

    @contextmanager
    def serving(self, owner: str | None) -> Iterator[None]:
        """While the block runs, a request of this owner is answered. The time of a stranger's runs
        on behind it: the answer may still wait for a reader."""
        self._busy, self._awaits_head = True, False
        self._belong_to(owner)
        self._limit_to(self._connections.limits.request_s if owner is _STRANGERS else None)
        try:
            yield
        finally:
            self._busy = False

    def cut(self) -> None:
        """End it at once, whatever was still to be sent."""
        self.closed()
        if self._transport:
            self._transport.abort()

    def closed(self) -> None:
        """It is gone."""
        self._limit_to(None)
        self._connections.remove(self, self._owner)

    def _await_head(self) -> None:
        self._awaits_head = True
        self._limit_to(self._connections.limits.head_s)

    def _belong_to(self, owner: str | None) -> None:
        if owner != self._owner and self._transport and not self._transport.is_closing():
            self._connections.remove(self, self._owner)
            self._owner = owner
            self._connections.add(self, owner)

    def _limit_to(self, seconds: float | None) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = None
        if seconds is not None:
            self._timer = asyncio.get_running_loop().call_later(seconds, self.cut)


@contextmanager
def serving(scope: Mapping[str, Any], owner: str | None) -> Iterator[None]:
    """While the block runs, the scope's request is answered for this owner, a stranger with None.
    A scope from no server of ours has no connection."""
    connection = scope.get("state", {}).get(STATE)
    if not isinstance(connection, Connection):
        yield
        return
    with connection.serving(owner):
        yield
