"""The language a person chose is in the page before its first script runs."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tests.api.api_served import App

PAGE = '<!doctype html>\n<html\n\tlang="en"\n\tstyle="margin: 0">\n<head>\n<script>first()</script>'

JSON = {"Content-Type": "application/json"}


async def page(request: Request) -> Response:
    return HTMLResponse(PAGE)


@pytest.fixture
def paged(app: App) -> App:
    app.asgi.router.routes.append(Route("/", page))
    app.asgi.router.routes.append(Route("/other", page))
    return app


async def test_turkish_is_the_default_and_english_a_choice(paged: App) -> None:
    async with paged.client() as client:
        first = (await client.get("/")).text
        chosen = await client.post("/api/language", json={"language": "en"})
        second = (await client.get("/")).text
    assert 'lang="tr"' in first
    assert first.index("'tr-TR'") < first.index("first()")
    assert chosen.json() == {"language": "en"}
    assert 'lang="en"' in second
    assert second.index("'en-US'") < second.index("first()")


async def test_the_flag_sets_the_first_language(tmp_path: object, paged: App) -> None:
    async with paged.client(cookie="divan_lang=de") as client:
        assert 'lang="tr"' in (await client.get("/")).text


@pytest.mark.parametrize(
    "body", [b'{"language": "de"}', b"{}", b"[]", b"x", b'{"language": ["tr"]}']
)
async def test_only_known_languages_can_be_chosen(paged: App, body: bytes) -> None:
    async with paged.client() as client:
        answer = await client.post("/api/language", content=body, headers=JSON)
    assert answer.status_code == 422
    assert "set-cookie" not in answer.headers


async def test_nothing_but_the_page_is_touched(paged: App) -> None:
    async def data(request: Request) -> Response:
        return JSONResponse({"html": PAGE})

    async with paged.client() as client:
        assert (await client.get("/other")).text == PAGE
        head = await client.head("/")
        assert head.status_code == 200
