"""The readiness of models is checked in the background and read without waiting."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from core.catalog import WIRE_FORMATS, Catalog, Model
from core.keys import Keys
from core.request import Readiness
from engine.current_catalog import CurrentCatalog
from engine.readiness import CHECKING, ReadinessBoard
from tests.engine.engine_script import a_model


def board(
    tmp_path: Path, models: tuple[Model, ...], check: object, **environ: str
) -> ReadinessBoard:
    keys = Keys(tmp_path / ".env", environ)
    return ReadinessBoard(Catalog(models=models), keys, check)  # type: ignore[arg-type]


async def test_checks_that_hang_hold_nobody_up_and_end_as_unreachable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.readiness._CHECK_TIMEOUT_S", 0.05)

    async def hang(_: Model) -> Readiness:
        await asyncio.Event().wait()
        raise AssertionError

    secret = a_model("b", base_url="http://me:hunter2@example.org:1/v1?key=hunter3")
    seen = board(tmp_path, (a_model("a"), secret), hang)
    seen.refresh()
    assert list((await seen.snapshot()).values()) == [CHECKING, CHECKING]
    async with asyncio.timeout(5):
        found = await seen.settled()
    assert {state.reason for state in found.values()} == {"unreachable"}
    assert found["b"].params == {"url": "http://example.org:1/v1"}


async def test_a_check_that_breaks_is_one_model_that_is_not_ready(tmp_path: Path) -> None:
    async def check(model: Model) -> Readiness:
        if model.id == "bad":
            raise RuntimeError("boom")
        return Readiness(True)

    seen = board(tmp_path, (a_model("bad"), a_model("good")), check)
    seen.refresh()
    found = await seen.settled()
    assert (found["bad"].ready, found["bad"].reason) == (False, "unknown")
    assert found["good"].ready


async def test_a_model_is_asked_once_however_often_a_page_looks(tmp_path: Path) -> None:
    asked: list[str] = []

    async def check(model: Model) -> Readiness:
        asked.append(model.id)
        return Readiness(True)

    seen = board(tmp_path, (a_model("a"),), check)
    for _ in range(100):
        seen.refresh()
        await asyncio.sleep(0)
    await seen.settled()
    assert asked == ["a"]
    seen.refresh(force=True)
    await seen.settled()
    assert asked == ["a", "a"]


async def test_a_missing_key_is_seen_without_asking_and_named(tmp_path: Path) -> None:
    asked: list[str] = []

    async def check(model: Model) -> Readiness:
        asked.append(model.id)
        return Readiness(True)

    seen = board(tmp_path, (a_model("a", api_key_env="SOME_KEY"),), check)
    assert (await seen.snapshot())["a"].params == {"key": "SOME_KEY"}
    seen.refresh()
    assert (await seen.settled())["a"].reason == "no_key"
    assert asked == []


async def test_a_catalog_without_models_has_nothing_to_check(tmp_path: Path) -> None:
    async def check(_: Model) -> Readiness:
        raise AssertionError

    seen = board(tmp_path, (), check)
    seen.refresh()
    assert await seen.settled() == {}


async def test_a_key_that_becomes_right_is_checked_at_once(tmp_path: Path) -> None:
    asked: list[str] = []
    answers = asyncio.Event()
    answers.set()

    async def check(model: Model) -> Readiness:
        asked.append(model.id)
        await answers.wait()
        return Readiness(True)

    (tmp_path / ".env").write_text("A_KEY=“curly quotes”\n", encoding="utf-8")
    seen = board(tmp_path, (a_model("a", api_key_env="A_KEY"), a_model("b")), check)
    await seen.look()
    assert (await seen.settled())["a"].reason == "key_characters"
    before = seen.changed.version
    (tmp_path / ".env").write_text("A_KEY=right\n", encoding="utf-8")
    answers.clear()
    await seen.look()
    assert (await seen.snapshot())["a"] == CHECKING
    answers.set()
    assert (await seen.settled())["a"].ready
    assert seen.changed.version > before
    await seen.look()
    await seen.settled()
    assert asked == ["b", "a"]


async def test_a_key_that_changes_during_a_check_is_checked_again(tmp_path: Path) -> None:
    keys: list[str] = []
    going, late = asyncio.Event(), asyncio.Event()
    env = Keys(tmp_path / ".env", {})

    async def check(_: Model) -> Readiness:
        keys.append(env.get("A_KEY") or "")
        if len(keys) == 1:
            going.set()
            await late.wait()
            return Readiness(False, "bad_key")
        return Readiness(True)

    (tmp_path / ".env").write_text("A_KEY=before\n", encoding="utf-8")
    models = (a_model("a", api_key_env="A_KEY"),)
    seen = ReadinessBoard(Catalog(models=models), env, check)
    await seen.look()
    async with asyncio.timeout(10):
        await going.wait()
    (tmp_path / ".env").write_text("A_KEY=later\n", encoding="utf-8")
    await seen.look()
    assert (await seen.settled())["a"].ready
    late.set()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait([task])
    assert (await seen.snapshot())["a"].ready
    assert keys == ["before", "later"]


async def test_an_entry_that_changes_is_checked_at_once_and_a_new_one_too(tmp_path: Path) -> None:
    async def check(model: Model) -> Readiness:
        return Readiness(model.name == "right", "no_model")

    file = tmp_path / "models.yaml"
    row = "models: [{{id: a, provider: ollama, name: {}}}{}]\n"
    file.write_text(row.format("wrong", ""), encoding="utf-8")
    catalog = CurrentCatalog.of_file(file, WIRE_FORMATS)
    seen = ReadinessBoard(catalog, Keys(tmp_path / ".env", {}), check)
    await seen.look()
    assert not (await seen.settled())["a"].ready
    more = ", {id: b, provider: ollama, name: right}"
    file.write_text(row.format("right", more), encoding="utf-8")
    await catalog.look()
    await seen.look()
    assert {name: one.ready for name, one in (await seen.settled()).items()} == {
        "a": True,
        "b": True,
    }
