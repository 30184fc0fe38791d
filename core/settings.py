"""How this run of the program was started: addresses, folders, language, logins."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from core.texts import DEFAULT_LANGUAGE

VERSION = "0.1.0"


@dataclass(frozen=True)
class Login:
    """A person who may come in; the password never appears in a repr."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Settings:
    """Flags and environment of one run; `app.py` makes it, everything else receives it."""

    host: str = "127.0.0.1"
    port: int = 7860
    config: Path = Path("models.yaml")
    chats: Path = Path("chats")
    data: Path = Path("data")
    env_file: Path = Path(".env")
    language: str | None = None
    """None: as the catalog says."""
    logins: tuple[Login, ...] = ()
    share: bool = False
    open_browser: bool = False
    allowed_hosts: tuple[str, ...] = ()
    """Host names beside localhost and `host` that requests may name."""

    def language_or(self, catalog_language: str = DEFAULT_LANGUAGE) -> str:
        """The language of the page and the terminal."""
        return self.language or catalog_language
