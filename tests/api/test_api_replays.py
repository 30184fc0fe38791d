"""Setting two paths of a chat beside each other, and asking a chat again, over the routes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from core.comparison import Comparison, Lane
from core.conversation import Answer, ChatSettings, Conversation, Message
from core.settings import Login
from tests.api.api_served import AYSE, MEHMET, App

WHEN = "2026-10-01T10:00:00.000Z"


def two_answers() -> Conversation:
    messages = (
        Message("q", None, "user", "hangi renk?", WHEN),
        Message("a", "q", "assistant", "kırmızı elma", WHEN, answer=Answer("local", "x", WHEN)),
        Message("b", "q", "assistant", "yeşil elma", WHEN, answer=Answer("keyed", "y", WHEN)),
    )
    return Conversation("c1", "Renkler", WHEN, WHEN, leaf="b", messages=messages)


async def test_two_answers_stand_beside_each_other(app: App) -> None:
    await app.store().create(two_answers())
    async with app.client() as client:
        answer = await client.get("/api/chats/c1/diff", params={"a": "a", "b": "b"})
    catalog = app.services.loaded.catalog
    labels = {name: catalog.models[at].label for at, name in enumerate(("local", "keyed"))}
    assert answer.json() == {
        "pairs": [
            {
                "question": "hangi renk?",
                "question_b": None,
                "a": {"id": "a", "model": "local", "label": labels["local"]},
                "b": {"id": "b", "model": "keyed", "label": labels["keyed"]},
                "pieces": [["out", "kırmızı"], ["in", "yeşil"], ["same", " elma"]],
            }
        ]
    }


async def test_two_answers_alone_are_compared_whatever_came_before_them(app: App) -> None:
    first = two_answers()
    later = (
        Message("r", "a", "user", "hangi meyve?", WHEN),
        Message("c", "r", "assistant", "tatlı elma", WHEN, answer=Answer("local", "x", WHEN)),
    )
    await app.store().create(replace(first, messages=(*first.messages, *later)))
    async with app.client() as client:
        whole = (await client.get("/api/chats/c1/diff?a=c&b=b")).json()["pairs"]
        alone = (await client.get("/api/chats/c1/diff?a=c&b=b&alone=true")).json()["pairs"]
    assert len(whole) == 2
    assert [(pair["question"], pair["question_b"]) for pair in alone] == [
        ("hangi meyve?", "hangi renk?")
    ]
    assert alone[0]["pieces"] == [["out", "tatlı"], ["in", "yeşil"], ["same", " elma"]]


async def test_a_blind_pair_names_nobody_before_the_vote(app: App) -> None:
    lanes = (Lane("local", leaf="a"), Lane("keyed", leaf="b"))
    blind = replace(two_answers(), comparison=Comparison(lanes, blind=True))
    await app.store().create(blind)
    async with app.client() as client:
        text = (await client.get("/api/chats/c1/diff?a=a&b=b")).text
    assert "local" not in text
    assert "keyed" not in text


@pytest.mark.parametrize("query", ["a=a", "a=a&b=gone", "b=b", ""])
async def test_messages_that_are_not_there_are_named(app: App, query: str) -> None:
    await app.store().create(two_answers())
    async with app.client() as client:
        answer = await client.get(f"/api/chats/c1/diff?{query}&lang=en")
        missing = await client.get("/api/chats/c2/diff?a=a&b=b")
    assert answer.status_code == 422
    assert "is not acceptable" in answer.json()["error"]["message"]
    assert missing.status_code == 404


@pytest.mark.parametrize(("login", "status"), [(AYSE, 200), (MEHMET, 404)])
async def test_each_user_compares_in_chats_of_their_own(
    shared_app: App, login: Login, status: int
) -> None:
    await shared_app.store(AYSE.user).create(two_answers())
    async with shared_app.client() as client:
        await client.post("/login", data={"user": login.user, "password": login.password})
        answer = await client.get("/api/chats/c1/diff?a=a&b=b")
    assert answer.status_code == status


@pytest.fixture
async def one(app: App) -> App:
    """An app with one chat, whose models answer without end."""
    await app.store().create(replace(two_answers(), settings=ChatSettings(system="Kısa konuş.")))
    return app


async def test_a_replay_is_started_watched_and_stopped(one: App) -> None:
    async with one.client() as client:
        body = {"model": "keyed", "leaf": "a", "temperature": 0.5}
        started = (await client.post("/api/chats/c1/replay", json=body)).json()
        there = (await client.get(f"/api/replays/{started['replay']}")).json()
        stopped = (await client.delete(f"/api/replays/{started['replay']}")).json()
    label = one.services.loaded.catalog.models[1].label
    assert (started["branch"], started["total"], started["old_leaf"]) == (label, 1, "a")
    assert (there["state"], there["done"], there["chat"]) == ("running", 0, "c1")
    assert (stopped["state"], stopped["error"]) == ("stopped", None)
    chat = await one.store().load("c1")
    new = chat.message(stopped["new_leaf"])
    assert new is not None
    assert new.answer is not None
    assert (new.parent, chat.leaf, new.answer.model) == ("q", new.id, "keyed")
    assert new.answer.settings == ChatSettings(system="Kısa konuş.", temperature=0.5)


async def test_null_is_the_default_of_the_model(one: App) -> None:
    await one.store().update("c1", lambda c: replace(c, settings=ChatSettings(temperature=1.5)))
    async with one.client() as client:
        body = {"model": "keyed", "temperature": None, "system": ""}
        started = (await client.post("/api/chats/c1/replay", json=body)).json()
        stopped = (await client.delete(f"/api/replays/{started['replay']}")).json()
    new = (await one.store().load("c1")).message(stopped["new_leaf"])
    assert new is not None
    assert new.answer is not None
    assert new.answer.settings == ChatSettings()


async def test_a_comparison_is_asked_again_lane_by_lane(one: App) -> None:
    lanes = (Lane("local", "primary", "a"), Lane("keyed", leaf="b"))
    await one.store().update("c1", lambda c: replace(c, comparison=Comparison(lanes)))
    async with one.client() as client:
        body = {"comparison": True}
        started = (await client.post("/api/chats/c1/replay", json=body)).json()
        stopped = (await client.delete(f"/api/replays/{started['replay']}")).json()
    assert started["total"] == 2
    told = [(lane["model"], lane["old_leaf"], lane["state"]) for lane in stopped["lanes"]]
    assert told == [("local", "a", "stopped"), ("keyed", "b", "stopped")]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"model": "gone"}, 422),
        ({}, 422),
        ({"leaf": "a"}, 422),
        ({"model": "keyed", "leaf": "gone"}, 404),
        ({"model": "keyed", "temperature": "hot"}, 422),
        ({"model": "keyed", "temperature": True}, 422),
        ({"model": "keyed", "temperature": 7}, 422),
        ({"model": "keyed", "system": 5}, 422),
        ({"model": "keyed", "system": "\ud800"}, 422),
        ({"model": "keyed", "system": "x" * 1_000_000}, 413),
        ({"model": "keyed", "comparison": "yes"}, 422),
        ({"comparison": True}, 422),
        ({"model": "keyed", "other": 1}, 422),
    ],
)
async def test_what_cannot_be_replayed_is_told_and_changes_nothing(
    one: App, body: dict[str, object], status: int
) -> None:
    before = await one.store().load("c1")
    async with one.client() as client:
        headers, content = {"Content-Type": "application/json"}, json.dumps(body).encode()
        answer = await client.post("/api/chats/c1/replay?lang=en", content=content, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["hint"]
    assert await one.store().load("c1") == before


async def test_an_unknown_replay_says_where_the_answers_are(app: App) -> None:
    async with app.client() as client:
        for answer in (
            await client.get("/api/replays/nothing?lang=en"),
            await client.delete("/api/replays/nothing?lang=en"),
        ):
            assert answer.status_code == 404
            assert "in its branch" in answer.json()["error"]["hint"]


async def test_nobody_else_sees_or_stops_a_replay(shared_app: App) -> None:
    await shared_app.store(AYSE.user).create(two_answers())
    async with shared_app.client() as ayse, shared_app.client() as mehmet:
        for client, login in ((ayse, AYSE), (mehmet, MEHMET)):
            await client.post("/login", data={"user": login.user, "password": login.password})
        started = (await ayse.post("/api/chats/c1/replay", json={"model": "keyed"})).json()
        where = f"/api/replays/{started['replay']}"
        assert (await mehmet.get(where)).status_code == 404
        assert (await mehmet.delete(where)).status_code == 404
        assert (await ayse.get(where)).json()["state"] == "running"
        assert (await ayse.delete(where)).json()["state"] == "stopped"


async def test_the_replays_of_a_chat_are_found_again(one: App) -> None:
    async with one.client() as client:
        first = (await client.post("/api/chats/c1/replay", json={"model": "keyed"})).json()
        await client.delete(f"/api/replays/{first['replay']}")
        second = (await client.post("/api/chats/c1/replay", json={"model": "local"})).json()
        found = (await client.get("/api/replays?chat=c1")).json()["replays"]
        everywhere = (await client.get("/api/replays")).json()["replays"]
        stopped = (await client.delete(f"/api/replays/{second['replay']}")).json()
        missing = await client.get("/api/replays?chat=c2")
    assert [(each["id"], each["state"]) for each in found] == [
        (second["replay"], "running"),
        (first["replay"], "stopped"),
    ]
    assert everywhere == found
    assert found[0]["lanes"][0]["label"] == one.services.loaded.catalog.models[0].label
    assert stopped["state"] == "stopped"
    assert missing.status_code == 404


async def test_a_replay_whose_answers_are_gone_is_no_longer_listed(one: App) -> None:
    async with one.client() as client:
        started = (await client.post("/api/chats/c1/replay", json={"model": "keyed"})).json()
        await client.delete(f"/api/replays/{started['replay']}")
        before = (await client.get("/api/replays?chat=c1")).json()["replays"]
        removed = await client.request(
            "DELETE", "/api/chats/c1/branches", json={"branch": started["branch"]}
        )
        after = (await client.get("/api/replays?chat=c1")).json()["replays"]
    assert removed.status_code == 200, removed.text
    assert ([each["id"] for each in before], after) == ([started["replay"]], [])


async def test_nobody_else_finds_a_replay(shared_app: App) -> None:
    for login in (AYSE, MEHMET):
        await shared_app.store(login.user).create(two_answers())
    async with shared_app.client() as ayse, shared_app.client() as mehmet:
        for client, login in ((ayse, AYSE), (mehmet, MEHMET)):
            await client.post("/login", data={"user": login.user, "password": login.password})
        started = (await ayse.post("/api/chats/c1/replay", json={"model": "keyed"})).json()
        for where in ("/api/replays", "/api/replays?chat=c1"):
            assert (await mehmet.get(where)).json() == {"replays": []}
            assert len((await ayse.get(where)).json()["replays"]) == 1
        await ayse.delete(f"/api/replays/{started['replay']}")


async def test_the_cost_is_told_before_and_nothing_begins(one: App) -> None:
    before = await one.store().load("c1")
    async with one.client() as client:
        where = "/api/chats/c1/replay/estimate?lang=en"
        found = (await client.post(where, json={"model": "keyed", "leaf": "a"})).json()
        refused = await client.post(where, json={"model": "gone"})
        assert (await client.get("/api/replays")).json() == {"replays": []}
    (lane,) = found["lanes"]
    assert (lane["model"], lane["output_tokens"], lane["cost_usd"]) == ("keyed", 500, None)
    assert f"About {lane['input_tokens']} tokens in and 500 out" in found["told"]
    assert "no price is known" in found["told"]
    assert refused.status_code == 422
    assert await one.store().load("c1") == before
