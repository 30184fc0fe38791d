"""Who may log in, from `--auth` and DIVAN_AUTH; a page that others reach never goes without."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence

from core.settings import Login
from core.texts import translate

VARIABLE = "DIVAN_AUTH"
_USER = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
_RESERVED = frozenset({"trash", "corrupt"})
_MADE_UP_USER = "divan"


class BadLogin(ValueError):
    """A login that cannot be; `message` names the flag or variable and what it should hold."""

    def __init__(self, kind: str, **params: str) -> None:
        self._kind = kind
        self._params = params
        super().__init__(self.message("en"))

    def message(self, language: str) -> str:
        """One sentence for what is wrong."""
        return translate(language, f"start.bad_login.{self._kind}", **self._params)


def logins_for(
    flags: Sequence[str], environ: Mapping[str, str], reachable: bool
) -> tuple[tuple[Login, ...], str | None]:
    """The logins, and the password that was made up for a `reachable` page (one that other
    computers can open) that had none.

    `flags` are the values of `--auth`, each `user:password`; DIVAN_AUTH holds several with commas
    between them. User names become lower case. Raises BadLogin, which never holds a password.
    """
    named = [("--auth", flag) for flag in flags]
    named += [(VARIABLE, part) for part in environ.get(VARIABLE, "").split(",") if part.strip()]
    logins: dict[str, Login] = {}
    for source, text in named:
        login = _parse(source, text)
        if login.user in logins:
            raise BadLogin("twice", source=source, user=login.user)
        logins[login.user] = login
    if reachable and not logins:
        password = secrets.token_urlsafe(12)
        return (Login(_MADE_UP_USER, password),), password
    return tuple(logins.values()), None


def _parse(source: str, text: str) -> Login:
    user, colon, password = text.strip().partition(":")
    user = user.strip().lower()
    if not colon or not password:
        raise BadLogin("shape", source=source)
    if not _USER.fullmatch(user) or ".." in user or user.endswith("."):
        raise BadLogin("name", source=source)
    if user in _RESERVED:
        raise BadLogin("reserved", source=source, user=user)
    return Login(user, password)
