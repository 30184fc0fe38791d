"""Routes that set two ways through a chat beside each other, and ask a chat again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.errors import BadRequest, answering_errors, error_response
from api.identity import caller
from api.inputs import LARGE_BYTES, chat_id_of, flag_in, is_half, object_of, text_in
from api.language import language_of
from core.catalog import Catalog
from core.conversation import ChatSettings, Conversation, Message
from core.errors import ErrorCard
from core.texts import translate
from engine.diff import Pair, pair, pairs
from engine.estimate import Estimate
from engine.replay_estimate import told_estimate
from engine.replaying import Replay, Track
from engine.services import Services

_KEYS = ("model", "leaf", "system", "temperature", "comparison")


class ReplayRoutes:
    """The routes over one set of services."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """Every route, its errors answered."""
        table = (
            ("/api/chats/{chat_id}/diff", "GET", self.diff),
            ("/api/chats/{chat_id}/replay", "POST", self.start),
            ("/api/chats/{chat_id}/replay/estimate", "POST", self.estimate),
            ("/api/replays", "GET", self.latest),
            ("/api/replays/{replay_id}", "GET", self.read),
            ("/api/replays/{replay_id}", "DELETE", self.stop),
        )
        language = self._services.language
        return [
            Route(path, answering_errors(endpoint, language), methods=[method])
            for path, method, endpoint in table
        ]

    async def diff(self, request: Request) -> Response:
        """GET ?a=&b=: the rounds of the paths to two messages, from where they part; with
        `alone=true` these two alone."""
        chat = await self._services.stores.of(caller(request)).load(chat_id_of(request))
        a, b = _message(request, chat, "a"), _message(request, chat, "b")
        names = _Names(self._services.loaded.catalog, chat)
        alone = request.query_params.get("alone") == "true"
        found = (pair(chat, a, b),) if alone else pairs(chat, a, b)
        rows = await asyncio.to_thread(lambda: [_row(one, names) for one in found])
        return JSONResponse({"pairs": rows})

    async def start(self, request: Request) -> Response:
        """POST {"model", "leaf"?, "system"?, "temperature"?}: ask the path to `leaf` again. With
        "comparison": true, every lane again, or the primary's questions of a new "model"."""
        asked, replays = await self._asked(request), self._services.replays
        if asked.compared:
            replay = await replays.start_comparison(
                asked.owner, asked.chat, asked.models, asked.settings
            )
        else:
            replay = await replays.start(
                asked.owner, asked.chat, asked.model, asked.settings, asked.leaf
            )
        told = _told(replay, language_of(request, self._services.language))
        return JSONResponse({"replay": replay.id, **told})

    async def estimate(self, request: Request) -> Response:
        """POST as for `start`: what that would send and probably cost. Nothing begins."""
        asked, replays = await self._asked(request), self._services.replays
        if asked.compared:
            found = await replays.estimate_comparison(
                asked.owner, asked.chat, asked.models, asked.settings
            )
        else:
            found = await replays.estimate(
                asked.owner, asked.chat, asked.model, asked.settings, asked.leaf
            )
        return JSONResponse(_reckoned(found, language_of(request, self._services.language)))

    async def latest(self, request: Request) -> Response:
        """GET ?chat=: the replays of a chat, newest first; those that ended only while the chat has
        what they wrote. Without `chat`, all of the owner's."""
        owner, chat_id = caller(request), request.query_params.get("chat")
        found = self._services.replays.of(owner, chat_id)
        if chat_id is not None:
            chat = await self._services.stores.of(owner).load(chat_id)
            found = tuple(replay for replay in found if _is_there(replay, chat))
        language = language_of(request, self._services.language)
        return JSONResponse({"replays": [_told(replay, language) for replay in found]})

    async def read(self, request: Request) -> Response:
        """GET: how far a replay is."""
        found = self._services.replays.get(caller(request), request.path_params["replay_id"])
        return self._answer(request, found)

    async def stop(self, request: Request) -> Response:
        """DELETE: end a replay; what was answered stays."""
        replay_id = request.path_params["replay_id"]
        return self._answer(request, await self._services.replays.stop(caller(request), replay_id))

    async def _asked(self, request: Request) -> _Asked:
        """The body of a replay. Raises BadRequest, ChatNotFound."""
        owner, chat_id = caller(request), chat_id_of(request)
        asked = await object_of(request, _KEYS, LARGE_BYTES)
        chat = await self._services.stores.of(owner).load(chat_id)
        settings = _settings(asked, chat.settings)
        compared = "comparison" in asked and flag_in(asked, "comparison")
        named = "model" in asked or not compared
        model = text_in(asked, "model") if named else ""
        leaf = text_in(asked, "leaf") if "leaf" in asked else None
        return _Asked(owner, chat_id, model, leaf, settings, compared)

    def _answer(self, request: Request, replay: Replay | None) -> Response:
        language = language_of(request, self._services.language)
        if replay is None:
            message = translate(language, "api.replay_gone.message")
            return error_response(404, message, translate(language, "api.replay_gone.hint"))
        return JSONResponse(_told(replay, language))


