"""Where an address leads: to this machine, to the network around it, or out into the internet."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

_NEARBY_ENDINGS = (".local", ".lan", ".home.arpa", ".internal")


def is_loopback(address: str) -> bool:
    """Whether an address to listen on, or of a caller, is this computer's alone. Of names only
    `localhost` is: where another one leads is not known before."""
    if address.lower() == "localhost":
        return True
    try:
        parsed = ip_address(address.strip("[]"))
    except ValueError:
        return False
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return (mapped or parsed).is_loopback


def is_this_machine(url: str | None) -> bool:
    """Whether the address leads to this machine."""
    return is_loopback(_host(url))


def is_nearby(url: str | None) -> bool:
    """Whether the address leads to this machine or to a private network."""
    host = _host(url)
    if is_loopback(host) or host.endswith(_NEARBY_ENDINGS):
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
