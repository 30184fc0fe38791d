"""What can be done with a message that is there: answer again, go on with it, walk its versions,
branch off."""

from __future__ import annotations

from core.conversation import ChatSettings, Conversation
from core.errors import ChatNotFound
from core.tree import add_branch, open_branch, open_message
from engine.identity import now
from engine.services import Services
from ui.view import Place, Visitor


class MessageHandlers:
    """One instance serves all pages; every call says who is asking. All raise ChatNotFound where
    the chat or the message is gone."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def retry(
        self, who: Visitor, place: Place, answer_id: str, model_id: str, settings: ChatSettings
    ) -> Place:
        """Ask the question of an answer once more. Raises as `engine.turns.Turns.retry`."""
        turns = self._services.turns
        await turns.retry(who.owner, _chat(place), answer_id, model_id, settings)
        return place

    async def go_on(
        self, who: Visitor, place: Place, answer_id: str, model_id: str, settings: ChatSettings
    ) -> Place:
        """Have an answer continued that was stopped or cut off. Raises as
        `engine.turns.Turns.continue_answer`."""
        turns = self._services.turns
        await turns.continue_answer(who.owner, _chat(place), answer_id, model_id, settings)
        return place

    async def choose(self, who: Visitor, place: Place, message_id: str) -> None:
        """Turn to another version of a question or answer; the chat remembers it."""

        def turn_to(chat: Conversation) -> Conversation:
            if chat.message(message_id) is None:
                raise ChatNotFound(message_id)
            return chat.turn_to(message_id)

        turned = await self._services.stores.of(who.owner).update(_chat(place), turn_to)
        if turned.comparison:  # its primary goes along
            self._services.comparisons.changed.tell(who.owner, turned.id, turned.rev)

    async def begin_branch(self, who: Visitor, place: Place, name: str, message_id: str) -> None:
        """Begin a branch at a message, and be on it. Raises as `core.tree.add_branch`."""
        moment = now()

        def begin(chat: Conversation) -> Conversation:
            return add_branch(chat, name, message_id, moment)

        await self._services.stores.of(who.owner).update(_chat(place), begin)

    async def open_path(self, who: Visitor, place: Place, branch: str, message_id: str) -> None:
        """Turn to a branch by its name, or without one to what follows a message. Raises as
        `core.tree.open_branch`."""

        def turn_to(chat: Conversation) -> Conversation:
            return open_branch(chat, branch) if branch else open_message(chat, message_id)

        await self._services.stores.of(who.owner).update(_chat(place), turn_to)

    async def edit_summary(self, who: Visitor, place: Place, summary_id: str, text: str) -> None:
        """Keep the person's own words as a summary. Raises as `engine.summaries.Summaries.edit`."""
        summaries = self._services.turns.summaries
        await summaries.edit(who.owner, _chat(place), summary_id, text)

    async def undo_summary(self, who: Visitor, place: Place, summary_id: str, off: bool) -> None:
        """Take a summary out of use, or back into it."""
        summaries = self._services.turns.summaries
        await summaries.undo(who.owner, _chat(place), summary_id, off)


def _chat(place: Place) -> str:
    if place.chat is None:
        raise ChatNotFound("")
    return place.chat
