"""A web address to a file. Only public addresses: the program must not be the way into a network
its user cannot reach, so every name is resolved once, checked, and connected to as checked."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.message import Message
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import unquote

import httpx

AddressKey = Literal[
    "bad_address", "not_public", "unknown_host", "unreachable", "refused", "too_large", "too_long"
]
Address = IPv4Address | IPv6Address
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")
_NOT_PUBLIC = (
    IPv4Network("192.0.0.0/24"),  # for protocols; some versions of Python let a part of it pass
    IPv4Network("192.88.99.0/24"),  # relays from IPv6, no longer in use
    IPv4Network("168.63.129.16/32"),  # the inside of a cloud: Azure's own services
    IPv6Network("3fff::/20"),  # documentation
)
_EXTENSIONS = {
    "text/html": ".html", "application/xhtml+xml": ".html", "application/pdf": ".pdf",
    "text/markdown": ".md", "text/csv": ".csv", "text/plain": ".txt", "application/json": ".json",
}  # fmt: skip
_UNFIT = re.compile(r"[^\w .()+-]+")
_LONGEST_NAME = 120
_SAMPLE = 200


class AddressError(Exception):
    """An address that gives no file. `key` says why (texts under `notice.address_`), `detail` adds
    what there is to say in no language."""

    def __init__(self, key: AddressKey, detail: str = "") -> None:
        super().__init__(f"{key}: {detail}" if detail else key)
        self.key: AddressKey = key
        self.detail = detail[:_SAMPLE]


@dataclass(frozen=True, slots=True)
class AddressLimits:
    """What one address may cost: seconds of the clock for all of it, bytes as they are saved."""

    seconds: float = 30.0
    bytes: int = 50 << 20
    redirects: int = 5


async def resolve(host: str, port: int) -> list[Address]:
    """All addresses of a name. Raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ip_address(str(one[4][0]).partition("%")[0]) for one in found]


def is_public(address: Address) -> bool:
    """Whether it is an address of the open internet, also where it stands for another one."""
    if any(address in network for network in _NOT_PUBLIC if network.version == address.version):
        return False
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64 or address in _COMPATIBLE:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.teredo or address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


@dataclass(frozen=True, slots=True)
class Reach:
    """How names become addresses, and which of these may be connected to."""

    resolve: Callable[[str, int], Awaitable[list[Address]]] = resolve
    allows: Callable[[Address], bool] = is_public


async def fetch(
    url: str, limits: AddressLimits | None = None, reach: Reach | None = None
) -> tuple[str, bytes]:
    """A file name and the bytes. Text in an encoding the server names becomes UTF-8. Raises
    AddressError."""
    limits = limits or AddressLimits()
    try:
        async with asyncio.timeout(limits.seconds):
            return await _followed(url, limits, reach or Reach())
    except TimeoutError as error:
        raise AddressError("too_long", f"{limits.seconds:g} s") from error
    except (httpx.HTTPError, OSError) as error:
        raise AddressError("unreachable", str(error)) from error
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressError("bad_address", str(error)) from error


async def _followed(url: str, limits: AddressLimits, reach: Reach) -> tuple[str, bytes]:
    at = httpx.URL(url.strip())
    # Without environment: a proxy would resolve the name a second time, to whatever it likes.
    async with httpx.AsyncClient(trust_env=False, timeout=limits.seconds) as client:
        for _ in range(limits.redirects + 1):
            request = await _pinned(client, at, reach)
            response = await client.send(request, stream=True)
            try:
                if response.has_redirect_location:
                    at = at.join(response.headers["location"])
                    continue
                if response.status_code != httpx.codes.OK:
                    raise AddressError("refused", f"HTTP {response.status_code}")
                if _is_packed(response):
                    raise AddressError("refused", "Content-Encoding")
                return _name(at, response), _utf8(response, await _body(response, limits))
            finally:
                await response.aclose()
    raise AddressError("refused", "redirects")


async def _pinned(client: httpx.AsyncClient, url: httpx.URL, reach: Reach) -> httpx.Request:
    """A request that goes to a checked address and to no other, in the name of the host."""
    if url.scheme not in ("http", "https") or not url.host:
        raise AddressError("bad_address")
    port = url.port or (443 if url.scheme == "https" else 80)
    host = url.raw_host.decode("ascii")
    try:
        addresses = await reach.resolve(host, port)
    except socket.gaierror as error:
        raise AddressError("unknown_host", url.host) from error
    if not addresses or not all(map(reach.allows, addresses)):
        raise AddressError("not_public", url.host)
    headers = {
        "Host": url.netloc.decode("ascii"), "Accept-Encoding": "identity", "User-Agent": "Divan",
    }  # fmt: skip
    # Names and passwords in an address are sent to nobody.
    target = url.copy_with(host=str(addresses[0]), userinfo=b"", fragment=None)
    return client.build_request("GET", target, headers=headers, extensions={"sni_hostname": host})


def _is_packed(response: httpx.Response) -> bool:
    """Whether it is packed, unasked: unpacking makes millions of bytes of a few."""
    return str(response.headers.get("content-encoding", "identity")).strip().lower() != "identity"


async def _body(response: httpx.Response, limits: AddressLimits) -> bytes:
    held = bytearray()
    async for piece in response.aiter_bytes():
        held += piece
        if len(held) > limits.bytes:
            raise AddressError("too_large", f"{limits.bytes} bytes")
    return bytes(held)


def _utf8(response: httpx.Response, data: bytes) -> bytes:
    encoding = response.charset_encoding
    if not encoding or not _type(response).startswith("text/"):
        return data
    try:
        return data.decode(encoding).encode()
    except (LookupError, UnicodeError):
        return data


def _type(response: httpx.Response) -> str:
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()


def _name(url: httpx.URL, response: httpx.Response) -> str:
    """What the server or the address calls the file, with an extension that fits its type."""
    header = Message()
    header["content-disposition"] = response.headers.get("content-disposition", "")
    given = header.get_filename() or PurePosixPath(unquote(url.path)).name
    name = " ".join(_UNFIT.sub(" ", PurePosixPath(given.replace("\\", "/")).name).split())
    name = name.lstrip(". ")[-_LONGEST_NAME:] or url.host
    extension = _EXTENSIONS.get(_type(response), "")
    plain = extension == ".txt" and "." in name
    return name if plain or name.lower().endswith(extension) else name + extension
