"""The page's own files: asked for again where they may change, kept where the address does."""

from __future__ import annotations

import json
import re
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from api.install import install
from tests.api.api_served import App, make_services


async def test_own_files_are_revalidated_and_cannot_be_left(app: App) -> None:
    async with app.client() as client:
        first = await client.get("/static/own.js")
        again = await client.get("/static/own.js", headers={"If-None-Match": first.headers["etag"]})
        outside = await client.get("/static/..%2fconftest.py")
        odd = await client.get("/static/%00")
    assert first.headers["content-type"].startswith("text/javascript")
    assert first.headers["cache-control"] == "no-cache"
    assert (again.status_code, outside.status_code, odd.status_code) == (304, 404, 404)


async def head_of(app: App) -> str:
    async def page(request: Request) -> Response:
        return HTMLResponse("<html lang='en'><head><script type='module' src='x'></script>")

    app.asgi.router.routes.append(Route("/", page))
    async with app.client() as client:
        return (await client.get("/")).text


def mapped(head: str) -> str:
    """Where imports of /static/ lead."""
    found = re.search(r'<script type="importmap">(.*?)</script>', head)
    assert found
    assert found.start() < head.index("type='module'")
    return str(json.loads(found[1])["imports"]["/static/"])


async def test_imported_scripts_are_kept_by_the_browser(app: App) -> None:
    address = mapped(await head_of(app))
    async with app.client() as client:
        kept = await client.get(f"{address}own.js")
        outside = await client.get(f"{address}..%2fconftest.py")
        other = await client.get("/static-000000000000/own.js")
    assert kept.headers["content-type"].startswith("text/javascript")
    assert kept.headers["cache-control"].endswith("immutable")
    assert (outside.status_code, other.status_code) == (404, 404)


async def test_a_change_of_any_file_changes_the_address(tmp_path: Path) -> None:
    (tmp_path / "static" / "deep").mkdir(parents=True)
    (tmp_path / "static" / "idle.js").touch()
    changing = tmp_path / "static" / "deep" / "own.js"
    addresses = []
    for number, text in enumerate(("1", "2", "1")):
        changing.write_text(text, encoding="utf-8")
        services, server = make_services(tmp_path / str(number)), Starlette()
        allowed = install(server, services, tmp_path / "static")
        addresses.append(mapped(await head_of(App(services, server, allowed))))
    assert addresses[0] == addresses[2] != addresses[1]
