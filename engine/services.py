"""Everything a running Divan is made of, put together once by `app.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from core.catalog import Model
from core.catalog_file import Loaded
from core.keys import Keys
from core.request import Readiness, StreamFunction
from core.settings import Settings
from engine.readiness import ReadinessBoard
from engine.turns import Turns
from storage.protocol import Stores


class ModelRouter(Protocol):
    """What `providers.router.Router` offers the engine."""

    @property
    def stream(self) -> StreamFunction: ...

    async def check(self, model: Model) -> Readiness: ...


@dataclass(frozen=True)
class Services:
    """What the page and the routes work with."""

    settings: Settings
    loaded: Loaded
    keys: Keys
    stores: Stores
    turns: Turns
    readiness: ReadinessBoard
    router: ModelRouter

    @property
    def language(self) -> str:
        """The language a person sees who has not chosen one."""
        return self.settings.language_or(self.loaded.catalog.language)
