"""The real program with two users: a running answer is its owner's alone, a key is nobody's, and
what lies in the chats folder is either a chat or nothing."""

from __future__ import annotations

import json
import os
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from core.settings import Login
from tests.api.api_served import AYSE, CANARY, MEHMET, Page
from tests.api.gradio_walk import Event, events, messages
from tests.support import divan_app, process
from tests.support.divan_app import DivanApp
from tests.support.paced_provider import PacedProvider

CATALOG = """
providers:
  paced: {{format: openai_compatible, base_url: "{paced}"}}
  echo: {{format: openai_compatible, base_url: "{echo}", api_key_env: CANARY_KEY}}
models:
  - {{id: hold, provider: paced, name: hold}}
  - {{id: echo, provider: echo, name: echo}}
"""
SECRET = "bir iki üç"


class Echo(BaseHTTPRequestHandler):
    """A provider that refuses and repeats everything it was sent, the key included."""

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self._refuse("")

    def do_POST(self) -> None:
        self._refuse(self.rfile.read(int(self.headers["content-length"])).decode())

    def _refuse(self, body: str) -> None:
        told = f"refused {self.headers.get('authorization')} {dict(self.headers)} {body}"
        text = json.dumps({"error": {"message": told, "code": told}}).encode()
        self.send_response(400)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


@contextmanager
def echoing() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def provider() -> Iterator[PacedProvider]:
    server = PacedProvider()
    yield server
    server.close()


@pytest.fixture(scope="module")
def app(provider: PacedProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DivanApp]:
    folder = tmp_path_factory.mktemp("answers")
    (folder / ".env").write_text(f"CANARY_KEY={CANARY}\n")
    logins = [flag for one in (AYSE, MEHMET) for flag in ("--auth", f"{one.user}:{one.password}")]
    with (
        echoing() as echo,
        divan_app.running(folder, CATALOG.format(paced=provider.url, echo=echo), *logins) as app,
    ):
        yield app


@pytest.fixture(scope="module")
def page(app: DivanApp) -> Page:
    return Page(app.url, app.folder)


@contextmanager
def following(page: Page, login: Login) -> Iterator[ClientConnection]:
    cookie = "; ".join(f"{k}={v}" for k, v in page.cookies(login).items())
    address = page.url.replace("http", "ws") + "/ws"
    with connect(address, additional_headers={"Cookie": cookie}) as socket:
        yield socket


def hear(socket: ClientConnection, *kinds: str) -> dict[str, Any]:
    while True:
        message: dict[str, Any] = json.loads(socket.recv(timeout=20))
        if message["type"] in kinds:
            return message


def run_event(client: Any, name: str, data: list[Any], about: object = None) -> str:
    """Run an event as the page does, with nothing filled in where `data` is empty; everything it
    said."""
    return run_once(
        client, next(event for event in events(client) if event.name == name), data, about
    )


def run_once(client: Any, event: Event, data: list[Any], about: object) -> str:
    session = secrets.token_hex(8)
    filled = data or event.filled()
    body = {"data": filled, "fn_index": event.id, "session_hash": session, "event_data": about}
    joined = client.post("/gradio_api/queue/join", json=body)
    assert joined.status_code == 200, joined.text
    return json.dumps(list(messages(client, session)), ensure_ascii=False)


def ask(client: Any, model: str, text: str) -> str:
    """Send a question from an empty page."""
    send = next(event for event in events(client) if event.name == "send")
    where = json.dumps({"chat": None, "painted": True})
    return run_event(client, "send", send.filled(where=where, model=model), {"text": text})


def ended(client: Any, chat: str) -> str:
    """The chat's file once its last answer has ended."""
    until = time.monotonic() + 20
    while '"outcome": "streaming"' in (text := str(client.get(f"/api/chats/{chat}").text)):
        assert time.monotonic() < until, text
        time.sleep(0.02)
    return text


def test_a_running_answer_is_its_owners_alone(page: Page, provider: PacedProvider) -> None:
    provider.hold()
    with (
        page.client(AYSE) as ayse,
        page.client(MEHMET) as mehmet,
        following(page, AYSE) as owner,
        following(page, MEHMET) as stranger,
    ):
        assert hear(owner, "running")["turns"] == []
        assert hear(stranger, "running")["turns"] == []
        ask(ayse, "hold", "gizli soru")
        (running,) = hear(owner, "running")["turns"]
        turn, chat = running["turn"], running["chat"]
        owner.send(json.dumps({"type": "follow", "turn": turn, "after": 0}))
        text = ""
        while SECRET not in text:
            text += hear(owner, "frame")["text"]

        for kind in ("stop", "unfollow", "follow"):
            stranger.send(json.dumps({"type": kind, "turn": turn, "after": 0}))
        assert hear(stranger, "gone", "frame", "running", "end")["type"] == "gone"
        about = {"chat": chat, "answer": turn, "painted": False, "text": "x"}
        where = json.dumps(about)
        for event in events(mehmet):
            for data in ([""] * event.inputs, event.filled(where=where, model="hold")):
                session = secrets.token_hex(8)
                body = {"data": data, "fn_index": event.id, "session_hash": session}
                joined = mehmet.post("/gradio_api/queue/join", json={**body, "event_data": about})
                if joined.status_code == 200:
                    said = json.dumps(list(messages(mehmet, session)), ensure_ascii=False)
                    assert SECRET not in said, event
                    assert "gizli soru" not in said, event
        for method, path in (
            ("DELETE", f"/api/chats/{chat}"),
            ("PATCH", f"/api/chats/{chat}"),
            ("GET", f"/api/chats/{chat}"),
            ("GET", f"/api/chats/{chat}/export?format=json"),
        ):
            change = {"title": "x"} if method == "PATCH" else None
            assert mehmet.request(method, path, json=change).status_code == 404

        assert ayse.get(f"/api/chats/{chat}").json()["messages"][-1]["id"] == turn
        provider.release()
        assert hear(owner, "end")["outcome"] == "complete"


