"""Everything a running Divan is made of, put together once by `app.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from core.catalog import Model
from core.catalog_file import Loaded
from core.keys import Keys
from core.request import OfferedModel, Readiness, StreamFunction
from core.settings import Settings
from engine.comparisons import Comparisons
from engine.current_catalog import CurrentCatalog
from engine.documents import Documents
from engine.model_sets import ModelSets
from engine.ocr import Ocr
from engine.readiness import ReadinessBoard
from engine.replays import Replays
from engine.turns import Turns
from engine.votes import Votes
from engine.waiting import WaitingQuestions
from storage.protocol import Stores


class ModelRouter(Protocol):
    """What `providers.router.Router` offers the engine."""

    @property
    def stream(self) -> StreamFunction: ...

    async def check(self, model: Model) -> Readiness: ...

    async def list_models(self, model: Model) -> Sequence[OfferedModel]: ...


@dataclass(frozen=True)
class Services:
    """What the page and the routes work with."""

    settings: Settings
    catalog: CurrentCatalog
    keys: Keys
    stores: Stores
    turns: Turns
    readiness: ReadinessBoard
    router: ModelRouter
    documents: Documents

    @property
    def loaded(self) -> Loaded:
        """What `models.yaml` says now, and what is wrong with it."""
        return self.catalog.loaded

    async def look(self) -> None:
        """Notice what a person has changed in `models.yaml` and `.env`, and check what it is
        about; the pages hear of it by `readiness.changed`."""
        if await self.catalog.look():
            self.keys.remember(self.loaded.secrets)
            self.readiness.changed.bump()
        await self.readiness.look()

    def problems(self, language: str) -> tuple[str, ...]:
        """What is wrong in `models.yaml` and `.env`, a line each."""
        lines = (problem.line(language) for problem in self.loaded.problems)
        return (*lines, *self.keys.problems(language))

    @cached_property
    def comparisons(self) -> Comparisons:
        """Several models beside each other in one chat."""
        return Comparisons(self.catalog, self.stores, self.turns)

    @cached_property
    def waiting(self) -> WaitingQuestions:
        """Questions asked while an answer runs."""
        data = self.settings.data
        return WaitingQuestions(data, self.catalog, self.stores, self.turns, self.comparisons)

    @cached_property
    def replays(self) -> Replays:
        """Saved chats asked again."""
        return Replays(self.catalog, self.stores, self.turns)

    @cached_property
    def model_sets(self) -> ModelSets:
        """Models that are often compared, by name."""
        return ModelSets(self.settings.data)

    @cached_property
    def ocr(self) -> Ocr:
        """What reads scanned pages."""
        one_person = not self.settings.logins and not self.settings.share
        return Ocr(self.documents.rules.ocr, one_person)

    @cached_property
    def votes(self) -> Votes:
        """What people preferred without knowing the names."""
        return Votes(self.settings.data)

    @property
    def language(self) -> str:
        """The language a person sees who has not chosen one."""
        return self.settings.language_or(self.loaded.catalog.language)
