"""Versions of chats read or written lately, so that the next save need not read the file again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from core.conversation import Conversation
from storage.codec import Blocks
from storage.disk import Signature

_MOST = 32


@dataclass(frozen=True)
class Version:
    """A chat exactly as one version of its file has it."""

    conversation: Conversation
    signature: Signature
    blocks: Blocks = field(default_factory=Blocks, compare=False, repr=False)


class Remembered:
    """The last few versions by chat id; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._versions: OrderedDict[str, Version] = OrderedDict()

    def get(self, chat_id: str) -> Version | None:
        """The version remembered last; the caller compares its signature with the file's."""
        with self._lock:
            version = self._versions.get(chat_id)
            if version:
                self._versions.move_to_end(chat_id)
            return version

    def put(self, chat_id: str, version: Version) -> None:
        """Remember a version, and forget the one that was longest unused."""
        with self._lock:
            self._versions[chat_id] = version
            self._versions.move_to_end(chat_id)
            while len(self._versions) > _MOST:
                self._versions.popitem(last=False)
