"""Which host names may be asked for, and whether a page of ours is asking."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::(?P<port>\d{1,5}))?")
_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<rest>[^/?#@]+)")
_LOCAL = ("localhost", "127.0.0.1", "[::1]")
_ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Host:
    """A host name as headers write it, lower case, IPv6 in brackets; port None: the default."""

    name: str
    port: int | None = None


class Allowed:
    """The host names the server answers to; a share link's name is added once it is known."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = {*_LOCAL}
        self._secure: set[str] = set()
        for name in names:
            self.add(name)

    def add(self, name: str, *, secure: bool = False) -> None:
        """Answer to this name too; a URL's host is taken. `secure`: it is reached by https, through
        a tunnel that ends here."""
        host = parse_host(re.sub(r"^https?://|/.*$", "", name.strip()))
        host = host or parse_host(f"[{name}]")
        if host is None or host.name in _ANY_ADDRESS:
            return
        self._names.add(host.name)
        if secure:
            self._secure.add(host.name)

    def __contains__(self, host: Host | None) -> bool:
        return host is not None and host.name in self._names

    def is_secure(self, host: Host | None) -> bool:
        """Whether browsers reach this name by https."""
        return host is not None and host.name in self._secure


def parse_host(value: str) -> Host | None:
    """A Host header's value; None where it is not one."""
    found = _HOST.fullmatch(value.strip().lower().rstrip("."))
    if not found:
        return None
    port = found["port"]
    return Host(found["name"].rstrip("."), int(port) if port else None)


def refusal(
    kind: str, method: str, headers: Mapping[str, str], host: Host, allowed: Allowed
) -> str | None:
    """Why a request that another site may have caused is refused; None lets it pass.

    A browser says where a request comes from (Origin, Sec-Fetch-Site) and cannot be talked out of
    it. A client that says neither is no browser, so nobody's page is acting behind its back.
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if kind == "http" and method in _SAFE_METHODS:
        return None if _may_read(headers) else "cross-site request"
    if origin is not None:
        return None if _is_ours(origin, host, allowed) else "foreign origin"
    return None if site in (None, "same-origin") else "cross-site request"


def _may_read(headers: Mapping[str, str]) -> bool:
    """Reads: our own pages, addresses a person opened, links to the page; nothing embedded."""
    if headers.get("sec-fetch-site") in (None, "same-origin", "none"):
        return True
    top = headers.get("sec-fetch-dest") == "document"
    return top and headers.get("sec-fetch-mode") == "navigate"


def _is_ours(origin: str, host: Host, allowed: Allowed) -> bool:
    found = _ORIGIN.fullmatch(origin.strip().lower())
    source = parse_host(found["rest"]) if found else None
    if found is None or source is None:
        return False
    if allowed.is_secure(source):
        return found["scheme"] == "https" and source.port in (None, 443)
    default = _DEFAULT_PORTS[found["scheme"]]
    return source.name == host.name and (source.port or default) == (host.port or default)
