"""GET /api/models follows models.yaml while the program runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette

from api.install import install
from core.catalog import WIRE_FORMATS
from engine.current_catalog import CurrentCatalog
from engine.readiness import ReadinessBoard
from tests.api.api_served import App, make_services

ROW = "models: [{id: a, provider: ollama, name: x}]\n"
KEY = "sk-canary-0123456789"


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    path = tmp_path / "models.yaml"
    path.write_text(ROW, encoding="utf-8")
    return path


@pytest.fixture
def app(tmp_path: Path, catalog: Path) -> App:
    services = make_services(tmp_path)
    current = CurrentCatalog.of_file(catalog, WIRE_FORMATS)
    board = ReadinessBoard(current, services.keys, services.router.check)
    services = replace(services, catalog=current, readiness=board)
    server = Starlette()
    allowed = install(server, services, Path(__file__).parent / "static")
    return App(services, server, allowed)


async def ids(app: App) -> list[str]:
    async with app.client() as client:
        return [row["id"] for row in (await client.get("/api/models")).json()]


async def test_a_model_that_is_added_is_listed_and_the_pages_hear_of_it(
    app: App, catalog: Path
) -> None:
    assert await ids(app) == ["a"]
    await app.services.readiness.settled()
    before = app.services.readiness.changed.version
    catalog.write_text(ROW.replace("id: a,", "id: b,"), encoding="utf-8")
    assert await ids(app) == ["b"]
    assert app.services.readiness.changed.version > before


async def test_a_key_that_is_written_into_the_catalog_is_kept_out_of_texts_from_then_on(
    app: App, catalog: Path
) -> None:
    header = f"name: x, headers: {{Authorization: Bearer {KEY}}}}}"
    catalog.write_text(ROW.replace("name: x}", header), encoding="utf-8")
    await ids(app)
    assert KEY not in app.services.keys.redact(f"refused {KEY}")
    assert KEY not in " ".join(app.services.problems("en"))
    assert len(app.services.problems("en")) == 1
