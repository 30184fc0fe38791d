"""Questions that wait, over the routes: each login adds, reads, withdraws and asks its own."""

from __future__ import annotations

from core.conversation import ChatSettings
from core.settings import Login
from tests.api.api_served import AYSE, MEHMET, App


async def answering(app: App, owner: str = "") -> str:
    """The id of a chat whose answer runs."""
    turn = await app.services.turns.send(owner, None, "bir", "local", ChatSettings())
    return turn.chat_id


async def test_a_question_waits_is_read_and_is_withdrawn(app: App) -> None:
    chat = await answering(app)
    path = f"/api/chats/{chat}/waiting"
    async with app.client() as client:
        added = await client.post(path, json={"text": "iki", "lanes": False})
        assert added.json() == (await client.get(path)).json()
        [row] = added.json()["waiting"]
        assert (row["text"], row["lanes"], row["refused"]) == ("iki", False, "")
        assert added.json()["held"] is False
        taken = await client.request("DELETE", path, json={"id": row["id"]})
        assert taken.json() == {"text": "iki"}
        again = await client.request("DELETE", path, json={"id": row["id"]})
        assert again.status_code == 422
        assert "sırada değil" in again.json()["error"]["message"]
        assert (await client.get(path)).json()["waiting"] == []


async def test_after_stop_it_is_held_and_can_be_asked(app: App) -> None:
    chat = await answering(app)
    path = f"/api/chats/{chat}/waiting"
    async with app.client() as client:
        await client.post(path, json={"text": "iki", "lanes": False})
        await app.services.turns.stop_chat("", chat)
        assert (await client.get(path)).json()["held"] is True
        sent = await client.post(f"{path}/send")
    assert (sent.json()["held"], sent.json()["waiting"]) == (False, [])
    assert sent.json()["leaf"] == (await app.store().load(chat)).leaf
    asked = [m.content for m in (await app.store().load(chat)).messages if m.role == "user"]
    assert asked == ["bir", "iki"]


async def test_anothers_chat_is_not_there_and_nonsense_is_refused(shared_app: App) -> None:
    chat = await answering(shared_app, AYSE.user)
    path = f"/api/chats/{chat}/waiting"

    async def logged_in(login: Login) -> dict[str, str]:
        async with shared_app.client() as client:
            form = {"user": login.user, "password": login.password}
            return dict((await client.post("/login", data=form)).cookies)

    mehmet, ayse = await logged_in(MEHMET), await logged_in(AYSE)
    good = {"text": "iki", "lanes": False}
    async with shared_app.client() as client:
        client.cookies.update(mehmet)
        assert (await client.get(path)).status_code == 404
        assert (await client.post(path, json=good)).status_code == 404
        assert (await client.post(f"{path}/send")).status_code == 404
    async with shared_app.client() as client:
        client.cookies.update(ayse)
        for bad in ({}, {"text": 1, "lanes": False}, {"text": "iki"}, {**good, "more": 1}):
            assert (await client.post(path, json=bad)).status_code == 422
        assert (await client.post(path, json={"text": " ", "lanes": False})).status_code == 422
        assert (await client.post(path, json=good)).status_code == 200
