"""What a question is given from the documents: looked up once, the same for all its answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection

from core.documents import DocumentUse, UsedPassage

Passages = tuple[UsedPassage, ...]
LookUp = Callable[[str, str, Collection[str]], Awaitable[Passages]]
"""What some collections of an owner say about a question, best first; no collections means all."""


class Retrieval:
    """One search, begun by the first answer that asks for it and shared by all others."""

    def __init__(self, search: Callable[[], Awaitable[Passages]]) -> None:
        self._search = search
        self._task: asyncio.Task[Passages] | None = None

    async def passages(self) -> Passages:
        """What was found. Whoever is stopped while waiting takes it from nobody else. Raises what
        the search raises."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="searching documents")
        return await asyncio.shield(self._task)

    async def _run(self) -> Passages:
        return await self._search()


class Retrievals:
    """The searches of one round: answers to the same question share theirs."""

    def __init__(self, look_up: LookUp | None, owner: str, use: DocumentUse) -> None:
        self._look_up = look_up if use.on else None
        self._owner = owner
        self._use = use
        self._begun: dict[str, Retrieval] = {}

    def of(self, question: str) -> Retrieval | None:
        """The search for a question; None where the chat does not use documents."""
        look_up = self._look_up
        if look_up is None:
            return None
        if question not in self._begun:
            self._begun[question] = Retrieval(
                lambda: look_up(self._owner, question, self._use.collections)
            )
        return self._begun[question]