@dataclass(frozen=True)
class _Asked:
    """What is to be asked again, of whom; of a comparison "" is every lane's own model."""

    owner: str
    chat: str
    model: str
    leaf: str | None
    settings: ChatSettings
    compared: bool

    @property
    def models(self) -> Sequence[str] | None:
        return [self.model] if self.model else None


class _Names:
    """Who wrote an answer, as far as the reader may know it: not before a blind vote."""

    def __init__(self, catalog: Catalog, chat: Conversation) -> None:
        self._catalog = catalog
        self._hidden = chat.comparison is not None and chat.comparison.is_hidden

    def side(self, message: Message | None) -> Mapping[str, str] | None:
        if message is None:
            return None
        model_id = message.answer.model if message.answer and not self._hidden else ""
        model = self._catalog.model(model_id)
        label = model.label if model else model_id
        return {"id": message.id, "model": model_id, "label": label}


def _row(pair: Pair, names: _Names) -> Mapping[str, Any]:
    """One pair as JSON; `question_b` is there where the two sides were not asked the same."""
    questions = [_text(pair.question_a), _text(pair.question_b)]
    differs = pair.question_a and pair.question_b and questions[0] != questions[1]
    return {
        "question": questions[0] if pair.question_a else questions[1],
        "question_b": questions[1] if differs else None,
        "a": names.side(pair.a),
        "b": names.side(pair.b),
        "pieces": pair.pieces,
    }


def _text(message: Message | None) -> str:
    return message.content if message else ""


def _message(request: Request, chat: Conversation, name: str) -> str:
    asked = request.query_params.get(name, "")
    if chat.message(asked) is None:
        raise BadRequest("parameter", name=name, allowed=f"messages[].id – /api/chats/{chat.id}")
    return asked


def _told(replay: Replay, language: str) -> Mapping[str, Any]:
    """A replay as JSON: the whole of it, then each model by itself."""
    first = replay.tracks[0]
    return {
        "id": replay.id,
        "chat": replay.chat,
        "state": replay.state,
        "done": replay.done,
        "total": replay.total,
        **_track(first, language),
        "error": _error(replay.error, language),
        "lanes": [{**_track(t, language), "state": t.state} for t in replay.tracks],
    }


def _is_there(replay: Replay, chat: Conversation) -> bool:
    """Whether it runs, or an answer of it can be shown."""
    return bool(replay.going) or any(chat.message(t.newest or "") for t in replay.tracks)


def _reckoned(found: Estimate, language: str) -> Mapping[str, Any]:
    lanes = [
        {
            "model": lane.model,
            "input_tokens": lane.input_tokens,
            "output_tokens": lane.output_tokens,
            "cost_usd": lane.cost_usd,
        }
        for lane in found.lanes
    ]
    return {"told": told_estimate(found, language), "cost_usd": found.total_usd, "lanes": lanes}


def _track(track: Track, language: str) -> Mapping[str, Any]:
    return {
        "model": track.model.id,
        "label": track.model.label,
        "branch": track.branch,
        "old_leaf": track.old_leaf,
        "new_leaf": track.newest,
        "error": _error(track.error, language),
    }


def _error(card: ErrorCard | None, language: str) -> Mapping[str, str] | None:
    return {"message": card.message(language), "hint": card.hint(language)} if card else None


def _settings(asked: Mapping[str, Any], kept: ChatSettings) -> ChatSettings:
    """The chat's settings with what the request wants otherwise; null is the model's default."""
    system, temperature = (
        asked.get("system", kept.system),
        asked.get("temperature", kept.temperature),
    )
    if not isinstance(system, str) or any(map(is_half, system)):
        raise BadRequest("parameter", name="system", allowed="text")
    is_number = isinstance(temperature, int | float) and not isinstance(temperature, bool)
    if temperature is not None and not is_number:
        raise BadRequest("parameter", name="temperature", allowed="0 – 2, null")
    return replace(kept, system=system, temperature=temperature)
