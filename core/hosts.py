"""Where an address leads: to this machine, to the network around it, or out into the internet."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_NEARBY_ENDINGS = (".local", ".lan", ".home.arpa", ".internal")


def is_this_machine(url: str | None) -> bool:
    """Whether the address leads to this machine."""
    return _host(url) in _HERE


def is_nearby(url: str | None) -> bool:
    """Whether the address leads to this machine or to a private network."""
    host = _host(url)
    if host in _HERE or host.endswith(_NEARBY_ENDINGS):
        return True
    try:
        return ip_address(host).is_private
    except ValueError:
        return bool(host) and "." not in host


def _host(url: str | None) -> str:
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:
        return ""
