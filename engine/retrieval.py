"""What a question is given from the documents: looked up once, the same for all its answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from core.documents import DocumentContext, DocumentUse, UsedPassage
from core.events import Notice

_MOST_NAMES = 5


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What the documents say about a question. `gone` are chosen documents and collections that
    were deleted, `nothing_left` says that all were. `reading` documents are not ready to be
    searched yet; `nothing_ready` says that none is."""

    context: DocumentContext = field(default_factory=DocumentContext)
    gone: tuple[str, ...] = ()
    nothing_left: bool = False
    reading: int = 0
    nothing_ready: bool = False

    @property
    def passages(self) -> tuple[UsedPassage, ...]:
        """The passages an answer is given, as far as they fit."""
        return self.context.passages

    def notices(self) -> tuple[Notice, ...]:
        """What the person should know beside the passages."""
        return (*self._gone(), *(() if self.nothing_left else (*self._found(), *self._reading())))

    def _gone(self) -> Iterator[Notice]:
        if self.gone:
            names = ", ".join(self.gone[:_MOST_NAMES]) + ("…" if self.gone[_MOST_NAMES:] else "")
            key = "all_chosen_gone" if self.nothing_left else "chosen_gone"
            yield Notice(key, {"names": names})

    def _found(self) -> Iterator[Notice]:
        if self.nothing_ready and not self.reading:
            yield Notice("no_documents")
        elif self.context.weak:
            yield Notice("weak_match")

    def _reading(self) -> Iterator[Notice]:
        if self.reading:
            yield Notice("still_reading", {"count": str(self.reading)})


LookUp = Callable[[str, str, Sequence[str], Collection[str], int | None], Awaitable[LookedUp]]
"""What an owner's documents say about a question that followed others (oldest first), in some
collections; no collections means all. Last the window of the model that gets it, in tokens."""


class Retrieval:
    """One search, begun by the first answer that asks for it and shared by all others whose path
    has the same questions."""

    def __init__(self, search: Callable[[Sequence[str]], Awaitable[LookedUp]]) -> None:
        self._search = search
        self._tasks: dict[tuple[str, ...], asyncio.Task[LookedUp]] = {}

    async def after(self, earlier: Sequence[str]) -> LookedUp:
        """What was found for the question after the `earlier` ones of its path, oldest first.
        Whoever is stopped while waiting takes it from nobody else. Raises what the search raises.
        """
        key = tuple(earlier)
        if key not in self._tasks:
            self._tasks[key] = asyncio.create_task(self._run(key), name="searching documents")
        return await asyncio.shield(self._tasks[key])

    async def _run(self, earlier: Sequence[str]) -> LookedUp:
        return await self._search(earlier)


class Retrievals:
    """The searches of one round: answers to the same question share theirs. `window` is that of the
    model with the smallest, in tokens; None where nobody knows any."""

    def __init__(
        self, look_up: LookUp | None, owner: str, use: DocumentUse, window: int | None = None
    ) -> None:
        self._look_up = look_up if use.on else None
        self._owner = owner
        self._use = use
        self._window = window
        self._begun: dict[str, Retrieval] = {}

    def of(self, question: str) -> Retrieval | None:
        """The search for a question; None where the chat does not use documents."""
        look_up = self._look_up
        if look_up is None:
            return None
        if question not in self._begun:
            self._begun[question] = Retrieval(
                lambda earlier: look_up(
                    self._owner, question, earlier, self._use.collections, self._window
                )
            )
        return self._begun[question]
