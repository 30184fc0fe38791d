"""Using a Gradio page as its own script does: every event of `/config`, over HTTP.

Nothing here knows the small page of these tests, so the real one can be walked in the same way.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

PREFIX = "/gradio_api"


@dataclass(frozen=True)
class Event:
    """An event of the page: its number, its name, how many inputs it takes, and of each the
    element's id and the value it starts with."""

    id: int
    name: str
    inputs: int
    fields: tuple[tuple[str, Any], ...] = ()

    def filled(self, **given: Any) -> list[Any]:
        """What the page would send with these elements filled in."""
        return [given.get(name, value) for name, value in self.fields]


def events(client: httpx.Client) -> tuple[Event, ...]:
    """All that have Python behind them, private and hidden ones too."""
    config = client.get("/config").json()
    props = {one["id"]: one.get("props", {}) for one in config["components"]}
    return tuple(
        Event(
            d["id"],
            str(d.get("api_name") or d["id"]),
            len(d["inputs"]),
            tuple((props[i].get("elem_id") or "", props[i].get("value")) for i in d["inputs"]),
        )
        for d in config["dependencies"]
        if d.get("backend_fn", True)
    )


def server_functions(client: httpx.Client) -> tuple[tuple[int, str], ...]:
    """The functions that components offer to their own scripts."""
    found = client.get("/config").json()["components"]
    return tuple(
        (component["id"], name)
        for component in found
        for name in component.get("props", {}).get("server_fns") or []
    )


def join(
    client: httpx.Client, event: Event, session: str, data: Sequence[Any] | None = None
) -> httpx.Response:
    """Ask for an event to be run."""
    values = list(data) if data is not None else [""] * event.inputs
    body = {"data": values, "fn_index": event.id, "session_hash": session, "event_data": None}
    return client.post(f"{PREFIX}/queue/join", json=body)


def messages(client: httpx.Client, session: str) -> Iterator[Mapping[str, Any]]:
    """What the server says about the session's events, until one has ended."""
    address = f"{PREFIX}/queue/data"
    with client.stream("GET", address, params={"session_hash": session}) as answer:
        assert answer.status_code == 200, answer.status_code
        for line in answer.iter_lines():
            if line.startswith("data:"):
                message = json.loads(line[5:])
                yield message
                if message["msg"] in ("process_completed", "close_stream"):
                    return


def run(client: httpx.Client, event: Event, data: Sequence[Any] | None = None) -> str:
    """Run an event in a new session; all that was said, as text."""
    session = secrets.token_hex(8)
    joined = join(client, event, session, data)
    assert joined.status_code == 200, (event, joined.status_code, joined.text)
    return json.dumps(list(messages(client, session)), ensure_ascii=False)


def call_server_function(
    client: httpx.Client, component: int, name: str, session: str, data: object = None
) -> httpx.Response:
    """What a component's own script does."""
    body = {"data": data, "component_id": component, "session_hash": session, "fn_name": name}
    return client.post(f"{PREFIX}/component_server", json=body)
