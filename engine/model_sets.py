"""Sets of models a person compares often, by name, in `data/model_sets.json`."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from core.errors import RejectedInput
from storage import disk
from storage.home import Home

log = logging.getLogger(__name__)

_LONGEST_NAME = 60
_MOST_SETS = 50
Sets = Mapping[str, tuple[str, ...]]
"""Ids of models in the order of their lanes, by the name of the set."""


class ModelSets:
    """The sets of everybody; every call names the owner. A file that cannot be read is an empty
    one, and stays until the next set is saved."""

    def __init__(self, data: Path) -> None:
        self._data = Home(data)
        self._data.look()
        self._path = data / "model_sets.json"
        self._writing = threading.Lock()

    async def all(self, owner: str) -> Sets:
        """The owner's sets, oldest first."""
        return await asyncio.to_thread(lambda: self._read().get(owner, {}))

    async def save(self, owner: str, name: str, models: tuple[str, ...]) -> Sets:
        """Save a set under a name; one of the same name is replaced. Raises RejectedInput and
        StorageError."""
        name = _accept(name)
        if not models:
            raise RejectedInput("set_empty")

        def add(sets: Sets) -> Sets:
            if name not in sets and len(sets) >= _MOST_SETS:
                raise RejectedInput("sets_full", limit=str(_MOST_SETS))
            return {**sets, name: models}

        return await asyncio.to_thread(self._change, owner, add)

    async def delete(self, owner: str, name: str) -> Sets:
        """Forget a set; one that is gone is no error. Raises StorageError."""
        return await asyncio.to_thread(
            self._change, owner, lambda sets: {n: m for n, m in sets.items() if n != name}
        )

    def _change(self, owner: str, change: Callable[[Sets], Sets]) -> Sets:
        with self._writing:
            everybody = self._read()
            changed = change(everybody.get(owner, {}))
            text = json.dumps({**everybody, owner: changed}, ensure_ascii=False, indent=2)
            with disk.refusals(self._path):
                self._data.make()
                disk.replace(self._path, text.encode())
            return changed

    def _read(self) -> Mapping[str, Sets]:
        try:
            found = json.loads(self._path.read_bytes())
            return {
                owner: {str(name): tuple(map(str, models)) for name, models in sets.items()}
                for owner, sets in found.items()
            }
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError, TypeError):
            log.warning("%s cannot be read", self._path, exc_info=True)
            return {}


def _accept(name: str) -> str:
    """The name as it is kept: one line, printable."""
    kept = " ".join(name.split())
    if not kept or len(kept) > _LONGEST_NAME or not kept.isprintable():
        raise RejectedInput("set_name", limit=str(_LONGEST_NAME))
    return kept
