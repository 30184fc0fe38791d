"""models.yaml is read again while the program runs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from core.catalog import WIRE_FORMATS
from core.conversation import ChatSettings
from core.errors import RejectedInput
from core.events import TextDelta
from engine.current_catalog import CurrentCatalog
from engine.turns import Turns
from storage.files import FileStores
from tests.engine.engine_script import END, Script

FIRST = "  - {id: first, provider: ollama, name: a}\n"
SECOND = "  - {id: second, provider: ollama, name: b}\n"
NONE = ChatSettings()


class Edited:
    """A catalog and its file."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "models.yaml"
        self.write(f"models:\n{FIRST}")
        self.catalog = CurrentCatalog.of_file(self.path, WIRE_FORMATS)

    def write(self, text: str) -> None:
        self.path.write_text(text, encoding="utf-8")

    async def after(self, text: str) -> list[str]:
        """The ids there are once the file holds the text."""
        self.write(text)
        await self.catalog.look()
        return self.ids

    @property
    def ids(self) -> list[str]:
        return [model.id for model in self.catalog.models]

    def lines(self) -> list[str]:
        return [problem.line("en") for problem in self.catalog.loaded.problems]


@pytest.fixture
def edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Edited:
    monkeypatch.setattr("engine.current_catalog._SETTLES_AFTER_S", 0.001)
    return Edited(tmp_path)


async def test_what_a_person_adds_is_there_and_what_is_removed_is_not(edited: Edited) -> None:
    assert await edited.after(f"models:\n{FIRST}{SECOND}") == ["first", "second"]
    assert await edited.after(f"models:\n{SECOND}") == ["second"]
    assert edited.catalog.model("first") is None


async def test_only_a_change_is_told(edited: Edited) -> None:
    edition = edited.catalog.edition
    assert not await edited.catalog.look()
    edited.write(f"models:\n{FIRST}# a comment\n")
    assert not await edited.catalog.look()
    assert edited.catalog.edition == edition
    edited.write(f"models:\n{FIRST}{SECOND}")
    assert await edited.catalog.look()
    assert edited.catalog.edition != edition
    assert not await edited.catalog.look()


@pytest.mark.parametrize(
    "text", ["models: [\n", "", "just text\n", f"models:\n{FIRST}  - {{id: x, provi"]
)
async def test_a_file_that_is_no_catalog_changes_nothing_and_is_told(
    edited: Edited, text: str
) -> None:
    assert await edited.after(text) == ["first"]
    assert "stays in use" in edited.lines()[-1]
    assert await edited.after(f"models:\n{SECOND}") == ["second"]
    assert edited.lines() == []


async def test_a_file_that_is_gone_for_a_moment_changes_nothing(edited: Edited) -> None:
    edited.path.unlink()
    await edited.catalog.look()
    assert edited.ids == ["first"]


async def test_a_bad_entry_costs_that_entry_as_at_the_start(edited: Edited) -> None:
    assert await edited.after(f"models:\n{SECOND}  - {{id: x, provider: no}}\n") == ["second"]
    assert len(edited.lines()) == 1


async def test_what_only_a_restart_changes_stays_and_is_told(edited: Edited) -> None:
    await edited.after(
        f"language: en\nlimits: {{request_megabytes: 1, running_answers: 3}}\n"
        f"documents: {{passages: 3}}\nmodels:\n{SECOND}"
    )
    assert edited.catalog.now.language == "tr"
    assert (edited.catalog.limits.request_megabytes, edited.catalog.limits.running_answers) == (
        32,
        3,
    )
    assert edited.catalog.documents.passages == 8
    assert ["restart" in line for line in edited.lines()] == [True, True, True]


async def test_many_who_look_at_the_same_time_read_once(
    edited: Edited, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited.write(f"models:\n{SECOND}")
    told = await asyncio.gather(*(edited.catalog.look() for _ in range(20)))
    assert told.count(True) == 1
    assert edited.ids == ["second"]


async def test_an_answer_that_runs_goes_on_with_the_model_it_has(
    edited: Edited, tmp_path: Path
) -> None:
    script = Script()
    stores = FileStores(tmp_path / "chats", tmp_path / "data", lambda m: turns.is_live(m))
    turns = Turns(edited.catalog, stores, script.stream)
    turn = await turns.send("", None, "Soru", "first", NONE)
    await edited.after(f"models:\n{SECOND}")
    script.say(TextDelta("yanıt"), END)
    async with asyncio.timeout(10):
        while not turn.ended:
            await turn.signal.after(turn.seq)
    assert turn.answer.model == "first"
    with pytest.raises(RejectedInput) as refused:
        await turns.send("", turn.chat_id, "Yine", "first", NONE)
    assert refused.value.card.kind == "model_gone"
    again = await turns.send("", turn.chat_id, "Yine", "second", NONE)
    assert again.answer.model == "second"
    await turns.shut_down()
    stores.close()
