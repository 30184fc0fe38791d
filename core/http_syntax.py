"""What HTTP can carry: headers and addresses that a client would refuse at every question."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_OF_THE_CONNECTION = frozenset({"content-length", "transfer-encoding", "connection", "upgrade"})
"""They say how a request is sent, which only the client knows."""
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_HOST = re.compile(r"[^\W_](?:[\w.-]*[\w.])?|\[[0-9A-Fa-f:.]+(?:%[\w.-]+)?\]")
_IN_ADDRESS = re.compile(r"[\x21-\x7e\u00a1-\U0010ffff]+")


def is_header_name(name: str) -> bool:
    """Whether a header of the catalog can be called so."""
    return bool(_HEADER_NAME.fullmatch(name)) and name.lower() not in _OF_THE_CONNECTION


def is_header_value(value: str) -> bool:
    """Whether a header can hold the value as UTF-8: no line breaks or other control characters."""
    return _CONTROLS.search(value) is None and value == value.encode("utf-8", "ignore").decode()


def is_key_value(value: str) -> bool:
    """Whether a key can be sent: visible ASCII characters, as every provider issues them."""
    return value.isascii() and value.isprintable()


def is_address(url: str) -> bool:
    """Whether http or https can be spoken with the host and port of the address."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.netloc.rpartition("@")[2]
    except ValueError:
        return False
    name = host.rpartition(":")[0] if port is not None or host.endswith(":") else host
    right = parts.scheme in ("http", "https") and port != 0 and ".." not in name
    return right and bool(_HOST.fullmatch(name) and _IN_ADDRESS.fullmatch(url))
