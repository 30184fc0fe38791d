"""Logging in: the form, the session, the brake on guessing, the logins of the command line."""

from __future__ import annotations

import html
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient, Response

from api.logins import BadLogin, logins_for
from api.sessions import SESSION_S, Sessions, Throttle
from core.settings import Login
from tests.api.api_served import AYSE, MEHMET, App, make_app


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


async def try_password(client: AsyncClient, user: str, password: str, **more: str) -> Response:
    return await client.post("/login", data={"user": user, "password": password, **more})


async def test_a_browser_is_sent_to_the_form_and_back(shared_app: App) -> None:
    async with shared_app.client(accept="text/html") as client:
        sent = await client.get("/?chat=abc&x=%22")
        assert sent.status_code == 302
        assert sent.headers["location"].startswith("/login?next=%2F%3Fchat%3Dabc")
        form = await client.get(sent.headers["location"])
        found = re.search(r'name="next" value="([^"]*)"', form.text)
        assert found
        done = await try_password(client, " AYSE ", AYSE.password, next=html.unescape(found[1]))
        assert done.headers["location"] == "/?chat=abc&x=%22"
        assert (await client.get("/api/chats")).status_code == 200
        assert (await client.get("/login")).headers["location"] == "/"


async def test_programs_are_told_401(shared_app: App) -> None:
    async with shared_app.client() as client:
        for path in ("/api/chats", "/config", "/gradio_api/info", "/theme.css", "/missing"):
            assert (await client.get(path)).status_code == 401
        for path in ("/gradio_api/queue/join", "/gradio_api/cancel", "/api/language"):
            assert (await client.post(path)).status_code == 401


async def test_the_cookie_is_out_of_reach_of_scripts(shared_app: App) -> None:
    shared_app.allowed.add("abc.gradio.live", secure=True)
    async with shared_app.client() as client:
        plain = await try_password(client, "ayse", AYSE.password)
        host = {"host": "abc.gradio.live"}
        form = {"user": "ayse", "password": AYSE.password}
        secure = await client.post("/login", data=form, headers=host)
    assert "HttpOnly" in plain.headers["set-cookie"]
    assert "SameSite=lax" in plain.headers["set-cookie"]
    assert "Secure" not in plain.headers["set-cookie"]
    assert "Secure" in secure.headers["set-cookie"]


@pytest.mark.parametrize(
    ("user", "password"),
    [("ayse", MEHMET.password), ("ayse", ""), ("nobody", "x"), ("", ""), ("ayse", "x" * 9000)],
)
async def test_a_wrong_password_opens_nothing(shared_app: App, user: str, password: str) -> None:
    async with shared_app.client() as client:
        answer = await try_password(client, user, password)
        assert answer.status_code == 401
        assert "Kullanıcı adı ya da parola yanlış" in answer.text
        assert "set-cookie" not in answer.headers
        assert (await client.get("/api/chats")).status_code == 401


async def test_what_is_typed_comes_back_as_text(shared_app: App) -> None:
    evil = '"><script>alert(1)</script>$password'
    async with shared_app.client() as client:
        answer = await try_password(client, evil, "x", next="//evil.example/")
        page = await client.get("/login", params={"next": 'javascript:alert("1")', "lang": "en"})
    assert "<script" not in answer.text
    assert "&lt;script" in answer.text
    assert "evil.example" not in answer.text
    assert "javascript:" not in page.text
    assert '<html lang="en">' in page.text
    assert "divan_lang=en" in page.headers["set-cookie"]


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https://evil", "/login"])
async def test_the_way_back_never_leads_elsewhere(shared_app: App, target: str) -> None:
    async with shared_app.client() as client:
        done = await try_password(client, "ayse", AYSE.password, next=target)
    assert done.headers["location"] == "/"


async def test_logging_out_ends_the_session_itself(shared_app: App) -> None:
    async with shared_app.client() as client:
        await try_password(client, "ayse", AYSE.password)
        kept = dict(client.cookies)
        assert (await client.post("/logout")).status_code == 303
        client.cookies.update(kept)
        assert (await client.get("/api/chats")).status_code == 401


async def test_guessing_is_slowed_and_open_sessions_go_on(shared_app: App) -> None:
    async with shared_app.client() as inside, shared_app.client() as attacker:
        await try_password(inside, "ayse", AYSE.password)
        for _ in range(5):
            assert (await try_password(attacker, "ayse", "wrong")).status_code == 401
        slowed = await try_password(attacker, "ayse", AYSE.password)
        assert slowed.status_code == 429
        assert int(slowed.headers["retry-after"]) >= 1
        assert "sn sonra" in slowed.text
        assert (await inside.get("/api/chats")).status_code == 200
        assert (await try_password(attacker, "mehmet", MEHMET.password)).status_code == 303


@pytest.mark.parametrize("settings", [{"share": True}, {"host": "0.0.0.0"}, {"host": "box.local"}])  # noqa: S104
def test_a_page_that_others_reach_does_not_start_without_logins(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="login"):
        make_app(tmp_path, **settings)


