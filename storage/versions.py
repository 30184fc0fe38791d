"""Versions of chats read or written lately, so that the next save need not read the file again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace

from core.conversation import SCHEMA, Conversation
from core.repair import mended
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


def sound(conversation: Conversation) -> Conversation:
    """With a sound tree. A file of a newer Divan is not ours to repair, nor to call damaged."""
    sound = mended(conversation)
    return replace(sound, repairs=0) if sound.schema > SCHEMA else sound


def same_words(before: Conversation, after: Conversation) -> bool:
    """Whether two versions of a chat have the same title and texts."""
    if before.title != after.title or len(before.messages) != len(after.messages):
        return False
    if before.messages is after.messages:
        return True
    pairs = zip(before.messages, after.messages, strict=True)
    return all(old is new or old.content == new.content for old, new in pairs)
