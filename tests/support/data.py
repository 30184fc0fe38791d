"""The data of the tests: where it lies (see tests/data/README.md), and how recordings are read."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parents[1] / "data"
CASES = DATA / "cases"
RECORDINGS = DATA / "recordings"
XQUAD = DATA / "xquad"

_KEPT_HEADERS = ("retry-after", "x-request-id", "x-ratelimit")


@dataclass(frozen=True)
class Recorded:
    """A provider's response to one request; of its headers those that change what a client does."""

    method: str
    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def recorded(file: str) -> list[Recorded]:
    """The responses of a recording, named relative to `RECORDINGS`, in their order."""
    path = RECORDINGS / file
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".txt":
        return [Recorded("POST", 200, "text/event-stream", _events(text))]
    cassette = yaml.load(text, Loader=yaml.CSafeLoader)
    return list(_interactions(cassette["interactions"]))


def _events(chunks: str) -> bytes:
    """Server-sent events from a JSON chunk a line."""
    lines = (line.removeprefix("data:").strip() for line in chunks.splitlines() if line.strip())
    return "".join(f"data: {line}\n\n" for line in lines).encode()


def _interactions(rows: list[dict[str, Any]]) -> Iterator[Recorded]:
    for row in rows:
        response = row["response"]
        headers = {
            name.lower(): str(value[0] if isinstance(value, list) else value)
            for name, value in (response.get("headers") or {}).items()
        }
        yield Recorded(
            row["request"]["method"].upper(),
            response["status"]["code"],
            headers.get("content-type", "application/json"),
            _body(response),
            {name: value for name, value in headers.items() if name.startswith(_KEPT_HEADERS)},
        )


def _body(response: Mapping[str, Any]) -> bytes:
    if "parsed_body" in response:
        return json.dumps(response["parsed_body"]).encode()
    body = response.get("body") or b""
    if isinstance(body, dict):
        body = (
            base64.b64decode(body["base64_string"]) if "base64_string" in body else body["string"]
        )
    data = body if isinstance(body, bytes) else str(body).encode("utf-8", "surrogatepass")
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
