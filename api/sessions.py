"""Logins in memory: sessions by the hash of their token, and the brake on guessing."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.requests import HTTPConnection
from starlette.types import Scope

from core.settings import Login

SESSION_S = 7 * 24 * 3600
_MOST_PER_USER = 50
_FREE_TRIES = 5
_FREE_TRIES_OVERALL = 50
_LONGEST_WAIT_S = 300.0
_FORGET_AFTER_S = 3600.0
_OVERALL = ""
_UNKNOWN = "\0unknown"

Clock = Callable[[], float]


@dataclass(frozen=True)
class _Session:
    user: str
    expires: float


class Sessions:
    """Who is logged in. A token is a random secret in a cookie; only its hash is kept here.

    Restarting the server logs everybody out.
    """

    def __init__(self, logins: Sequence[Login], cookie: str, clock: Clock = time.monotonic) -> None:
        self.cookie = cookie
        self._digests = {login.user: _digest(login.password) for login in logins}
        self._nobody = secrets.token_bytes(32)
        self._clock = clock
        self._sessions: dict[bytes, _Session] = {}

    def knows(self, user: str) -> bool:
        """Whether there is such a user; not to be told to a visitor."""
        return user in self._digests

    def check(self, user: str, password: str) -> bool:
        """Whether the password is the user's; takes the same time for users there are not."""
        expected = self._digests.get(user, self._nobody)
        return hmac.compare_digest(expected, _digest(password))

    def open(self, user: str) -> str:
        """A new session's token."""
        self._drop_old(user)
        token = secrets.token_urlsafe(32)
        self._sessions[_digest(token)] = _Session(user, self._clock() + SESSION_S)
        return token

    def user_of(self, token: str) -> str | None:
        """Whose session the token opens; None where it opens none."""
        session = self._sessions.get(_digest(token)) if token else None
        return session.user if session and session.expires > self._clock() else None

    def close(self, token: str) -> None:
        """End a session."""
        self._sessions.pop(_digest(token), None)

    def _drop_old(self, user: str) -> None:
        now = self._clock()
        self._sessions = {k: s for k, s in self._sessions.items() if s.expires > now}
        own = [k for k, s in self._sessions.items() if s.user == user]
        for key in own[: max(0, len(own) - _MOST_PER_USER + 1)]:
            del self._sessions[key]


@dataclass
class _Tries:
    wrong: int = 0
    last: float = 0.0
    wait_until: float = 0.0


class Throttle:
    """Slows guessing, by account and overall: a few tries are free, then each wrong one doubles
    the wait. Nothing sleeps: a try that comes too early is refused, and its password not looked
    at. Sessions that are open already are not touched.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._tries: dict[str, _Tries] = {}

    def wait(self, user: str, known: bool) -> int:
        """Seconds until a try may be made, 0 for now."""
        until = max(self._of(key).wait_until for key in _keys(user, known))
        return max(0, -int((self._clock() - until) // 1))

    def failed(self, user: str, known: bool) -> None:
        """A wrong password was tried."""
        now = self._clock()
        for key in _keys(user, known):
            tries = self._of(key)
            tries.wrong += 1
            tries.last = now
            free = _FREE_TRIES_OVERALL if key == _OVERALL else _FREE_TRIES
            if tries.wrong >= free:
                wait = min(_LONGEST_WAIT_S, 2.0 ** min(tries.wrong - free, 20))
                tries.wait_until = now + wait

    def succeeded(self, user: str) -> None:
        """The right password: the account's wrong tries are forgotten."""
        self._tries.pop(user, None)

    def _of(self, key: str) -> _Tries:
        tries = self._tries.setdefault(key, _Tries())
        if tries.wrong and self._clock() - tries.last > _FORGET_AFTER_S:
            tries = self._tries[key] = _Tries()
        return tries


def _keys(user: str, known: bool) -> tuple[str, str]:
    """Names nobody has share one account, so that inventing names costs no memory."""
    return (user if known else _UNKNOWN, _OVERALL)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def session_token(scope: Scope, sessions: Sessions) -> str:
    """The token in the request's session cookie, "" without one."""
    return HTTPConnection(scope).cookies.get(sessions.cookie, "")
