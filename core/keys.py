"""API keys: where they come from, and how they are kept out of every text."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

REDACTED = "[key removed]"
_SHORTEST_SECRET = 8


class Keys:
    """Keys by the name of their environment variable; the environment wins over `.env`."""

    def __init__(self, env_file: Path, environ: Mapping[str, str] | None = None) -> None:
        self._env_file = env_file
        self._environ = os.environ if environ is None else environ
        self._seen: set[str] = set()

    def get(self, name: str | None) -> str | None:
        """The key, or None where it is unset or empty. Read anew, so `.env` can be edited."""
        if not name:
            return None
        value = self._environ.get(name) or self._from_file().get(name) or ""
        value = value.strip()
        if not value:
            return None
        self._seen.add(value)
        return value

    def _from_file(self) -> Mapping[str, str | None]:
        return dotenv_values(self._env_file) if self._env_file.is_file() else {}

    def redact(self, text: str) -> str:
        """The text without any key that was ever handed out."""
        for secret in sorted(self._seen, key=len, reverse=True):
            if len(secret) >= _SHORTEST_SECRET:
                text = text.replace(secret, REDACTED)
        return text

    def __repr__(self) -> str:
        return f"Keys({len(self._seen)} in use)"
