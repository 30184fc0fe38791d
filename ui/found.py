"""Where a chat holds the words it was found with: in which messages of its path, and beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.conversation import Conversation, Message
from storage.hits import patterns
from storage.words import fold, query_words

_REACH = 200


@dataclass(frozen=True)
class Found:
    """What a page needs to mark the words of a search in the chat it shows."""

    query: str
    patterns: tuple[str, ...]
    """A regular expression for each word, for folded text."""
    row: int | None
    """The place among the shown messages of the first with a hit; None where the path has none:
    then the hits are in `elsewhere`, or in the title alone."""
    before: int
    """How many messages with a hit come before the shown ones."""
    elsewhere: tuple[str, ...]
    """Messages with a hit that are not on the path."""
    shown: int
    """How many messages the page has to show."""

    def summary(self) -> Mapping[str, Any]:
        """As JSON, for ui/static/found.js."""
        return {
            "query": self.query,
            "patterns": self.patterns,
            "row": self.row,
            "rows": self.shown,
            "before": self.before,
            "elsewhere": self.elsewhere,
        }


def find(
    chat: Conversation, path: Sequence[Message], query: str, shown: int, further: bool = False
) -> Found | None:
    """Where the words of `query` are; None where it has none. The messages that count are those
    with all words, or with any of them where none has all. `shown` is how many messages of the
    path's end the page would show without a search. To reach a hit it shows up to 200, or as many
    as it takes to the last hit; with `further`, so many more than `shown`."""
    words = patterns(query_words(query))
    if not words:
        return None
    each = [re.compile(word) for word in words]
    ids = {message.id for message in path}
    here = [_count(message, each) for message in path]
    beside = {one.id: _count(one, each) for one in chat.messages if one.id not in ids}
    has_all = len(each) in here
    places = [at for at, count in enumerate(here) if count >= (len(each) if has_all else 1)]
    wanted = len(each) if has_all or len(each) in beside.values() else 1
    elsewhere = tuple(message for message, count in beside.items() if count >= wanted)
    if not places:
        return Found(query, words, None, 0, elsewhere, shown)
    unseen = max(0, len(path) - shown)
    first = _first(places, unseen if further else len(path))
    # The message before it, too, for an answer is read with its question.
    start = max(0, min(first - 1, unseen))
    before = sum(at < start for at in places)
    row = places[before] - start
    return Found(query, words, row, before, elsewhere, len(path) - start)


def _first(places: Sequence[int], end: int) -> int:
    """The first hit among the 200 messages before `end`, else the last one before it."""
    ahead = [at for at in places if at < end] or places[:1]
    return next((at for at in ahead if at >= end - _REACH), ahead[-1])


def _count(message: Message, words: Sequence[re.Pattern[str]]) -> int:
    folded = fold(message.content)
    return sum(word.search(folded) is not None for word in words)
