"""One short GET, to see whether a server answers: no SDK is imported for it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from core.request import Readiness
from providers.measure import Measure
from providers.wire import hooks, trust

LIMIT = 3.0
"""Seconds a server has to answer."""
_LARGEST = 16 * 1024 * 1024
"""Bytes of an answer; the longest lists of models have a few million."""


async def get_json(url: str, headers: Mapping[str, str]) -> Any:
    """The JSON at an address. Raises HttpRefusal, TooMuchData, httpx's errors, or ValueError for
    other text."""
    import httpx

    certificates = await asyncio.to_thread(trust, "httpx")
    plain: dict[str, Any] = {"timeout": LIMIT, "follow_redirects": False, "verify": certificates}
    bounded = hooks(httpx, lambda: Measure(_LARGEST))
    async with httpx.AsyncClient(**plain, event_hooks=bounded) as client:
        encoded = {name.encode(): value.encode() for name, value in headers.items()}
        response = await client.get(url, headers=encoded)
    return json.loads(response.text)


def bearer(headers: Mapping[str, str], api_key: str | None) -> dict[str, str]:
    """The entry's headers, with the key as a bearer token where there is one."""
    return {**({"Authorization": f"Bearer {api_key}"} if api_key else {}), **headers}


def not_offered() -> Readiness:
    """The server answers but does not have the model; the router fills in the names."""
    return Readiness(False, "no_model")
