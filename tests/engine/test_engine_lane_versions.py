"""Walking through the versions of a lane: its own answers and questions, and nobody else's."""

from __future__ import annotations

import pytest

from core.conversation import Message
from core.errors import RejectedInput
from core.events import TextDelta
from engine.lane_versions import LaneVersions
from engine.rounds import lane_of
from tests.engine.engine_panel import NONE, Panel, ended
from tests.engine.engine_script import END


async def again(panel: Panel, chat: str, model: str, text: str) -> None:
    """Have a lane answer its newest question once more."""
    turn = await panel.comparisons.retry_lane("", chat, model, NONE)
    panel.voices.say(model, TextDelta(text), END)
    await ended(turn)


async def versions(panel: Panel, chat: str, model: str) -> list[list[str]]:
    """The texts of all versions of each message of a lane that has several."""
    loaded = await panel.load(chat)
    found = LaneVersions(loaded, *lane_of(loaded, model)).of_path().values()
    return [[m.content for one in ids if (m := loaded.message(one))] for ids in found]


async def message(panel: Panel, chat: str, text: str) -> Message:
    return next(m for m in (await panel.load(chat)).messages if m.content == text)


async def stand(panel: Panel, chat: str, model: str, text: str) -> None:
    found = await message(panel, chat, text)
    await panel.comparisons.stand_at("", chat, model, found.id)


async def test_a_lane_has_its_own_answers_as_versions_and_nobody_elses(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    assert await versions(panel, chat, "a") == []
    await again(panel, chat, "a", "a yeniden")
    assert await versions(panel, chat, "a") == [["a: bir", "a yeniden"]]
    assert await versions(panel, chat, "b") == []


async def test_a_lane_stands_at_the_version_walked_to_and_goes_on_from_it(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    await again(panel, chat, "b", "b yeniden")
    await stand(panel, chat, "b", "b: bir")
    assert await panel.shown(chat, "b") == [("bir", "b: bir")]
    assert (await panel.newest(chat, "a")).content == "a: bir"
    await panel.round(chat, "iki", ["a", "b"])
    assert panel.voices.sent("b") == [("user", "bir"), ("assistant", "b: bir"), ("user", "iki")]


async def test_walking_at_an_earlier_fork_brings_back_what_followed_there(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    await again(panel, chat, "b", "b yeniden")
    await panel.round(chat, "iki", ["a", "b"])
    await stand(panel, chat, "b", "b: bir")
    assert await panel.shown(chat, "b") == [("bir", "b: bir")]
    await stand(panel, chat, "b", "b yeniden")
    assert await panel.shown(chat, "b") == [("bir", "b yeniden"), ("iki", "b: iki")]


async def test_the_chosen_path_goes_along_with_the_primary(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    await again(panel, chat, "a", "a yeniden")
    await again(panel, chat, "b", "b yeniden")
    await stand(panel, chat, "a", "a: bir")
    assert (await panel.load(chat)).path()[-1].content == "a: bir"
    await stand(panel, chat, "b", "b: bir")
    assert (await panel.load(chat)).path()[-1].content == "a: bir"


async def test_who_reads_elsewhere_in_the_chat_is_left_there(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    await again(panel, chat, "a", "a yeniden")
    await panel.stores.of("").update(chat, lambda c: c.choose(c.children(c.path()[0].id)[1].id))
    assert (await panel.load(chat)).path()[-1].content == "b: bir"
    await stand(panel, chat, "a", "a: bir")
    assert (await panel.load(chat)).path()[-1].content == "b: bir"
    assert await panel.shown(chat, "a") == [("bir", "a: bir")]


async def test_a_question_edited_in_the_chat_is_a_version_of_the_primarys_alone(
    panel: Panel,
) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    await panel.round(chat, "iki", ["a", "b"])
    edited = next(m for m in (await panel.load(chat)).path() if m.content == "iki")
    turn = await panel.turns.send("", chat, "iki buçuk", "a", NONE, edits=edited.id)
    panel.voices.say("a", TextDelta("a: iki buçuk"), END)
    await ended(turn)
    assert await panel.shown(chat, "a") == [("bir", "a: bir"), ("iki buçuk", "a: iki buçuk")]
    await panel.round(chat, "üç", ["a", "b"])
    assert await versions(panel, chat, "b") == []
    assert await versions(panel, chat, "a") == [["iki", "iki buçuk"]]
    await stand(panel, chat, "a", "iki")
    assert await panel.shown(chat, "a") == [("bir", "a: bir"), ("iki", "a: iki")]
    await stand(panel, chat, "a", "iki buçuk")
    assert [asked for asked, _ in await panel.shown(chat, "a")] == ["bir", "iki buçuk", "üç"]


async def test_a_question_that_only_another_lane_was_asked_is_no_version(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    first = (await panel.load(chat)).path()[0]
    turn = await panel.turns.send("", chat, "bir buçuk", "a", NONE, edits=first.id)
    panel.voices.say("a", TextDelta("a: bir buçuk"), END)
    await ended(turn)
    assert await versions(panel, chat, "a") == [["bir", "bir buçuk"]]
    assert await versions(panel, chat, "b") == []


async def test_what_another_lane_said_or_nobody_cannot_be_stood_at(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    await again(panel, chat, "a", "a yeniden")
    for wanted in ("b: bir", "bir"):
        with pytest.raises(RejectedInput) as refused:
            await stand(panel, chat, "a", wanted)
        assert refused.value.card.kind == "message_gone"
    with pytest.raises(RejectedInput):
        await panel.comparisons.stand_at("", chat, "a", "nothing")
    assert (await panel.newest(chat, "a")).content == "a yeniden"


async def test_a_lane_that_is_being_answered_stays_where_it_is(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    turn = await panel.comparisons.retry_lane("", chat, "b", NONE)
    with pytest.raises(RejectedInput) as refused:
        await stand(panel, chat, "b", "b: bir")
    assert refused.value.card.kind == "already_answering"
    panel.voices.say("b", TextDelta("b yeniden"), END)
    await ended(turn)
    assert (await panel.newest(chat, "b")).content == "b yeniden"


async def test_in_a_shared_context_only_the_newest_round_of_the_others_can_be_walked(
    panel: Panel,
) -> None:
    chat = await panel.round(None, "bir", ["a", "b"], "shared")
    await again(panel, chat, "b", "b yeniden")
    assert await versions(panel, chat, "b") == [["b: bir", "b yeniden"]]
    await stand(panel, chat, "b", "b: bir")
    assert (await panel.newest(chat, "b")).content == "b: bir"
    await panel.round(chat, "iki", ["a", "b"], "shared")
    assert panel.voices.sent("b")[1] == ("assistant", "a: bir")
    assert await versions(panel, chat, "b") == []


async def test_the_fused_answer_is_made_of_the_versions_that_are_shown(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    await again(panel, chat, "a", "a yeniden")
    await stand(panel, chat, "a", "a: bir")
    turn = await panel.comparisons.fuse("", chat, "c", NONE)
    panel.voices.say("c", TextDelta("hepsi"), END)
    await ended(turn)
    assert "a: bir" in panel.voices.sent("c")[-1][1]
    assert "a yeniden" not in panel.voices.sent("c")[-1][1]
    assert await versions(panel, chat, "a") == [["a: bir", "a yeniden"]]


async def test_whoever_watches_hears_of_every_change_with_its_revision(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    changed = panel.comparisons.changed
    before = changed.version
    await panel.comparisons.change_lane("", chat, "b", wide=True)
    assert changed.told("", before) == ((chat, (await panel.load(chat)).rev),)
    assert changed.told("somebody else", before) == changed.told("", changed.version) == ()
