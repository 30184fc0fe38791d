"""What has been read of one file so far, and what comes next where a worker failed at a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from time import monotonic
from typing import cast, get_args

from rag.loaders.values import Began, Loaded, LoadError, Piece, Source, Unread, UnreadKey
from rag.values import Part

Report = Callable[[float], None]
"""Is called with the share of a file that has been read, from 0 to 1."""
_OF_ONE_PAGE = ("damaged", "too_long", "too_much_memory")
"""Failures that say nothing of the other pages."""


class Reading:
    """The pieces of a file, over all workers that read it. `until` is when it must be over, of the
    monotonic clock; `source` is what the next worker has to read."""

    def __init__(self, source: Source, report: Report | None) -> None:
        self.source = source
        self.until = monotonic() + source.limits.file_seconds
        self._characters = source.limits.characters
        self._report = report
        self._parts: list[Part] = []
        self._unread: list[Unread] = []
        self._began = Began(0, 0)
        self._parts_before = 0
        self._failure: LoadError | None = None

    def take(self, piece: Piece) -> None:
        """Keep what a worker read."""
        if isinstance(piece, Part):
            self._parts.append(piece)
        elif isinstance(piece, Unread):
            self._unread.append(piece)
        else:
            self._began, self._parts_before = piece, len(self._parts)
            if self._report and piece.pages:
                self._report((piece.page - 1) / piece.pages)

    def goes_on(self, failure: LoadError, fresh: bool) -> bool:
        """Whether another worker has something to read after a failure; `fresh` says that the
        failed one had read no other file. Raises the failure where it costs the whole file."""
        self._failure = self._failure or failure
        start, page = self.source.start, self._began.page
        tired = failure.key == "too_much_memory" and not (fresh and page <= start)
        if page < start:  # it failed before its first page
            if start == 1 and not tired:
                raise failure
            return tired or self._leave_rest(start, failure)
        if failure.key not in _OF_ONE_PAGE or monotonic() >= self.until:
            return self._leave_rest(page, failure)
        if tired:
            # What the pages or files before left behind may have filled the worker.
            del self._parts[self._parts_before :]
            return self._start_at(page)
        self._unread.append(Unread(page, page, _unread_key(failure)))
        return self._start_at(page + 1)

    def allowed(self) -> float:
        """The seconds that a slow worker had: a page's, or the file's once they are over."""
        limits = self.source.limits
        return limits.file_seconds if monotonic() >= self.until else limits.seconds

    def give_up(self) -> None:
        """Leave what has not been read, after too many failures."""
        if self._failure:
            self._leave_rest(self.source.start, self._failure)

    def loaded(self) -> Loaded:
        """All that was read. Raises LoadError where that is nothing."""
        if not self._parts:
            raise self._failure or self._nothing()
        pages = max(self._began.pages, *(part.page or 0 for part in self._parts))
        return Loaded(tuple(self._parts), pages, joined(self._unread))

    def _start_at(self, page: int) -> bool:
        """Have the pages from this one read, with the characters that are left; whether there are
        any."""
        left = self._characters - sum(len(part.text) for part in self._parts)
        limits = replace(self.source.limits, characters=max(0, left))
        self.source = replace(self.source, start=page, limits=limits)
        return bool(self._rest(page))

    def _leave_rest(self, page: int, failure: LoadError) -> bool:
        self._unread += [
            Unread(first, last, _unread_key(failure)) for first, last in self._rest(page)
        ]
        return False

    def _rest(self, page: int) -> list[tuple[int, int]]:
        """First and last of the pages from this one on."""
        if self.source.pages:
            return [(one, one) for one in self.source.pages if one >= page]
        return [(page, self._began.pages)] if page <= self._began.pages else []

    def _nothing(self) -> LoadError:
        keys = {one.key for one in self._unread}
        if not keys:
            return LoadError("empty")
        return LoadError("scanned" if "scanned" in keys else self._unread[0].key)


def _unread_key(failure: LoadError) -> UnreadKey:
    known = failure.key in get_args(UnreadKey)
    return cast(UnreadKey, failure.key) if known else "damaged"


def joined(unread: Iterable[Unread]) -> tuple[Unread, ...]:
    """Unread pages in order, each once; those that follow each other for the same reason as one."""
    found: list[Unread] = []
    for one in sorted(unread, key=lambda one: (one.first, one.last)):
        before = found[-1] if found else Unread(0, 0, one.key)
        if one.last <= before.last:
            continue
        if found and before.key == one.key and one.first <= before.last + 1:
            found[-1] = replace(before, last=one.last)
        else:
            found.append(replace(one, first=max(one.first, before.last + 1)))
    return tuple(found)