def test_each_wrong_try_doubles_the_wait_up_to_five_minutes() -> None:
    clock = Clock()
    throttle = Throttle(["ayse"], clock)
    waits = []
    for _ in range(16):
        throttle.failed("ayse")
        waits.append(throttle.wait("ayse"))
        clock.now += waits[-1]
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    assert throttle.wait("ayse") == 0
    throttle.succeeded("ayse")
    throttle.failed("ayse")
    assert throttle.wait("ayse") == 0


def test_an_hour_of_quiet_forgets_wrong_tries() -> None:
    clock = Clock()
    throttle = Throttle(["ayse"], clock)
    for _ in range(5):
        throttle.failed("ayse")
    clock.now += 3601
    throttle.failed("ayse")
    assert throttle.wait("ayse") == 0


def test_guessing_over_many_accounts_is_slowed_as_well() -> None:
    users = [f"user-{number}" for number in range(30)]
    throttle = Throttle(users, Clock())
    for user in 4 * users:
        throttle.failed(user)
    assert all(throttle.wait(user) > 1 for user in users)


def test_guessing_at_others_keeps_no_user_out() -> None:
    """Six hours of a guesser that tries whenever it may: an account, one invented name again and
    again, and a new one each second. Another user mistypes now and then and comes in at once."""
    clock = Clock()
    throttle = Throttle(["ayse", "mehmet"], clock, most_names=500)
    guesses = Counter[str]()
    for second in range(6 * 3600):
        for name in ("ayse", "invented", f"invented-{second}"):
            if not throttle.wait(name):
                throttle.failed(name)
                guesses[name] += 1
        if second % 600 == 0:
            throttle.failed("mehmet")
            assert throttle.wait("mehmet") == 0
            throttle.succeeded("mehmet")
        clock.now += 1
    assert guesses["ayse"] < 100
    assert len(throttle._tries) <= 500


async def test_a_name_that_exists_is_answered_like_an_invented_one(shared_app: App) -> None:
    async with shared_app.client() as client:
        answers = {
            user: [
                (answer.status_code, answer.text.replace(user, ""))
                for answer in [await try_password(client, user, "wrong") for _ in range(7)]
            ]
            for user in ("ayse", "zeynep")
        }
        for number in range(20):
            assert (await try_password(client, f"invented-{number}", "x")).status_code == 401
    assert answers["ayse"] == answers["zeynep"]
    assert [status for status, _ in answers["ayse"]] == [401] * 5 + [429] * 2


def test_room_for_more_names_is_made_where_least_was_guessed() -> None:
    throttle = Throttle(["ayse"], Clock(), most_names=50)
    for user in 5 * ["ayse", "zeynep"]:
        throttle.failed(user)
    for number in range(200):
        throttle.failed(f"invented-{number}")
    assert throttle.wait("ayse") == throttle.wait("zeynep") > 0
    assert len(throttle._tries) <= 50


def test_sessions_end_after_a_week_and_are_limited() -> None:
    clock = Clock()
    sessions = Sessions((AYSE,), "cookie", clock)
    first = sessions.open("ayse")
    assert sessions.user_of(first) == "ayse"
    assert first not in repr(vars(sessions))
    for _ in range(50):
        last = sessions.open("ayse")
    assert sessions.user_of(first) is None
    clock.now += SESSION_S
    assert sessions.user_of(last) is None
    assert sessions.user_of("") is None


def test_logins_come_from_flags_and_the_environment() -> None:
    logins, made = logins_for(["Ayse:a:b "], {"DIVAN_AUTH": "mehmet:x, zeynep:y"}, reachable=True)
    assert [(login.user, login.password) for login in logins] == [
        ("ayse", "a:b"),
        ("mehmet", "x"),
        ("zeynep", "y"),
    ]
    assert made is None
    assert "a:b" not in repr(logins)


def test_a_page_that_others_reach_has_a_password_made_where_none_is_given() -> None:
    (login,), made = logins_for([], {}, reachable=True)
    assert made
    assert login == Login("divan", made)
    assert len(made) >= 16
    assert logins_for([], {}, reachable=True)[1] != made
    assert logins_for([], {}, reachable=False) == ((), None)


@pytest.mark.parametrize(
    "text",
    [
        "ayse", "ayse:", ":gizli-söz", "a b:gizli-söz", "../x:gizli-söz", "trash:gizli-söz",
        "corrupt:gizli-söz", "çağrı:gizli-söz", "-x:gizli-söz", "a..b:gizli-söz", "a.:gizli-söz",
        "x" * 33 + ":gizli-söz", "ayse:1,ayse:gizli-söz",
    ],
)  # fmt: skip
def test_a_bad_login_is_named_without_its_password(text: str) -> None:
    with pytest.raises(BadLogin, match=r"^DIVAN_AUTH: ") as caught:
        logins_for([], {"DIVAN_AUTH": text}, reachable=False)
    assert "gizli-söz" not in str(caught.value)
    if "," not in text:
        with pytest.raises(BadLogin, match=r"^--auth: "):
            logins_for([text], {}, reachable=False)
