"""One short GET, to see whether a server answers: no SDK is imported for it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from core.request import Readiness
from providers.failures import HttpRefusal
from providers.wire import trust

LIMIT = 3.0
"""Seconds a server has to answer."""


async def get_json(url: str, headers: Mapping[str, str]) -> Any:
    """The JSON at an address. Raises HttpRefusal, httpx's errors, or ValueError for other text."""
    import httpx

    certificates = await asyncio.to_thread(trust, "httpx")
    plain: dict[str, Any] = {"timeout": LIMIT, "follow_redirects": False, "verify": certificates}
    async with httpx.AsyncClient(**plain) as client:
        response = await client.get(url, headers=dict(headers))
    if response.status_code >= 300:
        raise HttpRefusal(response.status_code, response.headers, response.text)
    return json.loads(response.text)


def bearer(headers: Mapping[str, str], api_key: str | None) -> dict[str, str]:
    """The entry's headers, with the key as a bearer token where there is one."""
    return {**({"Authorization": f"Bearer {api_key}"} if api_key else {}), **headers}


def not_offered() -> Readiness:
    """The server answers but does not have the model; the router fills in the names."""
    return Readiness(False, "no_model")
