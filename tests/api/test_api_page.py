"""The real Gradio page behind the guard: two users, a stranger, another site, every route."""

from __future__ import annotations

import json
import re
import secrets
import socket

import httpx
import pytest
from gradio_client import Client  # type: ignore[import-untyped]
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from api.gradio_routes import is_shut
from api.headers import CONTENT_SECURITY_POLICY
from tests.api.api_served import AYSE, CANARY, MEHMET, Page
from tests.api.gradio_walk import (
    Event,
    call_server_function,
    events,
    join,
    messages,
    run,
    server_functions,
)

OPEN_TO_THE_PAGE = frozenset(
    (
        "/",
        "/assets/{path:path}",
        "/config",
        "/favicon.ico",
        "/gradio_api/api/{api_name}",
        "/gradio_api/app_id",
        "/gradio_api/call/v2/{api_name}",
        "/gradio_api/call/v2/{api_name}/{event_id}",
        "/gradio_api/call/{api_name}",
        "/gradio_api/call/{api_name}/{event_id}",
        "/gradio_api/cancel",
        "/gradio_api/component_server",
        "/gradio_api/heartbeat/{session_hash}",
        "/gradio_api/info",
        "/gradio_api/login_check",
        "/gradio_api/queue/data",
        "/gradio_api/queue/join",
        "/gradio_api/queue/status",
        "/gradio_api/reset",
        "/gradio_api/run/{api_name}",
        "/gradio_api/startup-events",
        "/gradio_api/theme.css",
        "/gradio_api/user",
        "/login",
        "/logout",
        "/manifest.json",
        "/pwa_icon",
        "/pwa_icon/{size}",
        "/robots.txt",
        "/static/{path:path}",
        "/svelte/{path:path}",
        "/theme.css",
    )
)
"""Routes of Gradio that somebody has read and found to show a caller only what is theirs."""

OURS = ("/api/", "/ws", "/static-")


async def test_every_route_of_gradio_is_known_or_shut(alone: Page) -> None:
    theirs = [t for t in alone.routes if not t.startswith(OURS) and t != "/static"]
    assert len(theirs) > 60
    unknown = {
        template
        for template in theirs
        if (template.rstrip("/") or "/") not in OPEN_TO_THE_PAGE
        and not is_shut(re.sub(r"\{.*?\}", "x1", template), b"")
    }
    assert unknown == set(), "read what these routes do, then open or shut them"


@pytest.fixture(scope="module")
def page_events(shared: Page) -> dict[str, Event]:
    with shared.client(AYSE) as client:
        return {event.name: event for event in events(client)}


def test_every_event_knows_who_is_asking(shared: Page, page_events: dict[str, Event]) -> None:
    for login in (AYSE, MEHMET):
        with shared.client(login) as client:
            for name in ("queued", "direct", "streamed"):
                assert f"owner={login.user}" in run(client, page_events[name])
            for component, name in server_functions(client):
                answer = call_server_function(client, component, name, secrets.token_hex(8))
                assert answer.json() == f"owner={login.user}"
            body = {"data": ["x"], "session_hash": secrets.token_hex(8)}
            direct = client.post("/gradio_api/run/direct", json=body)
            assert direct.json()["data"] == [f"owner={login.user}"]
            called = client.post("/gradio_api/call/queued", json={"data": ["x"]}).json()
            told = client.get(f"/gradio_api/call/queued/{called['event_id']}").text
            assert f"owner={login.user}" in told


def test_alone_every_event_works_for_the_one_person(alone: Page) -> None:
    with alone.client() as client:
        for event in events(client):
            said = run(client, event)
            assert "owner=" in said or event.name in ("keep", "leaky")
            assert ('"success": true' in said) == (event.name != "leaky")
    told = Client(alone.url, verbose=False)
    try:
        assert told.predict("x", api_name="/queued") == "owner="
        assert told.submit("x", api_name="/streamed").result(timeout=20) == "owner="
    finally:
        told.close()


def test_a_stranger_reaches_nothing(shared: Page, page_events: dict[str, Event]) -> None:
    with shared.client() as nobody:
        for event in page_events.values():
            assert join(nobody, event, "s").status_code == 401
        for template in shared.routes:
            path = re.sub(r"\{.*?\}", "x1", template)
            for method in ("GET", "POST", "PATCH", "DELETE", "PUT"):
                answer = nobody.request(method, path, headers={"accept": "application/json"})
                free = path in ("/login", "/logout", "/api/health", "/favicon.ico", "/robots.txt")
                free = (
                    free
                    or path.startswith(("/static/", "/static-"))
                    or path.endswith("/startup-events")
                )
                to_form = path == "/" and answer.headers.get("location") == "/login"
                assert free or to_form or answer.status_code in (401, 404), (method, path)
                assert "gizli söz" not in answer.text


