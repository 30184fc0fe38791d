"""Which models stand beside each other: what is chosen, as far as it fits, and what a comparison
begins with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.catalog import Catalog
from core.comparison import Comparison
from core.conversation import Conversation
from core.texts import translate
from engine.services import Services
from ui.compare_versions import Json
from ui.view import Visitor


class ChosenModels:
    """Reads the catalog and the readiness of its models; changes nothing."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @property
    def _catalog(self) -> Catalog:
        return self._services.loaded.catalog

    def known(self, models: Sequence[str], blind: bool = False) -> tuple[str, ...]:
        """Those of the models that the catalog has, no more than fit beside each other. Where two
        are drawn from them, for a `blind` round, all fit."""
        known = [model for model in models if self._catalog.model(model)]
        return tuple(known if blind else known[: self._catalog.limits.compare_lanes])

    def cut(self, who: Visitor, models: Sequence[str]) -> Json:
        """Where there are more models than fit, a line under `told` says which stay chosen."""
        stay = self.known(models)
        if len(stay) == len(self.known(models, blind=True)):
            return {}
        names = ", ".join(m.label for m in map(self._catalog.model, stay) if m)
        line = translate(who.language, "compare.cut", most=str(len(stay)), names=names)
        return {"told": line}

    async def wanted(
        self, owner: str, chat_id: str | None, data: Mapping[str, Any]
    ) -> Sequence[str] | None:
        """The models a page wants a new comparison to begin with, by its `data`: those of the blind
        round of the chat `pool`; else `models`, which were `chosen` for this chat, or are those
        used last. Raises ChatNotFound."""
        store = self._services.stores.of(owner)
        if isinstance(data.get("pool"), str):
            drawn = (await store.load(data["pool"])).comparison
            return self._pool(drawn) if drawn else []
        if not isinstance(data.get("models"), list):
            return None
        models = [str(model) for model in data["models"]]
        if data.get("chosen") is True or chat_id is None:
            return models
        return await self._beginning(await store.load(chat_id), models)

    async def _beginning(self, chat: Conversation, models: Sequence[str]) -> Sequence[str]:
        """The model the chat has had so far, and another one; `models` where it had none."""
        own = _own_model(chat) if chat.comparison is None else None
        if own is None or self._catalog.model(own) is None:
            return models
        ready = await self._services.readiness.snapshot()
        others = [m for m in (*models, *(m.id for m in self._catalog.models)) if m != own]
        able = [model for model in others if model in ready and ready[model].ready]
        return [own, *(able or others)[:1]]

    def _pool(self, comparison: Comparison) -> Sequence[str]:
        """All models a blind round was drawn from, in the catalog's order, which tells nothing
        about its sides."""
        return [model.id for model in self._catalog.models if comparison.lane(model.id)]


def _own_model(chat: Conversation) -> str | None:
    """The model that was chosen in a chat, else the one that answered last."""
    answered = (m.answer.model for m in reversed(chat.path()) if m.answer)
    return (chat.model or next(answered, None)) if chat.messages else None
