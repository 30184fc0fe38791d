"""Setting two paths of a chat beside each other, and asking a chat again, over the routes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.comparison import Comparison, Lane
from core.conversation import Answer, Conversation, Message
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
