"""API keys: where they come from, and how they are kept out of every text."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from core.env_file import EnvFile, read_env
from core.file_version import Version, version_of
from core.texts import translate

REDACTED = "[key removed]"
_SHORTEST_SECRET = 8


class Keys:
    """Keys by the name of their environment variable; the environment wins over `.env`."""

    def __init__(self, env_file: Path, environ: Mapping[str, str] | None = None) -> None:
        self._env_file = env_file
        self._environ = os.environ if environ is None else environ
        self._seen: set[str] = set()
        self._read: tuple[Version | None, EnvFile] = (None, EnvFile())

    def get(self, name: str | None) -> str | None:
        """The key, or None where it is unset or empty. `.env` is read again when it changes."""
        if not name:
            return None
        value = (self._environ.get(name) or self.file().values.get(name) or "").strip()
        if not value:
            return None
        self._seen.add(value)
        return value

    def file(self) -> EnvFile:
        """What `.env` says now."""
        version = version_of(self._env_file)
        known, content = self._read
        if version is None or version != known:
            content = read_env(self._env_file)
            self._read = (version, content)
        return content

    def can_tell(self, name: str) -> bool:
        """Whether `.env` can be read, and has no line for that variable that says nothing."""
        content = self.file()
        return content.is_readable and all(bad.name != name for bad in content.bad_lines)

    def problems(self, language: str) -> tuple[str, ...]:
        """What could not be understood in `.env`: a line each, with the number and the name of the
        variable, never with its value."""
        content = self.file()
        if not content.is_readable:
            return (translate(language, "env.unreadable"),)
        return tuple(
            translate(
                language,
                "env.bad_line_named" if bad.name else "env.bad_line",
                number=str(bad.number),
                name=bad.name,
            )
            for bad in content.bad_lines
        )

    def remember(self, secrets: Collection[str]) -> None:
        """Keep these out of texts, too: keys that stand where they should not."""
        self._seen.update(filter(None, secrets))

    def redact(self, text: str) -> str:
        """The text without any key that was ever handed out."""
        for secret in sorted(self._seen, key=len, reverse=True):
            if len(secret) >= _SHORTEST_SECRET:
                text = text.replace(secret, REDACTED)
        return text

    def __repr__(self) -> str:
        return f"Keys({len(self._seen)} in use)"
