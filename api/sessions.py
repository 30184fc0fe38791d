"""Logins in memory: sessions by the hash of their token, and the brake on guessing."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from starlette.requests import HTTPConnection
from starlette.types import Scope

from core.settings import Login

SESSION_S = 7 * 24 * 3600
_MOST_PER_USER = 50
_FREE_TRIES = 5
_SPARED_TRIES = 2
"""So many wrong tries an hour leave a name untouched by the overall limit."""
_FREE_TRIES_OVERALL = 50
_LONGEST_WAIT_S = 300.0
_FORGET_AFTER_S = 3600.0
_MOST_NAMES = 20_000

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

    def count(self, now: float, free: int) -> None:
        """A wrong try more; after the free ones each doubles the wait."""
        self.wrong += 1
        self.last = now
        if self.wrong >= free:
            self.wait_until = now + min(_LONGEST_WAIT_S, 2.0 ** min(self.wrong - free, 20))


class Throttle:
    """Slows guessing, by name and overall: a few tries are free, then each wrong one doubles the
    wait. Nothing sleeps: a try that comes too early is refused, and its password not looked at.
    Sessions that are open already are not touched.

    The overall limit applies only to names that were guessed at already, so that guessing at some
    accounts locks no other user out. Names that do not exist are counted like accounts: no answer
    shows which names exist.
    """

    def __init__(
        self, accounts: Iterable[str], clock: Clock = time.monotonic, most_names: int = _MOST_NAMES
    ) -> None:
        self._accounts = frozenset(accounts)
        self._clock = clock
        self._most_names = most_names
        self._tries: dict[str, _Tries] = {}
        self._overall = _Tries()

    def wait(self, user: str) -> int:
        """Seconds until a try may be made, 0 for now."""
        tries = self._remembered(self._tries.get(user))
        until = tries.wait_until
        if tries.wrong >= _SPARED_TRIES:
            until = max(until, self._remembered(self._overall).wait_until)
        return max(0, -int((self._clock() - until) // 1))

    def failed(self, user: str) -> None:
        """A wrong password was tried."""
        now = self._clock()
        tries = self._remembered(self._tries.get(user))
        if tries.wrong >= _SPARED_TRIES:
            self._overall = self._remembered(self._overall)
            self._overall.count(now, _FREE_TRIES_OVERALL)
        tries.count(now, _FREE_TRIES)
        self._tries[user] = tries
        if len(self._tries) > self._most_names:
            self._forget_names()

    def succeeded(self, user: str) -> None:
        """The right password: the account's wrong tries are forgotten."""
        self._tries.pop(user, None)

    def _remembered(self, tries: _Tries | None) -> _Tries:
        """The tries, or none where they are long ago."""
        if tries is None or self._clock() - tries.last > _FORGET_AFTER_S:
            return _Tries()
        return tries

    def _forget_names(self) -> None:
        """Make room among invented names. Those guessed at most stay, so that inventing more of
        them does not show which of the old ones is an account."""
        invented = [name for name in self._tries if name not in self._accounts]
        invented.sort(key=lambda name: (self._tries[name].wrong, self._tries[name].last))
        for name in invented[: len(invented) // 10 + 1]:
            del self._tries[name]


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def session_token(scope: Scope, sessions: Sessions) -> str:
    """The token in the request's session cookie, "" without one."""
    return HTTPConnection(scope).cookies.get(sessions.cookie, "")
