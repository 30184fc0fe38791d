"""Routes of a chat's tree: the picture, its branches, turning to a message."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.chat_routes import chat_routes
from api.errors import BadRequest
from api.identity import caller
from api.inputs import chat_id_of, flag_in, object_of, text_in
from core import tree
from core.conversation import Conversation
from core.errors import RejectedInput
from core.tree import BranchView, Segment
from engine.identity import now
from engine.services import Services
from storage.protocol import Change, ChatStore


class BranchRoutes:
    """The routes over one set of services."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """Every route, its errors answered."""
        table = (
            ("tree", "GET", self.read),
            ("branches", "POST", self.begin),
            ("branches", "PATCH", self.change),
            ("branches", "DELETE", self.drop),
            ("open", "POST", self.open),
            ("prune", "POST", self.prune),
            ("repair", "POST", self.repair),
        )
        return chat_routes(table, self._services.language)

    async def read(self, request: Request) -> Response:
        """GET: the tree in runs of messages, and the branches."""
        return self._tree(await self._store(request).load(chat_id_of(request)))

    async def begin(self, request: Request) -> Response:
        """POST {"name", "message"}: begin a branch at a message and be on it."""
        asked = await object_of(request, ("name", "message"))
        name, message, moment = text_in(asked, "name"), text_in(asked, "message"), now()
        return await self._changed(request, lambda c: tree.add_branch(c, name, message, moment))

    async def change(self, request: Request) -> Response:
        """PATCH {"branch", "name"?, "preferred"?}: rename a branch, mark it as preferred."""
        asked = await object_of(request, ("branch", "name", "preferred"))
        branch = text_in(asked, "branch")
        name = text_in(asked, "name") if "name" in asked else None
        preferred = flag_in(asked, "preferred") if "preferred" in asked else None

        def change(chat: Conversation) -> Conversation:
            if preferred is not None:
                chat = tree.prefer_branch(chat, branch, preferred)
            return chat if name is None else tree.rename_branch(chat, branch, name)

        return await self._changed(request, change)

    async def drop(self, request: Request) -> Response:
        """DELETE {"branch"}: to the trash, with the messages only it needs."""
        asked = await object_of(request, ("branch",))
        branch = text_in(asked, "branch")

        def choose(chat: Conversation) -> Collection[str]:
            return _settled(chat, tree.only_of(chat, branch))

        pruned = await self._store(request).prune(chat_id_of(request), choose, branch)
        shown = self._as_json(pruned.conversation)
        return JSONResponse({"undo": pruned.token, "count": pruned.count, "tree": shown})

    async def open(self, request: Request) -> Response:
        """POST {"message"} or {"branch"}: turn the chosen path there."""
        asked = await object_of(request, ("message", "branch"))
        if len(asked) != 1:
            raise BadRequest("parameter", name="JSON", allowed="message / branch")
        if "branch" in asked:
            branch = text_in(asked, "branch")
            return await self._changed(request, lambda c: tree.open_branch(c, branch))
        message = text_in(asked, "message")
        return await self._changed(request, lambda c: tree.open_message(c, message))

    async def prune(self, request: Request) -> Response:
        """POST: what is off the chosen path to the trash; `undo` is null where nothing was."""

        def choose(chat: Conversation) -> Collection[str]:
            return _settled(chat, tree.off_path(chat))

        pruned = await self._store(request).prune(chat_id_of(request), choose)
        return JSONResponse({"undo": pruned.token or None, "count": pruned.count})

    async def repair(self, request: Request) -> Response:
        """POST: write the mended tree of a damaged chat."""
        return JSONResponse({"count": await self._store(request).repair(chat_id_of(request))})

    async def _changed(self, request: Request, change: Change) -> Response:
        return self._tree(await self._store(request).update(chat_id_of(request), change))

    def _store(self, request: Request) -> ChatStore:
        return self._services.stores.of(caller(request))

    def _tree(self, chat: Conversation) -> Response:
        return JSONResponse(self._as_json(chat))

    def _as_json(self, chat: Conversation) -> Mapping[str, Any]:
        labels = {model.id: model.label for model in self._services.loaded.catalog.models}
        return as_json(chat, labels)


def _settled(chat: Conversation, ids: Collection[str]) -> Collection[str]:
    """The ids, none of them being written at this moment. Raises RejectedInput."""
    if any(message.is_open and message.id in ids for message in chat.messages):
        raise RejectedInput("already_answering")
    return ids


def as_json(chat: Conversation, labels: Mapping[str, str]) -> Mapping[str, Any]:
    """The tree as the page draws it; `labels` are the names of the models by id."""
    # Whoever is about to vote must not read here who answered.
    hidden = chat.comparison is not None and chat.comparison.is_hidden
    current, shown = chat.current_branch(), tree.picture(chat)
    return {
        "chat": chat.id,
        "leaf": chat.leaf,
        "branch": current.name if current else "",
        "rev": chat.rev,
        "repairs": chat.repairs,
        "off_path": shown.off_path,
        "segments": [_segment(each, labels, hidden) for each in shown.segments],
        "branches": [_branch(each) for each in shown.branches],
    }


def _segment(segment: Segment, labels: Mapping[str, str], hidden: bool) -> Mapping[str, Any]:
    return {
        "id": segment.id,
        "tip": segment.tip,
        "parent": segment.parent,
        "count": len(segment.messages),
        "label": segment.label,
        "models": [] if hidden else [labels.get(model, model) for model in segment.models],
        "on_path": segment.on_path,
        "running": segment.running,
    }


def _branch(view: BranchView) -> Mapping[str, Any]:
    return {
        "name": view.branch.name,
        "leaf": view.branch.leaf,
        "preferred": view.branch.preferred,
        "current": view.current,
        "count": view.count,
        "own": view.own,
        "updated": view.updated,
    }
