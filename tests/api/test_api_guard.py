"""The guard around a bare server: host, origin, size, headers, who is asking."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from api.gradio_routes import session_in_body
from api.headers import CONTENT_SECURITY_POLICY
from api.identity import NotIdentified, caller, identify
from tests.api.api_served import App, a_chat


async def echo(request: Request) -> Response:
    size = len(await request.body())
    seen = {name: value for name, value in request.headers.items() if "forward" in name}
    return JSONResponse(
        {"owner": caller(request), "scheme": request.url.scheme, "size": size, "seen": seen}
    )


async def swallow(request: Request) -> Response:
    """A route that makes an answer of its own out of every error, as some of Gradio's do."""
    try:
        await request.body()
    except Exception:
        return PlainTextResponse("400", 400)
    return PlainTextResponse("read")


async def open_to_all(request: Request) -> Response:
    return PlainTextResponse("x", headers={"Access-Control-Allow-Origin": "*"})


@pytest.fixture
def echoing(app: App) -> App:
    for path, endpoint in (("/echo", echo), ("/swallow", swallow), ("/open", open_to_all)):
        app.asgi.router.routes.append(Route(path, endpoint, methods=["GET", "POST"]))
    return app


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "a b"])
async def test_another_host_name_is_refused_in_one_sentence(echoing: App, host: str) -> None:
    async with echoing.client(host=host) as client:
        for path in ("/echo", "/api/health", "/gradio_api/info", "/static/own.js"):
            answer = await client.get(path)
            assert answer.status_code == 421
            assert "çağrılamaz" in answer.text
            assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:8000"])
async def test_a_foreign_origin_changes_nothing(echoing: App, origin: str) -> None:
    store = echoing.store()
    await store.create(a_chat("c1", "Kalacak"))
    async with echoing.client(origin=origin) as client:
        answers = [
            await client.post("/echo"),
            await client.patch("/api/chats/c1", json={"title": "Değişti"}),
            await client.delete("/api/chats/c1"),
            await client.post("/gradio_api/queue/join", json={"data": []}),
            await client.post("/api/language", json={"language": "en"}),
        ]
    assert [answer.status_code for answer in answers] == [403] * 5
    assert store.chats["c1"].title == "Kalacak"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_a_form_of_our_own_page_cannot_speak_json(echoing: App, kind: str) -> None:
    store = echoing.store()
    await store.create(a_chat("c1", "Kalacak"))
    async with echoing.client() as client:
        answer = await client.patch(
            "/api/chats/c1", content='{"title": "Değişti"}', headers={"Content-Type": kind}
        )
    assert answer.status_code == 422
    assert store.chats["c1"].title == "Kalacak"


@pytest.mark.parametrize("kind", ["image", "video", "embed"])
async def test_a_picture_in_a_text_asks_nothing_of_the_program(echoing: App, kind: str) -> None:
    async with echoing.client(
        **{"Sec-Fetch-Dest": kind, "Sec-Fetch-Site": "same-origin"}
    ) as client:
        answers = [
            await client.get(path)
            for path in ("/api/chats", "/gradio_api/heartbeat/1", "/static/own.js")
        ]
    assert [answer.status_code for answer in answers[:2]] == [404, 404]
    assert answers[2].status_code == 200


async def test_no_answer_lets_another_site_in_by_cors(echoing: App) -> None:
    async with echoing.client(origin="http://127.0.0.1:7860") as client:
        answer = await client.get("/open")
    assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_every_answer_carries_the_security_headers(echoing: App) -> None:
    async with echoing.client() as client:
        paths = ("/echo", "/missing", "/api/health", "/static/own.js", "/gradio_api/deep_link")
        for path in paths:
            headers = (await client.get(path)).headers
            assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"


async def test_what_a_proxy_would_say_is_not_believed(echoing: App) -> None:
    forged = {
        "X-Forwarded-For": "10.0.0.1",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "Forwarded": "host=evil.example",
        "X-Gradio-Server": "http://evil.example",
    }
    async with echoing.client(**forged) as client:
        answer = (await client.get("/echo")).json()
    assert answer["seen"] == {}
    assert answer["scheme"] == "http"


async def test_through_the_share_link_the_scheme_is_https(echoing: App) -> None:
    echoing.allowed.add("https://abc.gradio.live", secure=True)
    async with echoing.client(host="abc.gradio.live") as client:
        assert (await client.get("/echo")).json()["scheme"] == "https"