def test_a_key_that_a_provider_repeats_is_kept_nowhere(page: Page, app: DivanApp) -> None:
    with page.client(AYSE) as ayse:
        said = ask(ayse, "echo", "Soru")
        rows = ayse.get("/api/chats").json()["rows"]
        chat = next(row["id"] for row in rows if row["title"] == "Soru")
        whole = ended(ayse, chat)
        assert '"outcome": "failed"' in whole
        assert "refused" in whole
        told = [said, whole, *(ayse.get(path).text for path in ("/", "/config", "/api/models"))]
        told += [
            ayse.get(f"/api/chats/{chat}/export", params={"format": form}).text
            for form in ("markdown", "json")
        ]
        told.append(run_event(ayse, "open", [], {"chat": chat, "painted": True}))
    told += [path.read_text("utf-8") for path in app.chats.rglob("*.json")]
    told.append(app.log)
    arguments = (*("--config", str(app.folder / "models.yaml")), *("check", "echo"))
    checked = process.run([*arguments, "--data", str(app.folder / "check")], app.folder)
    assert "echo" in checked.stdout
    told += [checked.stdout, checked.stderr]
    told.append((app.folder / "check" / "logs" / "divan.log").read_text("utf-8"))
    assert [text[:200] for text in told if CANARY in text] == []


ODD_IDS = ("..", "%2e%2e", "..%2fayse", "%2e%2e%2f.env", "a%00b", "A", "trash", "corrupt", "x" * 90)
FOR_EVERY_EVENT = ("..", "..%2fayse", "trash")
"""A way out, another's folder, a folder of our own: every event asks one store for its chat, which
the others reach by the routes and by opening a chat."""


@pytest.mark.parametrize("odd", ODD_IDS)
def test_no_id_leaves_its_folder_on_any_route(page: Page, odd: str) -> None:
    with page.client(MEHMET) as client:
        for method, path in (
            ("GET", f"/api/chats/{odd}"),
            ("PATCH", f"/api/chats/{odd}"),
            ("DELETE", f"/api/chats/{odd}"),
            ("GET", f"/api/chats/{odd}/export"),
            ("POST", f"/api/trash/{odd}/restore"),
        ):
            body = {"title": "x"} if method == "PATCH" else None
            answer = client.request(method, path, json=body)
            assert answer.status_code in (404, 405), (method, path, answer.status_code)
            assert CANARY not in answer.text
        for event in events(client) if odd in FOR_EVERY_EVENT else ():
            where = json.dumps({"chat": odd, "painted": True, "shown": 10**9})
            data = event.filled(where=where, model="echo")
            assert CANARY not in run_once(client, event, data, {"chat": odd, "answer": odd}), event
        opened = run_event(client, "open", [], {"chat": odd, "painted": True})
        assert CANARY not in opened
        assert '"success": true' in opened


def test_files_of_the_machine_are_not_served(page: Page, app: DivanApp) -> None:
    with page.client(AYSE) as client:
        for path in (app.folder / ".env", app.folder / "models.yaml", Path("/etc/passwd")):
            for address in (
                f"/gradio_api/file={path}",
                f"/file={path}",
                f"/gradio_api/file={os.path.relpath(path)}",
                f"/static/../..{path}",
                f"/static/%2e%2e/%2e%2e/..{path}",
            ):
                answer = client.get(address)
                assert answer.status_code in (403, 404), address
                assert CANARY not in answer.text


def test_a_file_as_content_and_a_link_as_chat_are_neither_served_nor_fatal(
    page: Page, app: DivanApp
) -> None:
    folder = app.chats / "mehmet"
    folder.mkdir(exist_ok=True)
    broken = app.log.count("Traceback")
    stolen = {"path": str(app.folder / ".env"), "url": "file:///etc/passwd"}
    for number, content in enumerate((stolen, [stolen], {"component": "image", "value": stolen})):
        message = {"id": "1", "role": "user", "content": content}
        text = json.dumps({"title": "t", "messages": [message]})
        (folder / f"dict-{number}.json").write_text(text)
    (folder / "linked.json").symlink_to(app.folder / ".env")
    others = next((app.chats / "ayse").glob("*.json"), None)
    if others:
        (folder / "theirs.json").symlink_to(others)
    with page.client(MEHMET) as client:
        for chat in ("dict-0", "dict-1", "dict-2", "linked", "theirs"):
            told = [
                client.get(f"/api/chats/{chat}"),
                client.get(f"/api/chats/{chat}/export"),
                client.get(f"/?chat={chat}"),
            ]
            assert [answer.status_code for answer in told[:2]] != [200, 200], chat
            said = run_event(client, "open", [], {"chat": chat, "painted": True})
            for text in (said, *(answer.text for answer in told)):
                assert CANARY not in text
                assert "gizli soru" not in text
                assert "root:" not in text
        assert client.get("/api/chats").status_code == 200
    assert app.log.count("Traceback") == broken


def test_every_answer_of_the_real_program_carries_the_policy(page: Page) -> None:
    with page.client() as nobody, page.client(AYSE) as ayse:
        for client in (nobody, ayse):
            for path in ("/", "/login", "/config", "/api/models", "/api/chats", "/api/none", "/x"):
                answer = client.get(path)
                assert "default-src 'self'" in answer.headers["content-security-policy"], path
                assert answer.headers["x-content-type-options"] == "nosniff"
