"""What is done in the comparison tab, while another page or the catalog has changed the lanes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock

import pytest

from core.catalog import Catalog, DocumentRules, Limits, Price
from core.conversation import ChatSettings
from core.documents import DocumentUse
from core.errors import RejectedInput
from core.events import TextDelta
from core.request import Readiness
from engine.comparisons import Comparisons
from engine.model_sets import ModelSets
from engine.turns import Turns
from storage.files import FileStores
from tests.engine.engine_panel import Panel, ended
from tests.engine.engine_script import END, Voices, a_model
from ui.compare_asker import Asker
from ui.compare_chosen import ChosenModels
from ui.compare_handlers import CompareHandlers
from ui.compare_seen import Choice, Seen, seen
from ui.compare_sets import LinkedSets
from ui.message_handlers import MessageHandlers
from ui.view import Place, Visitor

WHO = Visitor("", "tr")


@dataclass(frozen=True)
class Ready:
    """The readiness of models, without asking any."""

    models: frozenset[str]

    async def snapshot(self) -> dict[str, Readiness]:
        return {model: Readiness(model in self.models) for model in "abcd"}


@dataclass
class Tab:
    """The handlers over real files, and what `page` sees and has chosen."""

    panel: Panel
    data: Path

    @property
    def services(self) -> Any:
        panel = self.panel
        return SimpleNamespace(
            loaded=SimpleNamespace(catalog=panel.catalog),
            stores=panel.stores,
            turns=panel.turns,
            comparisons=panel.comparisons,
            model_sets=ModelSets(self.data),
            look=AsyncMock(),
            readiness=Ready(frozenset(model.id for model in panel.catalog.models) - {"b"}),
        )

    @property
    def handlers(self) -> CompareHandlers:
        return CompareHandlers(self.services)

    def page(self, chat: str, models: Sequence[str], sees: Sequence[str], **more: Any) -> Asker:
        context = more.pop("context", "own")
        look = Seen(tuple(sees), "own", "parallel", more.pop("hidden", False))
        picked = Choice(tuple(models), context, "parallel", False)
        return Asker(WHO, chat, True, 16, picked, (), DocumentUse(), look)

    async def shown(self, chat: str) -> list[str]:
        return [lane.model for lane in (await self.panel.lanes(chat)).shown]

    def without(self, model: str) -> Tab:
        """The same after a start with a catalog that has this model no more."""
        panel = self.panel
        left = tuple(m for m in panel.catalog.models if m.id != model)
        catalog = panel.catalog.model_copy(update={"models": left})
        made = Comparisons(catalog, panel.stores, panel.turns)
        return Tab(replace(panel, catalog=catalog, comparisons=made), self.data)


@pytest.fixture
async def tab(tmp_path: Path) -> AsyncIterator[Tab]:
    limits = Limits(running_answers=8, compare_lanes=3)
    catalog = Catalog(models=tuple(a_model(name) for name in "abcd"), limits=limits)
    voices = Voices()
    stores = FileStores(tmp_path / "chats", tmp_path / "data", lambda m: turns.is_live(m))
    turns = Turns(catalog, stores, voices.stream)
    made = Comparisons(catalog, stores, turns)
    yield Tab(Panel(made, turns, stores, voices, catalog), tmp_path / "data")
    await turns.shut_down()
    stores.close()


async def test_a_lane_another_page_has_hidden_is_not_asked_by_a_page_that_still_shows_it(
    tab: Tab,
) -> None:
    chat = await tab.panel.round(None, "bir", "abc")
    await tab.panel.comparisons.change_lane("", chat, "c", shown=False)
    with pytest.raises(RejectedInput) as refused:
        await tab.handlers.send(tab.page(chat, "abc", sees="abc"), "iki")
    assert refused.value.card.kind == "lanes_changed"
    assert await tab.shown(chat) == ["a", "b"]
    assert len(tab.panel.voices.requests["c"]) == 1
    await tab.handlers.send(tab.page(chat, "ab", sees="ab"), "iki")
    await tab.panel.voices.asked(5)
    assert len(tab.panel.voices.requests["c"]) == 1


async def test_a_page_that_still_hides_names_asks_nobody_after_the_vote(tab: Tab) -> None:
    chat = await tab.panel.round(None, "bir", "abc", blind=True)
    await tab.panel.vote(chat, "left")
    with pytest.raises(RejectedInput) as refused:
        await tab.handlers.send(tab.page(chat, "abc", sees="", hidden=True), "iki")
    assert refused.value.card.kind == "lanes_changed"


async def test_a_switch_turned_on_an_older_page_undoes_nothing_of_another(tab: Tab) -> None:
    chat = await tab.panel.round(None, "bir", "abc")
    await tab.panel.comparisons.change_lane("", chat, "c", shown=False)
    await tab.panel.comparisons.change_lane("", chat, "a", move=1)
    await tab.handlers.keep(tab.page(chat, "abc", sees="abc", context="shared"))
    assert await tab.shown(chat) == ["b", "a"]
    assert (await tab.panel.lanes(chat)).context == "shared"
    await tab.handlers.keep(tab.page(chat, "abcd", sees="abc"))
    assert await tab.shown(chat) == ["b", "a", "d"]
    assert (await tab.panel.lanes(chat)).context == "shared"


async def test_a_lane_whose_model_is_gone_stays_in_sight_until_the_others_are_asked(
    tab: Tab,
) -> None:
    chat = await tab.panel.round(None, "bir", "abc")
    later = tab.without("b")
    await later.handlers.keep(later.page(chat, "ac", sees="abc", context="shared"))
    assert await later.shown(chat) == ["a", "b", "c"]
    await later.handlers.keep(later.page(chat, "acd", sees="abc"))
    assert await later.shown(chat) == ["a", "c", "d"]
    await later.handlers.change_lane(later.page(chat, "acd", "acd"), "d", {"shown": False})
    await later.handlers.change_lane(later.page(chat, "ac", "ac"), "b", {"shown": True})
    await later.handlers.send(later.page(chat, "ac", sees="abc"), "iki")
    assert await later.shown(chat) == ["a", "c"]
    assert await later.panel.shown(chat, "b") == [("bir", "b: bir")]


async def test_a_blind_side_that_is_gone_is_not_named_and_can_still_be_voted_on(tab: Tab) -> None:
    chat = await tab.panel.round(None, "bir", "abc", blind=True)
    left, right = await tab.shown(chat)
    later = tab.without(right)
    page = later.page(chat, "abc", sees="", hidden=True)
    for asked in (later.handlers.send(page, "iki"), later.handlers.retry(page, "2")):
        with pytest.raises(RejectedInput) as refused:
            await asked
        assert refused.value.card.kind == "side_gone"
        assert refused.value.card.params == {}
    await later.panel.vote(chat, "left")
    assert (await later.panel.lanes(chat)).sides == (left, right)


async def test_an_estimate_of_a_new_chat_counts_its_documents(tab: Tab) -> None:
    def asker(use: DocumentUse) -> Asker:
        return replace(tab.page("", "ab", sees=""), chat=None, seen=None, documents=use)

    plain = await tab.handlers.estimate(asker(DocumentUse()), "bir")
    documented = await tab.handlers.estimate(asker(DocumentUse(True)), "bir")
    few = DocumentRules(passages=1)
    catalog = tab.panel.catalog.model_copy(update={"documents": few})
    made = Comparisons(catalog, tab.panel.stores, tab.panel.turns)
    fewer = replace(tab, panel=replace(tab.panel, catalog=catalog, comparisons=made))
    less = await fewer.handlers.estimate(asker(DocumentUse(True)), "bir")
    sent = [tokens(found) for found in (plain, less, documented)]
    assert sent == sorted(sent)
    assert len(set(sent)) == 3


def tokens(found: dict[str, Any]) -> int:
    return int(found["lanes"]["a"]["tokens"].split(" ")[0].replace(".", ""))


async def test_another_version_chosen_in_the_chat_is_told_to_pages_that_compare(tab: Tab) -> None:
    chat = await tab.panel.round(None, "bir", "ab")
    first = await tab.panel.newest(chat, "a")
    turn = await tab.panel.comparisons.retry_lane("", chat, "a", ChatSettings())
    tab.panel.voices.say("a", TextDelta("yine"), END)
    await ended(turn)
    changed = tab.panel.comparisons.changed
    before = changed.version
    handlers = MessageHandlers(tab.services)
    await handlers.choose(WHO, Place(chat, 16), first.id)
    async with asyncio.timeout(10):
        await changed.after(before)
    assert changed.told("", before) == ((chat, (await tab.panel.load(chat)).rev),)
    assert (await tab.panel.newest(chat, "a")).id == first.id


async def test_a_link_tells_unknown_models_apart_from_those_that_do_not_fit(tab: Tab) -> None:
    found = await LinkedSets(tab.services).linked(WHO, "nobody,d,c,b,a")
    assert found["models"] == ["d", "c", "b"]
    unknown, too_many = found["told"].split(". ")
    assert "nobody" in unknown
    assert "katalogda yok" in unknown
    assert "nobody" not in too_many
    assert "en çok 3 model" in too_many


async def test_a_set_of_more_models_than_fit_is_whole_for_a_blind_round(tab: Tab) -> None:
    sets = LinkedSets(tab.services)
    await sets.save("", "Havuz", tuple("abcd"))
    assert (await sets.linked(WHO, "Havuz", blind=True))["models"] == list("abcd")
    assert "told" not in await sets.linked(WHO, "Havuz", blind=True)
    assert (await sets.linked(WHO, "Havuz"))["models"] == list("abc")


def planned(models: str, blind: bool) -> Asker:
    """A page without a chat."""
    picked = Choice(tuple(models), "own", "parallel", blind)
    return Asker(WHO, None, True, 16, picked, (), DocumentUse())


async def test_a_blind_round_is_drawn_from_more_models_than_fit_beside_each_other(
    tab: Tab,
) -> None:
    chat = await tab.handlers.send(planned("abcd", blind=True), "bir")
    assert {lane.model for lane in (await tab.panel.lanes(chat)).lanes} == set("abcd")
    with pytest.raises(RejectedInput) as refused:
        await tab.handlers.send(planned("abcd", blind=False), "bir")
    assert refused.value.card.kind == "too_many_models"


async def test_the_estimate_of_a_blind_round_is_for_the_dearest_two_of_all(tab: Tab) -> None:
    prices = {"a": 1.0, "b": 1.0, "c": 1.0, "d": 500.0}
    models = tuple(
        m.model_copy(update={"price": Price(input=prices[m.id], output=prices[m.id])})
        for m in tab.panel.catalog.models
    )
    catalog = tab.panel.catalog.model_copy(update={"models": models})
    made = Comparisons(catalog, tab.panel.stores, tab.panel.turns)
    dear = replace(tab, panel=replace(tab.panel, catalog=catalog, comparisons=made))
    found = await dear.handlers.estimate(planned("abcd", blind=True), "bir")
    two = await dear.handlers.estimate(planned("ad", blind=True), "bir")
    assert found == two
    assert found["lanes"] == {}


async def test_where_more_are_chosen_than_fit_those_that_stay_are_told(tab: Tab) -> None:
    chosen = ChosenModels(tab.services)
    assert "en çok 3 model" in chosen.cut(WHO, "abcd")["told"]
    assert chosen.cut(WHO, "abcd")["told"].endswith("a, b, c.")
    assert chosen.cut(WHO, "abc") == {}


async def test_a_chat_is_compared_with_its_own_model_and_the_last_other_one_that_is_ready(
    tab: Tab,
) -> None:
    turn = await tab.panel.turns.send("", None, "önce", "c", ChatSettings())
    tab.panel.voices.say("c", TextDelta("x"), END)
    await ended(turn)
    chosen, chat = ChosenModels(tab.services), turn.chat_id
    assert await chosen.wanted("", chat, {"models": ["b", "d", "c"]}) == ["c", "d"]
    assert await chosen.wanted("", chat, {"models": []}) == ["c", "a"]
    assert await chosen.wanted("", chat, {"models": ["b", "d"], "chosen": True}) == ["b", "d"]
    assert await chosen.wanted("", None, {"models": ["b", "d"]}) == ["b", "d"]
    assert await chosen.wanted("", chat, {}) is None


async def test_another_round_is_drawn_from_the_whole_pool_of_the_one_before(tab: Tab) -> None:
    chat = await tab.panel.round(None, "bir", "dbca", blind=True)
    chosen = ChosenModels(tab.services)
    assert await chosen.wanted("", None, {"pool": chat, "models": ["a"]}) == list("abcd")
    await tab.panel.vote(chat, "left")
    assert await chosen.wanted("", None, {"pool": chat, "models": ["a"]}) == list("abcd")


async def test_a_chat_that_was_answered_openly_cannot_be_turned_blind(tab: Tab) -> None:
    turn = await tab.panel.turns.send("", None, "önce", "a", ChatSettings())
    tab.panel.voices.say("a", TextDelta("x"), END)
    await ended(turn)
    page = replace(planned("abcd", blind=True), chat=turn.chat_id)
    with pytest.raises(RejectedInput) as refused:
        await tab.handlers.keep(page)
    assert refused.value.card.kind == "blind_needs_new_chat"
    sheet = await tab.handlers.draw(page, await tab.handlers.chat(page))
    assert (sheet["blind"], len(sheet["lanes"])) == (False, 3)


@pytest.mark.parametrize("where", ["", "{", "[]", '{"seen": 3}', '{"seen": null}', "[" * 99_999])
def test_a_page_that_says_nothing_readable_sees_nothing(where: str) -> None:
    assert seen(where) is None