def test_anothers_gradio_session_is_out_of_reach(
    shared: Page, page_events: dict[str, Event]
) -> None:
    session = secrets.token_hex(8)
    keep = page_events["keep"]
    with shared.client(AYSE) as ayse, shared.client(MEHMET) as mehmet:
        assert join(ayse, keep, session, ["gizli", None]).status_code == 200
        assert join(mehmet, keep, session, ["x", None]).status_code == 403
        for address in (
            f"/gradio_api/queue/data?session_hash={session}",
            f"/gradio_api/heartbeat/{session}",
            f"/gradio_api/call/queued/{session}",
            f"/gradio_api/call/v2/queued/{session}",
        ):
            assert mehmet.get(address).status_code == 403
        body = {"data": ["x", None], "session_hash": session}
        for path in ("run/keep", "api/keep", "run/keep/", "reset"):
            assert mehmet.post(f"/gradio_api/{path}", json=body).status_code == 403
        cancel = {"session_hash": session, "fn_index": keep.id, "event_id": "x"}
        assert mehmet.post("/gradio_api/cancel", json=cancel).status_code == 403
        for component, name in server_functions(mehmet):
            assert call_server_function(mehmet, component, name, session).status_code == 403
        form = {"session_hash": (None, session), "component_id": (None, "1")}
        assert mehmet.post("/gradio_api/component_server", files=form).status_code == 422
        said = list(messages(ayse, session))
        assert said[-1]["msg"] in ("process_completed", "close_stream")


def test_another_site_can_start_nothing(alone: Page) -> None:
    with alone.client() as client:
        event = events(client)[0]
        for origin in ("http://evil.example", "null", "http://localhost:1"):
            client.headers["origin"] = origin
            assert join(client, event, "s").status_code == 403
            preflight = client.options(
                "/gradio_api/queue/join", headers={"access-control-request-method": "POST"}
            )
            read = client.get("/config")
            for answer in (preflight, read):
                assert "access-control-allow-origin" not in answer.headers
                assert "access-control-allow-credentials" not in answer.headers


def test_a_rebound_name_is_refused_everywhere(alone: Page) -> None:
    with alone.client() as client:
        client.headers["host"] = "rebound.example:7860"
        paths = ("/", "/config", "/api/chats", "/gradio_api/info", "/assets/x", "/static/own.js")
        for path in paths:
            assert client.get(path).status_code == 421
        preflight = {"origin": "http://rebound.example", "access-control-request-method": "POST"}
        assert client.options("/config", headers=preflight).status_code == 421


def test_websockets_ask_for_host_origin_and_login(alone: Page, shared: Page) -> None:
    address = alone.url.replace("http", "ws") + "/ws-owner"
    with connect(address, origin=Origin(alone.url)) as mine:
        assert mine.recv() == "owner="
    with connect(address) as program:
        assert program.recv() == "owner="
    for foreign in ("http://evil.example", "null", alone.url.replace("127.0.0.1", "localhost")):
        with pytest.raises(InvalidStatus):
            connect(address, origin=Origin(foreign))
    for path in ("/ws-owner", "/ws"):
        address = shared.url.replace("http", "ws") + path
        with connect(address) as stranger, pytest.raises(ConnectionClosed) as closed:
            stranger.recv(timeout=5)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401
    cookie = "; ".join(f"{k}={v}" for k, v in shared.cookies(MEHMET).items())
    address = shared.url.replace("http", "ws") + "/ws-owner"
    with connect(address, additional_headers={"Cookie": cookie}) as user:
        assert user.recv() == "owner=mehmet"


def test_every_answer_carries_the_policy(alone: Page) -> None:
    with alone.client() as client:
        for path in ("/", "/config", "/theme.css", "/missing", "/gradio_api/deep_link", "/ws"):
            answer = client.get(path)
            assert answer.headers.get_list("content-security-policy") == [CONTENT_SECURITY_POLICY]


def test_gradio_takes_no_file_and_serves_none(alone: Page) -> None:
    with alone.client() as client:
        sent = client.post("/gradio_api/upload", files={"files": ("a.txt", b"kendi")})
        assert sent.status_code == 404
        for path in ("models.yaml", ".git/config", "chats/x.json", "/etc/passwd"):
            assert client.get(f"/gradio_api/file={path}").status_code == 404


