"""The catalog of a running program: read again when the person changes the file."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from core.catalog import Catalog, DocumentRules, Limits, Model, SummaryRule, Titles
from core.catalog_file import Loaded, load_catalog
from core.catalog_problems import FILE, line_about
from core.file_version import Version, version_of

log = logging.getLogger(__name__)

_SETTLES_AFTER_S = 0.1
_MOST_WAITS = 20


class CatalogView(Protocol):
    """What the engine reads of the catalog. A `Catalog` is one that stays as it is; what a
    `CurrentCatalog` says may be another after every `await`."""

    @property
    def limits(self) -> Limits: ...
    @property
    def titles(self) -> Titles: ...
    @property
    def summary(self) -> SummaryRule: ...
    @property
    def documents(self) -> DocumentRules: ...
    @property
    def models(self) -> tuple[Model, ...]: ...

    def model(self, model_id: str) -> Model | None: ...


class CurrentCatalog:
    """`loaded` is what the file said when it was last looked at. Without a `path` it never changes.
    `edition` is another number after every change, and in every run of the program.

    What the server was started with stays: the language, `documents` and `request_megabytes`. A
    file that is no catalog at all changes nothing but the problems.
    """

    def __init__(
        self,
        loaded: Loaded,
        path: Path | None = None,
        formats: Collection[str] = (),
        version: Version | None = None,
    ) -> None:
        self.loaded = loaded
        self._started_with = loaded.catalog
        self._path = path
        self._formats = tuple(formats)
        self._version = version
        self.edition = time.time_ns() // 1_000_000
        self._looking = asyncio.Lock()

    @classmethod
    def of_file(cls, path: Path, formats: Collection[str]) -> CurrentCatalog:
        """The catalog of a file, which is read before this returns."""
        version = version_of(path)
        return cls(load_catalog(path, formats), path, formats, version)

    @property
    def now(self) -> Catalog:
        """The catalog as a value, for work that must see the same one throughout."""
        return self.loaded.catalog

    @property
    def limits(self) -> Limits:
        """The limits that hold now."""
        return self.now.limits

    @property
    def titles(self) -> Titles:
        """How chats get their titles now."""
        return self.now.titles

    @property
    def summary(self) -> SummaryRule:
        """When chats are summarised now."""
        return self.now.summary

    @property
    def documents(self) -> DocumentRules:
        """The rules that the documents were opened with."""
        return self.now.documents

    @property
    def models(self) -> tuple[Model, ...]:
        """The models there are now."""
        return self.now.models

    def model(self, model_id: str) -> Model | None:
        """The model with this id, if the catalog has it now."""
        return self.now.model(model_id)

    async def look(self) -> bool:
        """Read the file again if it has changed; whether anything is different now."""
        if self._path is None or self._looking.locked():
            return False
        async with self._looking:
            version = await asyncio.to_thread(version_of, self._path)
            if version == self._version:
                return False
            self._version = await self._settled(self._path, version)
            loaded = await asyncio.to_thread(load_catalog, self._path, self._formats)
            before, self.loaded = self.loaded, self._kept(loaded)
        log.info("models.yaml was read again: %d models", len(self.models))
        if self.loaded == before:
            return False
        self.edition = time.time_ns() // 1_000_000
        return True

    async def _settled(self, path: Path, version: Version | None) -> Version | None:
        """The version of the file once whoever writes it has paused."""
        for _ in range(_MOST_WAITS):
            await asyncio.sleep(_SETTLES_AFTER_S)
            before, version = version, await asyncio.to_thread(version_of, path)
            if before == version:
                break
        return version

    def _kept(self, loaded: Loaded) -> Loaded:
        """What of the new reading holds in a program that runs already."""
        if not loaded.is_readable:
            problems = (*loaded.problems, line_about(FILE, "kept"))
            return replace(loaded, catalog=self.now, problems=problems)
        first, new = self._started_with, loaded.catalog
        megabytes = first.limits.request_megabytes
        stays = {
            "language": first.language,
            "documents": first.documents,
            "limits": new.limits.model_copy(update={"request_megabytes": megabytes}),
        }
        changed = [key for key, value in stays.items() if getattr(new, key) != value]
        problems = (*loaded.problems, *(line_about(key, "needs_restart") for key in changed))
        return replace(loaded, catalog=new.model_copy(update=stays), problems=problems)
