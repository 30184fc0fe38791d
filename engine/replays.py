"""A saved chat asked again, turn by turn, on another model or with other settings."""

from __future__ import annotations

from core.catalog import Catalog
from engine.turns import Turns
from storage.protocol import Stores


class Replays:
    """Runs replays as branches of their chats. Every call names the owner."""

    def __init__(self, catalog: Catalog, stores: Stores, turns: Turns) -> None:
        self._catalog = catalog
        self._stores = stores
        self._turns = turns
