"""Which models can answer now: checked in the background, read without waiting."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping

from core.catalog import Catalog, Model
from core.keys import Keys
from core.request import Readiness
from engine.signal import Signal

log = logging.getLogger(__name__)

CHECKING = Readiness(False, "checking")
_FRESH_FOR_S = 30.0
_CHECK_TIMEOUT_S = 6.0


class ReadinessBoard:
    """The last known readiness of every model. `changed` grows when any of it changes."""

    def __init__(
        self,
        catalog: Catalog,
        keys: Keys,
        check: Callable[[Model], Awaitable[Readiness]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._catalog = catalog
        self._keys = keys
        self._check = check
        self._clock = clock
        self._known: dict[str, Readiness] = {}
        self._checked_at: dict[str, float] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self.changed = Signal()

    async def snapshot(self) -> Mapping[str, Readiness]:
        """What is known now, by model id; waits for no check. A missing key is seen at once."""
        without = await asyncio.to_thread(self._without_keys)
        return {
            m.id: without.get(m.id) or self._known.get(m.id, CHECKING) for m in self._catalog.models
        }

    def refresh(self, force: bool = False) -> None:
        """Start a background check of every model whose last one is older than 30 s."""
        for model in self._catalog.models:
            age = self._clock() - self._checked_at.get(model.id, float("-inf"))
            if model.id not in self._running and (force or age > _FRESH_FOR_S):
                self._checked_at[model.id] = self._clock()
                task = asyncio.create_task(self._ask(model), name=f"check {model.id}")
                self._running[model.id] = task

    async def settled(self) -> Mapping[str, Readiness]:
        """The snapshot once all running checks have ended."""
        if self._running:
            await asyncio.wait(list(self._running.values()))
        return await self.snapshot()

    def _without_keys(self) -> Mapping[str, Readiness | None]:
        return {model.id: self._without_key(model) for model in self._catalog.models}

    def _without_key(self, model: Model) -> Readiness | None:
        if model.api_key_env and not self._keys.get(model.api_key_env):
            return Readiness(False, "no_key", {"key": model.api_key_env})
        return None

    async def _ask(self, model: Model) -> None:
        try:
            async with asyncio.timeout(_CHECK_TIMEOUT_S):
                without = await asyncio.to_thread(self._without_key, model)
                found = without or await self._check(model)
        except TimeoutError:
            found = Readiness(False, "unreachable", {"url": model.host})
        except Exception as error:
            log.warning("the check of %s broke", model.id, exc_info=True)
            detail = {"provider": model.provider_label, "detail": type(error).__name__}
            found = Readiness(False, "unknown", detail)
        finally:
            self._running.pop(model.id, None)
        if self._known.get(model.id) != found:
            self._known[model.id] = found
            self.changed.bump()