def too_much_in_chunks(url: str, path: str) -> bytes:
    """The status line that answers a file which is too large, and whose size was not announced. No
    more is sent than is read: a connection that is reset would lose the answer."""
    host, port = url.removeprefix("http://").split(":")
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nTransfer-Encoding: chunked\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    )
    part = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(head.encode())
        for piece in (part, b"x" * 1_000_000):
            connection.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        return connection.recv(4096).partition(b"\r\n")[0]


def test_odd_requests_are_refused_and_are_no_errors_of_ours(alone: Page) -> None:
    with alone.client() as client:
        names = ["x" * 3000, "ş" * 200, "x/" * 1200, "a%00b", "x" * 255, "%ff", "..%2f..%2fx"]
        folders = ("static", "assets", "svelte", "gradio_api", "pwa_icon")
        odd = {client.get(f"/{one}/{name}").status_code for one in folders for name in names}
    assert odd <= {403, 404, 422}
    assert b" 413 " in too_much_in_chunks(alone.url, "/api/documents")
    assert "ERROR" not in (alone.folder / "terminal.txt").read_text("utf-8")
    logs = (alone.folder / "data" / "logs").glob("*")
    assert [log.name for log in logs if " ERROR " in log.read_text("utf-8")] == []


def test_the_stream_of_anothers_event_is_out_of_reach(shared: Page) -> None:
    with shared.client(AYSE) as ayse, shared.client(MEHMET) as mehmet:
        begun = ayse.post("/gradio_api/call/queued", json={"data": ["gizli"]})
        stream = f"queued/{begun.json()['event_id']}"
        for call in ("call", "call/v2"):
            assert mehmet.get(f"/gradio_api/{call}/{stream}").status_code == 403
        assert "owner=ayse" in ayse.get(f"/gradio_api/call/{stream}").text


@pytest.mark.parametrize("name", ["deep_link", "%64eep_link", "deep%5Flink", "%64%65ep_link"])
def test_a_deep_link_is_shut_however_it_is_written(name: str) -> None:
    assert is_shut("/", f"{name}=x".encode())


def test_the_page_speaks_the_chosen_language(alone: Page) -> None:
    with alone.client() as client:
        page = client.get("/", headers={"accept-encoding": "br, gzip"})
        assert re.search(r'<html\s+lang="tr"', page.text)
        assert page.text.index("'tr-TR'") < page.text.index("gradio_config")
        client.post("/api/language", json={"language": "en"})
        assert "'en-US'" in client.get("/").text


def test_forwarded_headers_do_not_move_the_page(alone: Page) -> None:
    forged = {"x-forwarded-host": "evil.example", "x-gradio-server": "http://evil.example"}
    with alone.client() as client:
        assert "evil.example" not in client.get("/", headers=forged).text
        assert "evil.example" not in client.get("/config", headers=forged).text


def test_the_key_is_nowhere(shared: Page, page_events: dict[str, Event]) -> None:
    with shared.client(AYSE) as client:
        said = [client.get(path).text for path in ("/", "/config", "/gradio_api/info")]
        said += [client.get("/api/models").text, run(client, page_events["leaky"])]
    written = (shared.folder / "data" / "logs" / "divan.log").read_text(encoding="utf-8")
    assert "a handler broke" in written
    terminal = (shared.folder / "terminal.txt").read_text(encoding="utf-8")
    for text in (*said, written, terminal):
        assert CANARY not in text
    assert "Traceback" not in terminal


def test_what_breaks_is_one_line_on_the_terminal(alone: Page) -> None:
    address = alone.url.replace("http", "ws") + "/ws-broken"
    with connect(address) as broken, pytest.raises(ConnectionClosed):
        broken.recv(timeout=5)
    terminal = (alone.folder / "terminal.txt").read_text(encoding="utf-8")
    line = "ERROR Exception in ASGI application (RuntimeError: a route broke\\nin two lines)\n"
    assert line in terminal
    assert "Traceback" not in terminal


def test_the_config_tells_no_paths(alone: Page) -> None:
    with alone.client() as client:
        told = json.dumps(client.get("/config").json())
    assert str(alone.folder) not in told


def test_a_wrong_password_over_the_wire_is_slowed(shared: Page) -> None:
    with httpx.Client(base_url=shared.url) as client:
        codes = [
            client.post("/login", data={"user": "invented", "password": "x"}).status_code
            for _ in range(7)
        ]
    assert (codes[0], codes[-1]) == (401, 429)
