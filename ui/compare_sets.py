"""Sets of models by name, and the links that open them."""

from __future__ import annotations

from collections.abc import Iterable

from core.catalog import Catalog
from core.texts import translate
from engine.model_sets import Sets
from engine.services import Services
from ui.compare_versions import Json
from ui.view import Visitor

_MOST_TOLD = 6
"""How many names a line has."""


class LinkedSets:
    """What the menu of sets and the address `/?compare=` do."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._sets = services.model_sets

    @property
    def _catalog(self) -> Catalog:
        return self._services.loaded.catalog

    async def all(self, owner: str) -> list[Json]:
        """The owner's sets for the menu."""
        return self._listed(await self._sets.all(owner))

    async def save(self, owner: str, name: str, models: tuple[str, ...]) -> Json:
        """Save the chosen models. Raises RejectedInput and StorageError."""
        return {"sets": self._listed(await self._sets.save(owner, name, models))}

    async def delete(self, owner: str, name: str) -> Json:
        """Forget a set. Raises StorageError."""
        return {"sets": self._listed(await self._sets.delete(owner, name))}

    async def linked(self, who: Visitor, link: str, blind: bool = False) -> Json:
        """The models of a link: a set's name, or ids with commas between them. Models that the
        catalog does not have or that do not fit are left out and named in a notification; for a
        `blind` round all fit."""
        sets = await self._sets.all(who.owner)
        wanted = sets.get(link.strip()) or tuple(
            dict.fromkeys(name.strip() for name in link.split(",") if name.strip())
        )
        known = [name for name in wanted if self._catalog.model(name)]
        most = len(known) if blind else self._catalog.limits.compare_lanes
        unknown = [name for name in wanted if name not in known]
        left_out = [
            *self._told(who, "compare.link_unknown", unknown),
            *self._told(who, "compare.link_too_many", map(self._label, known[most:])),
        ]
        told = {"told": " ".join(left_out)} if left_out else {}
        return {"models": known[:most], "sets": self._listed(sets), **told}

    def _told(self, who: Visitor, key: str, names: Iterable[str]) -> list[str]:
        found = list(names)
        listed, more = ", ".join(found[:_MOST_TOLD]), len(found) - _MOST_TOLD
        if more > 0:
            listed = translate(who.language, "compare.and_more", names=listed, count=str(more))
        most = str(self._catalog.limits.compare_lanes)
        return [translate(who.language, key, names=listed, most=most)] if listed else []

    def _listed(self, sets: Sets) -> list[Json]:
        return [
            {
                "name": name,
                "labels": [self._label(model) for model in models],
                "models": list(models),
            }
            for name, models in sets.items()
        ]

    def _label(self, model_id: str) -> str:
        model = self._catalog.model(model_id)
        return model.label if model else model_id
