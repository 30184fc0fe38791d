"""What the events of the comparison tab do: plain values in, JSON for its scripts out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast, get_args

from core.catalog import Catalog
from core.comparison import Comparison, Role, Vote
from core.conversation import Conversation
from core.errors import ChatNotFound, RejectedInput
from core.numbers import cost, tokens
from engine.estimate import Estimate
from engine.live import LiveTurn
from engine.services import Services
from ui.compare_asker import Asker
from ui.compare_chosen import ChosenModels
from ui.compare_seen import Choice
from ui.compare_sheet import ComparisonSheet, Sight
from ui.compare_versions import Json
from ui.current_chat import current
from ui.view import Place

_MOST_SHOWN = 2000


class CompareHandlers:
    """One instance serves all pages; every call says who is asking."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._chosen = ChosenModels(services)

    @property
    def _catalog(self) -> Catalog:
        return self._services.loaded.catalog

    def shown(self, wanted: object) -> int:
        """How many messages of a lane are drawn: as wished, else the catalog's number."""
        if type(wanted) is int and 0 < wanted <= _MOST_SHOWN:
            return wanted
        return self._catalog.limits.mounted_messages

    def at(self, place: Place, chat_id: str) -> Place:
        """The place of a page that has been moved to a chat's chosen path."""
        return replace(place, chat=chat_id, edits=None, leaf=None, turn=None)

    async def chat(self, asker: Asker) -> Conversation | None:
        """The chat the page shows, if it has one. Raises ChatNotFound."""
        if asker.chat is None:
            return None
        return await self._services.stores.of(asker.who.owner).load(asker.chat)

    async def draw(self, asker: Asker, chat: Conversation | None) -> Json:
        """The comparison as it is now."""
        await self._services.look()
        blind = asker.choice.blind and not (chat and chat.messages)
        sight = Sight(
            language=asker.who.language,
            shown=asker.shown,
            painted=asker.painted,
            chosen=self._chosen.known(asker.choice.models, blind),
            context=asker.choice.context,
            mode=asker.choice.mode,
            blind=blind,
        )

        def live(turn: str) -> LiveTurn | None:
            return self._services.turns.get(asker.who.owner, turn)

        ready = await self._services.readiness.snapshot()
        if chat:
            owner = asker.who.owner
            chat = await current(self._services.stores.of(owner), self._services.turns, owner, chat)
        return ComparisonSheet(self._catalog, ready, live, sight).draw(chat)

    async def send(self, asker: Asker, text: str) -> str:
        """Ask all chosen models; the id of the chat. Raises as `Comparisons.send`, and
        RejectedInput where another page has changed which models those are."""
        picked = await self._unchanged(asker)
        started = await self._services.comparisons.send(
            asker.who.owner,
            asker.chat,
            text,
            picked.models,
            picked.context,
            picked.mode,
            picked.blind,
            asker.settings,
            asker.documents,
        )
        return started.chat

    async def keep(self, asker: Asker) -> None:
        """Keep the switches of a chat that compares already. Raises as `Comparisons.keep`."""
        chat, picked = await self.chat(asker), asker.choice
        if chat and chat.messages and chat.comparison is None and picked.blind:
            raise RejectedInput("blind_needs_new_chat")
        if chat is None or chat.comparison is None:
            return
        if picked.blind and not chat.comparison.is_hidden:
            raise RejectedInput("blind_needs_new_chat")
        if not picked.models and not chat.comparison.is_hidden:
            raise RejectedInput("last_lane")
        picked = self._brought_up(asker, chat.comparison)
        await self._services.comparisons.keep(
            asker.who.owner, chat.id, self._fitting(picked.models), picked.context, picked.mode
        )

    async def _unchanged(self, asker: Asker) -> Choice:
        """What is chosen, on top of what the file says by now. Raises RejectedInput where that
        would ask other models than the page shows."""
        chat = await self.chat(asker) if asker.seen else None
        if chat is None or chat.comparison is None or asker.seen is None:
            return asker.choice
        picked = self._brought_up(asker, chat.comparison)
        picked = replace(picked, models=self._chosen.known(picked.models, asker.seen.hidden))
        if asker.seen.hidden != chat.comparison.is_hidden:
            raise RejectedInput("lanes_changed")
        if not asker.seen.hidden and set(picked.models) != set(asker.choice.models):
            raise RejectedInput("lanes_changed")
        return picked

    def _brought_up(self, asker: Asker, kept: Comparison) -> Choice:
        """What is chosen on this page, brought up to what others have changed. A lane whose model
        has left the catalog has no chip, and stays where it is."""
        if asker.seen is None:
            return asker.choice
        chips = replace(asker.seen, lanes=self._chosen.known(asker.seen.lanes))
        return chips.brought_up(asker.choice, kept)

    def _fitting(self, models: Sequence[str]) -> Sequence[str]:
        """The models, where there are too many without those that have left the catalog."""
        most = self._catalog.limits.compare_lanes
        return models if len(models) <= most else [m for m in models if self._catalog.model(m)]

    async def change_lane(self, asker: Asker, key: str, change: Json) -> None:
        """Another role, width or place for a lane, or whether it is shown."""
        chat_id, model = await self._lane(asker, key)
        role, move = change.get("role"), change.get("move")
        await self._services.comparisons.change_lane(
            asker.who.owner,
            chat_id,
            model,
            role=cast(Role, role) if role in get_args(Role) else None,
            shown=_flag(change.get("shown")),
            wide=_flag(change.get("wide")),
            move=move if move in (-1, 1) else 0,
        )

    async def stand_at(self, asker: Asker, key: str, message_id: str) -> None:
        """Have a lane go on from another version of one of its messages."""
        chat_id, model = await self._lane(asker, key)
        await self._services.comparisons.stand_at(asker.who.owner, chat_id, model, message_id)

    async def retry(self, asker: Asker, key: str) -> None:
        """Answer the newest question of one lane once more, alone."""
        chat_id, model = await self._lane(asker, key)
        await self._services.comparisons.retry_lane(asker.who.owner, chat_id, model, asker.settings)

    async def go_on(self, asker: Asker, key: str) -> None:
        """Have the newest answer of one lane continued that was stopped or cut off."""
        chat_id, model = await self._lane(asker, key)
        comparisons = self._services.comparisons
        await comparisons.continue_lane(asker.who.owner, chat_id, model, asker.settings)

    async def continue_with(self, asker: Asker, wanted: Mapping[str, Any]) -> None:
        """Let the chat go on from one lane alone, or from a `message`."""
        if "message" in wanted:
            await self._turn_to(asker, str(wanted["message"]))
            return
        chat_id, model = await self._lane(asker, str(wanted.get("lane")))
        await self._services.comparisons.continue_with(asker.who.owner, chat_id, model)

    async def _turn_to(self, asker: Asker, message_id: str) -> None:
        chat_id, _ = await self._comparison(asker)

        def turn(chat: Conversation) -> Conversation:
            if chat.message(message_id) is None:
                raise ChatNotFound(message_id)
            return chat.turn_to(message_id)

        await self._services.stores.of(asker.who.owner).update(chat_id, turn)

    async def fuse(self, asker: Asker, model: str) -> None:
        """Have one model write the best answer from all of them."""
        chat_id, _ = await self._comparison(asker)
        await self._services.comparisons.fuse(asker.who.owner, chat_id, model, asker.settings)

    async def vote(self, asker: Asker, vote: object) -> None:
        """Vote once, and put it into the votes the leaderboard is made of."""
        chat_id, _ = await self._comparison(asker)
        if vote not in get_args(Vote):
            raise RejectedInput("vote_closed")
        owner = asker.who.owner

        async def keep(voted: Conversation) -> None:
            await self._services.votes.add(owner, voted)

        await self._services.comparisons.vote(owner, chat_id, cast(Vote, vote), keep)

    async def stop(self, asker: Asker, turn: str) -> None:
        """Stop one running answer."""
        await self._services.turns.stop(asker.who.owner, turn)

    async def estimate(self, asker: Asker, text: str) -> Json:
        """What the question would cost, in the words of the page. An empty one costs nothing."""
        models = self._chosen.known(asker.choice.models, asker.choice.blind)
        if not text.strip() or not models:
            return {}
        found = await self._services.comparisons.estimate(
            asker.who.owner,
            asker.chat,
            text,
            models,
            asker.choice.context,
            asker.settings,
            asker.documents,
        )
        sides = 2 if asker.choice.blind else None
        return EstimateSheet(asker.who.language).draw(found, sides)

    async def _lane(self, asker: Asker, key: str) -> tuple[str, str]:
        """The chat and the model of a lane, which goes by its number while names are hidden."""
        chat_id, comparison = await self._comparison(asker)
        if comparison.is_hidden:
            numbered = {str(n): lane for n, lane in enumerate(comparison.shown, start=1)}
            lane = numbered.get(key)
        else:
            lane = comparison.lane(key)
        if lane is None:
            raise ChatNotFound(key)
        return chat_id, lane.model

    async def _comparison(self, asker: Asker) -> tuple[str, Comparison]:
        chat = await self.chat(asker)
        if chat is None or chat.comparison is None:
            raise ChatNotFound(asker.chat or "")
        return chat.id, chat.comparison


@dataclass(frozen=True)
class EstimateSheet:
    """An estimate in one language."""

    language: str

    def draw(self, found: Estimate, sides: int | None) -> Json:
        """Of a blind comparison only what its `sides` cost at most, which names nobody."""
        if sides is not None:
            whole = found.total_usd is not None
            return {"lanes": {}, "total": self._most(found, sides), "partly": not whole}
        lanes = {
            one.model: {
                "cost": cost(one.cost_usd, self.language),
                "tokens": f"{tokens(one.input_tokens, self.language)} → "
                f"{tokens(one.output_tokens, self.language)}",
            }
            for one in found.lanes
        }
        whole = found.total_usd is not None
        total = cost(found.total_usd if whole else found.known_usd, self.language)
        return {"lanes": lanes, "total": total, "partly": not whole}

    def _most(self, found: Estimate, sides: int) -> str:
        known = sorted((one.cost_usd or 0.0 for one in found.lanes), reverse=True)
        return cost(sum(known[:sides]), self.language)


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None
