"""Sets of models by name, kept in a file of their own."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from core.errors import RejectedInput
from engine.model_sets import ModelSets


async def test_a_set_keeps_the_order_of_its_models_and_is_there_for_the_next_run(
    tmp_path: Path,
) -> None:
    await ModelSets(tmp_path).save("", "  Günlük\tüçlü ", ("c", "a", "b"))
    assert await ModelSets(tmp_path).all("") == {"Günlük üçlü": ("c", "a", "b")}


async def test_each_owner_has_their_own_sets(tmp_path: Path) -> None:
    sets = ModelSets(tmp_path)
    await asyncio.gather(sets.save("ayşe", "x", ("a", "b")), sets.save("ali", "x", ("c", "d")))
    assert await sets.all("ayşe") == {"x": ("a", "b")}
    await sets.delete("ayşe", "x")
    assert (await sets.all("ayşe"), await sets.all("ali")) == ({}, {"x": ("c", "d")})


async def test_saving_under_a_known_name_replaces_the_set(tmp_path: Path) -> None:
    sets = ModelSets(tmp_path)
    await sets.save("", "x", ("a", "b"))
    assert await sets.save("", "x", ("b", "c")) == {"x": ("b", "c")}


@pytest.mark.parametrize("name", ["", "   ", "a" * 61, "zil\x07"])
async def test_a_name_that_cannot_be_shown_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(RejectedInput) as refused:
        await ModelSets(tmp_path).save("", name, ("a", "b"))
    assert refused.value.card.kind == "set_name"
    assert not (tmp_path / "model_sets.json").exists()


async def test_a_set_of_nothing_and_one_too_many_are_refused(tmp_path: Path) -> None:
    sets = ModelSets(tmp_path)
    with pytest.raises(RejectedInput, match="No model is chosen"):
        await sets.save("", "x", ())
    for number in range(50):
        await sets.save("", str(number), ("a", "b"))
    with pytest.raises(RejectedInput, match="50 sets"):
        await sets.save("", "one more", ("a", "b"))
    assert len(await sets.save("", "49", ("c",))) == 50


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"": 5}', '{"": {"x": 5}}', "\xff"])
async def test_a_damaged_file_is_an_empty_one_that_can_be_written_again(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "model_sets.json").write_text(text, encoding="latin-1")
    sets = ModelSets(tmp_path)
    assert await sets.all("") == {}
    assert await sets.save("", "x", ("a", "b")) == {"x": ("a", "b")}
