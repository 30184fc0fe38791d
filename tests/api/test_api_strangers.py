"""What the server does for callers it does not know: little, and nothing without a login."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.api.api_served import AYSE, App


class Sent:
    """A body without end that counts what was read of it."""

    def __init__(self) -> None:
        self.bytes = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(1_000):
            self.bytes += 1_000
            yield b"x" * 1_000


@pytest.mark.parametrize("path", ["/login", "/logout", "/api/health", "/static/page.css"])
async def test_a_stranger_announces_a_large_body_in_vain(shared_app: App, path: str) -> None:
    async with shared_app.client() as client:
        answer = await client.post(path, content=b"x" * 16_001)
    assert answer.status_code == 413
    assert "16 kB" in answer.text


async def test_a_form_without_end_is_read_no_further_than_a_form_goes(shared_app: App) -> None:
    sent = Sent()
    async with shared_app.client() as client:
        answer = await client.post("/login", content=sent)
    assert answer.status_code == 413
    assert sent.bytes <= 20_000


@pytest.mark.parametrize(
    "path", ["/api/chats", "/gradio_api/queue/join", "/api/documents", "/missing"]
)
async def test_nothing_of_a_strangers_request_is_read_elsewhere(shared_app: App, path: str) -> None:
    sent = Sent()
    async with shared_app.client() as client:
        answer = await client.post(path, content=sent)
    assert (answer.status_code, sent.bytes) == (401, 0)


async def test_the_form_is_short_for_users_too(shared_app: App) -> None:
    sent = Sent()
    async with shared_app.client() as client:
        form = {"user": AYSE.user, "password": AYSE.password}
        assert (await client.post("/login", data=form)).status_code == 303
        answer = await client.post("/login", content=sent)
    assert (answer.status_code, sent.bytes <= 20_000) == (413, True)


@pytest.mark.parametrize(
    ("peer", "status"),
    [("127.0.0.1", 200), ("::1", 200), ("::ffff:127.0.0.1", 200), ("192.168.1.7", 403)],
)
async def test_without_logins_only_this_computer_is_answered(
    app: App, peer: str, status: int
) -> None:
    transport = httpx.ASGITransport(app=app.asgi, client=(peer, 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:7860") as client:
        answer = await client.get("/api/chats", headers={"X-Forwarded-For": "127.0.0.1"})
    assert answer.status_code == status


async def test_with_logins_other_computers_are_asked_to_log_in(shared_app: App) -> None:
    transport = httpx.ASGITransport(app=shared_app.asgi, client=("192.168.1.7", 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:7860") as client:
        assert (await client.get("/api/chats")).status_code == 401
