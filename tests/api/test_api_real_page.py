"""Divan's own page, started as a person starts it: two users try every event and every route."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from typing import Any

import pytest

from storage.codec import encode
from tests.api.api_served import AYSE, CANARY, MEHMET, Page, a_chat
from tests.api.gradio_walk import Event, call_server_function, events, messages, server_functions
from tests.support import divan_app, process
from tests.support.divan_app import free_port

SECRET = "yalnızca onun bildiği söz"
CHAT = "20261001-100000-secret"
MODELS = """
providers: {closed: {format: openai_compatible, base_url: "http://127.0.0.1:9"}}
models: [{id: closed, provider: closed, name: none, api_key_env: CANARY_KEY}]
"""


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("real")
    (folder / "models.yaml").write_text(MODELS)
    (folder / ".env").write_text(f"CANARY_KEY={CANARY}\n")
    (folder / "chats" / "ayse").mkdir(parents=True)
    chat = a_chat(CHAT, "Gizli başlık", SECRET)
    (folder / "chats" / "ayse" / f"{CHAT}.json").write_bytes(encode(chat))
    flags = [*divan_app.folders(folder), "--no-open", "--port", str(free_port())]
    for login in (AYSE, MEHMET):
        flags += ["--auth", f"{login.user}:{login.password}"]
    program = process.start(flags, folder, errors=folder / "terminal.txt")
    try:
        yield Page(divan_app.first_address(program), folder)
    finally:
        process.close(program)


def try_event(client: Any, event: Event, data: list[Any], about: object) -> str:
    """What an event says about another's chat, however it ends."""
    session = secrets.token_hex(8)
    body = {
        "data": data,
        "fn_index": event.id,
        "session_hash": session,
        "event_data": about,
        "trigger_id": None,
    }
    joined = client.post("/gradio_api/queue/join", params={"chat": CHAT}, json=body)
    if joined.status_code != 200:
        return str(joined.text)
    return json.dumps(list(messages(client, session)), ensure_ascii=False)


ABOUT = {
    "chat": CHAT,
    "id": CHAT,
    "answer": "m1",
    "message": "m1",
    "painted": True,
    "index": 0,
    "text": "x",
    "name": "x",
    "trip": 1,
}
WHERE = json.dumps({"chat": CHAT, "shown": 50, "painted": True})


def test_no_event_shows_another_users_chat(real: Page) -> None:
    with real.client(AYSE) as ayse, real.client(MEHMET) as mehmet:
        all_events = events(mehmet)
        assert len(all_events) >= 10
        seen: list[str] = []
        for event in all_events:
            named = event.filled(where=WHERE, model="closed")
            for data in ([""] * event.inputs, [CHAT] * event.inputs, named):
                said = try_event(mehmet, event, data, ABOUT)
                assert SECRET not in said, event
                assert "Gizli başlık" not in said, event
            if event.name in ("open", "settle", "earlier", "begin_branch", "open_path"):
                seen.append(try_event(ayse, event, event.filled(where=WHERE), ABOUT))
        assert len(seen) == 5
        assert [said for said in seen if SECRET not in said] == [], "the walk proves nothing"
        for component, name in server_functions(mehmet):
            for given in (CHAT, {"chat": CHAT}, [CHAT], None):
                session = secrets.token_hex(8)
                told = call_server_function(mehmet, component, name, session, given).text
                assert SECRET not in told


def test_no_route_shows_another_users_chat(real: Page) -> None:
    attempts = (
        ("GET", "/api/chats"),
        ("GET", "/api/chats?q=bildi%C4%9Fi"),
        ("GET", "/api/chats/outline"),
        ("GET", f"/api/chats/{CHAT}"),
        ("GET", f"/api/chats/{CHAT}/export"),
        ("PATCH", f"/api/chats/{CHAT}"),
        ("DELETE", f"/api/chats/{CHAT}"),
        ("POST", f"/api/trash/{CHAT}/restore"),
        ("GET", f"/gradio_api/file={real.folder}/chats/ayse/{CHAT}.json"),
        ("GET", f"/?chat={CHAT}"),
    )
    with real.client(MEHMET) as mehmet, real.client() as nobody, real.client(AYSE) as ayse:
        for method, path in attempts:
            body = {"title": "x"} if method == "PATCH" else None
            answer = mehmet.request(method, path, json=body)
            assert SECRET not in answer.text, path
            assert answer.json()["total"] == 0 if "total" in answer.text[:9] else True
            refused = nobody.request(method, path, json=body)
            assert refused.status_code in (302, 401, 404), path
        assert SECRET in ayse.get(f"/api/chats/{CHAT}").text
        assert ayse.get("/api/chats").json()["total"] == 1


def test_a_stranger_can_start_no_event(real: Page) -> None:
    with real.client(AYSE) as ayse, real.client() as nobody:
        for event in events(ayse):
            body = {"data": [""] * event.inputs, "fn_index": event.id, "session_hash": "s"}
            assert nobody.post("/gradio_api/queue/join", json=body).status_code == 401
            named = nobody.post(f"/gradio_api/run/{event.name}", json={"data": []})
            assert named.status_code == 401


def test_no_key_and_no_path_in_the_page_or_its_config(real: Page) -> None:
    with real.client(AYSE) as client:
        told = [client.get(path).text for path in ("/", "/config", "/gradio_api/info")]
        told.append(client.get("/api/models").text)
    told.append((real.folder / "terminal.txt").read_text())
    told += [p.read_text() for p in (real.folder / "data" / "logs").glob("*")]
    for text in told:
        assert CANARY not in text
    for text in told[:4]:
        assert str(real.folder) not in text
        assert not re.search(r'"path":\s*"/', text)
