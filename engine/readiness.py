"""Which models can answer now: checked in the background, read without waiting."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping

from core.catalog import Model
from core.http_syntax import is_key_value
from core.keys import Keys
from core.request import Readiness
from engine.current_catalog import CatalogView
from engine.signal import Signal

log = logging.getLogger(__name__)

CHECKING = Readiness(False, "checking")
_FRESH_FOR_S = 30.0
_CHECK_TIMEOUT_S = 6.0


class ReadinessBoard:
    """The last known readiness of every model. `changed` grows when any of it changes."""

    def __init__(
        self,
        catalog: CatalogView,
        keys: Keys,
        check: Callable[[Model], Awaitable[Readiness]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._catalog = catalog
        self._keys = keys
        self._check = check
        self._clock = clock
        self._known: dict[str, Readiness] = {}
        self._checked: dict[str, tuple[Model, str | None]] = {}
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
                self._start(model)

    async def look(self) -> None:
        """Check at once what has another entry or another key than at its last check; `refresh`
        the others."""
        keys = await asyncio.to_thread(self._present_keys)
        for model in self._catalog.models:
            if self._checked.get(model.id, (model, keys[model.id])) != (model, keys[model.id]):
                self._known.pop(model.id, None)
                self._start(model)
        self.refresh()

    async def settled(self) -> Mapping[str, Readiness]:
        """The snapshot once all running checks have ended."""
        if self._running:
            await asyncio.wait(list(self._running.values()))
        return await self.snapshot()

    def _present_keys(self) -> Mapping[str, str | None]:
        return {model.id: self._keys.get(model.api_key_env) for model in self._catalog.models}

    def _without_keys(self) -> Mapping[str, Readiness | None]:
        return {model.id: self._without_key(model) for model in self._catalog.models}

    def _without_key(self, model: Model) -> Readiness | None:
        if not model.api_key_env:
            return None
        key = self._keys.get(model.api_key_env)
        if key is None:
            return Readiness(False, "no_key", {"key": model.api_key_env})
        if not is_key_value(key):
            return Readiness(False, "key_characters", {"key": model.api_key_env})
        return None

    def _start(self, model: Model) -> None:
        """Begin a check; one that runs asks with an entry or a key that has changed."""
        earlier = self._running.pop(model.id, None)
        if earlier:
            earlier.cancel()
        self._checked.pop(model.id, None)
        self._checked_at[model.id] = self._clock()
        self._running[model.id] = asyncio.create_task(self._ask(model), name=f"check {model.id}")

    async def _ask(self, model: Model) -> None:
        try:
            async with asyncio.timeout(_CHECK_TIMEOUT_S):
                key = await asyncio.to_thread(self._keys.get, model.api_key_env)
                self._checked[model.id] = (model, key)
                without = await asyncio.to_thread(self._without_key, model)
                found = without or await self._check(model)
        except TimeoutError:
            found = Readiness(False, "unreachable", {"url": model.host})
        except Exception as error:
            log.warning("the check of %s broke", model.id, exc_info=True)
            detail = {"provider": model.provider_label, "detail": type(error).__name__}
            found = Readiness(False, "unknown", detail)
        finally:
            if self._running.get(model.id) is asyncio.current_task():
                del self._running[model.id]
        if self._known.get(model.id) != found:
            self._known[model.id] = found
            self.changed.bump()