async def endless_body() -> AsyncIterator[bytes]:
    for _ in range(64):
        yield b"x" * 65_536


@pytest.mark.parametrize("path", ["/echo", "/swallow"])
async def test_too_large_a_request_is_refused_announced_or_streamed(
    echoing: App, path: str
) -> None:
    async with echoing.client() as client:
        announced = await client.post(path, content=b"x" * 1_000_001)
        streamed = await client.post(path, content=endless_body())
        fits = await client.post(path, content=b"x" * 1_000_000)
    assert (announced.status_code, streamed.status_code, fits.status_code) == (413, 413, 200)
    assert "en çok 1 MB" in announced.text
    assert "en çok 1 MB" in streamed.text


async def test_alone_the_owner_is_the_empty_name(echoing: App) -> None:
    async with echoing.client(**{"divan.owner": "mallory", "x-user": "mallory"}) as client:
        assert (await client.get("/echo")).json()["owner"] == ""


async def test_caller_refuses_to_guess() -> None:
    scope = {"type": "http", "headers": [(b"divan.owner", b"mallory")]}
    for source in (scope, Request(scope), object(), None, {"request": scope}):
        with pytest.raises(NotIdentified):
            caller(source)
    identify(scope, None)
    with pytest.raises(NotIdentified):
        caller(scope)
    identify(scope, "ayse")
    assert caller(Request(scope)) == "ayse"


SHUT = (
    "/gradio_api/deep_link?session_hash=abc",
    "/?deep_link=abc",
    "/config?deep_link=abc",
    "/gradio_api/proxy=https://x.hf.space/a",
    "/gradio_api/file=http://169.254.169.254/latest",
    "/gradio_api/file=https:/127.0.0.1:1/x",
    "/gradio_api/file=models.yaml",
    "/gradio_api/file=/etc/passwd",
    "/gradio_api/file=.git/config",
    "/gradio_api/file=chats/ayse/x.json",
    "/gradio_api/file=/tmp/gradio/../../etc/passwd",
    "/gradio_api/file/etc/passwd",
    "/gradio_api/stream/s/r/1/playlist.m3u8",
    "/gradio_api/runs",
    "/gradio_api/run-history/records",
    "/gradio_api/vibe-code",
    "/gradio_api/profiling/traces",
    "/gradio_api/token",
    "/gradio_api/dev/reload",
    "/gradio_api/mcp/sse",
    "/gradio_api/anything-new",
    "/monitoring",
    "/monitoring/summary",
    "/docs",
    "/redoc",
    "/openapi.json",
)


@pytest.mark.parametrize("path", SHUT)
async def test_addresses_that_leak_are_shut(app: App, path: str) -> None:
    async def reached(request: Request) -> Response:
        return StreamingResponse(iter([b"leak"]))

    app.asgi.router.routes.append(Route("/{rest:path}", reached))
    async with app.client() as client:
        answer = await client.get(path)
    assert answer.status_code == 404
    assert "leak" not in answer.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/documents/collections"),
        ("PATCH", "/api/chats/c1"),
        ("POST", "/api/chats/c1/branches"),
        ("POST", "/api/language"),
        ("POST", "/api/chats/c1/documents"),
    ],
)
async def test_a_small_route_reads_no_large_body(app: App, method: str, path: str) -> None:
    await app.store().create(a_chat("c1", "Kalacak"))
    body = b'{"name": [' + b"[]," * 60_000 + b"[]]}"
    async with app.client(**{"Content-Type": "application/json"}) as client:
        answer = await client.request(method, path, content=body)
    assert answer.status_code == 413
    assert "50 kB" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "body", [b"[" + b"[]," * 200_000 + b"1]", b"[" * 200_000, b'{"a":[1],' * 50_000]
)
def test_json_of_too_many_values_is_not_read(body: bytes) -> None:
    with pytest.raises(ValueError, match="too many"):
        session_in_body(b'{"session_hash": "s", "data": ' + body + b"}")


def test_a_long_question_may_hold_any_marks() -> None:
    code = '{"a": [1, "b\\\\\\"", {}]},\n' * 8000
    body = json.dumps({"data": [code, None, 0.5], "session_hash": "s"}).encode()
    assert session_in_body(body) == "s"
