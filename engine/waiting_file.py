"""Questions that wait for an answer before them, in `data/waiting.json`."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage import disk
from storage.home import Home

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that is not in its chat yet. `lanes` are the models of the comparison that are
    still to be asked; None where the chat alone is asked."""

    id: str
    text: str
    lanes: tuple[str, ...] | None = None


Queue = tuple[Waiting, ...]
"""What waits in one chat, in the order it was asked."""


class WaitingFile:
    """The queues of everybody, by login and chat. Every method blocks; raises StorageError. A file
    that cannot be read is an empty one."""

    def __init__(self, data: Path) -> None:
        self._data = Home(data)
        self._data.look()
        self._path = data / "waiting.json"
        self._writing = threading.Lock()

    def read(self, owner: str, chat_id: str) -> Queue:
        """What waits in a chat."""
        return _queue(self._all().get(owner, {}).get(chat_id, ()))

    def change(self, owner: str, chat_id: str, change: Callable[[Queue], Queue]) -> Queue:
        """Apply a change to a chat's queue; on return it has reached the disk."""
        with self._writing:
            everybody = self._all()
            chats = everybody.get(owner, {})
            before = _queue(chats.get(chat_id, ()))
            changed = change(before)
            if changed == before:
                return before
            others = {one: queue for one, queue in chats.items() if one != chat_id}
            mine = {**others, chat_id: [_record(one) for one in changed]} if changed else others
            self._write({**everybody, owner: mine})
            return changed

    def _write(self, everybody: Mapping[str, Any]) -> None:
        kept = {owner: chats for owner, chats in everybody.items() if chats}
        text = json.dumps(kept, ensure_ascii=False, indent=2)
        with disk.refusals(self._path):
            self._data.make()
            disk.replace(self._path, text.encode())

    def _all(self) -> dict[str, dict[str, Any]]:
        try:
            found = json.loads(self._path.read_bytes())
            return {owner: dict(chats) for owner, chats in found.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError, TypeError, RecursionError):
            log.warning("%s cannot be read", self._path, exc_info=True)
            return {}


def _record(one: Waiting) -> Mapping[str, Any]:
    lanes = {} if one.lanes is None else {"lanes": list(one.lanes)}
    return {"id": one.id, "text": one.text, **lanes}


def _queue(records: object) -> Queue:
    """The records that are questions; what was written by hand and is none is passed over."""
    listed: Sequence[Any] = records if isinstance(records, list) else ()
    return tuple(_waiting(one) for one in listed if isinstance(one, dict) and one.get("text"))


def _waiting(record: Mapping[str, Any]) -> Waiting:
    lanes = record.get("lanes")
    models = tuple(map(str, lanes)) if isinstance(lanes, list) else None
    return Waiting(str(record.get("id")), str(record["text"]), models)
