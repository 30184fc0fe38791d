"""Several models beside each other in one chat: asking them, and what happens to their lanes."""

from __future__ import annotations

from core.catalog import Catalog
from engine.turns import Turns
from storage.protocol import Stores


class Comparisons:
    """Asks the lanes of a chat. Every call names the owner."""

    def __init__(self, catalog: Catalog, stores: Stores, turns: Turns) -> None:
        self._catalog = catalog
        self._stores = stores
        self._turns = turns
