"""Votes of blind comparisons, a line each in `data/votes.jsonl`."""

from __future__ import annotations

from pathlib import Path


class Votes:
    """All votes of this installation; every call names the owner."""

    def __init__(self, data: Path) -> None:
        self._path = data / "votes.jsonl"
