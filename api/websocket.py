"""`/ws`: pages follow running turns. The messages are described in docs/architecture.md."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from api.identity import caller
from core.errors import StorageError
from core.events import Status, ToolCall
from core.texts import translate
from engine.live import QUEUED, Frame, LiveTurn
from engine.services import Services
from storage.protocol import ChatStore

log = logging.getLogger(__name__)

FRAME_PAUSE_S = 1 / 120
"""Between two frames of a turn: shorter than a screen's frame, long enough to gather tokens."""
_LIST_PAUSE_S = 2.0
_MODELS_PAUSE_S = 2.0
_DOCUMENTS_PAUSE_S = 0.5
_ELSEWHERE_PAUSE_S = 2.0
_MOST_FOLLOWED = 64
_LONGEST_MESSAGE = 4096


async def serve_websocket(websocket: WebSocket, services: Services) -> None:
    """Serve one page until it leaves. The guard has already let it in."""
    language = websocket.query_params.get("lang") or services.language
    await websocket.accept()
    connection = _Connection(websocket, services, caller(websocket), language)
    await connection.serve()


class _Connection:
    """One page: a cursor for each turn it follows, and one writer at a time."""

    def __init__(self, websocket: WebSocket, services: Services, owner: str, language: str) -> None:
        self._websocket = websocket
        self._services = services
        self._owner = owner
        self._language = language
        self._writing = asyncio.Lock()
        self._followers: dict[str, asyncio.Task[None]] = {}

    async def serve(self) -> None:
        """Read what the page asks for; everything ends with the connection."""
        watch = (
            self._watch_running,
            self._watch_summaries,
            self._watch_comparisons,
            self._watch_waiting,
            self._watch_chats,
            self._watch_models,
            self._watch_documents,
            self._watch_other_processes,
        )
        watchers = [self._start(work) for work in watch]
        try:
            while (text := await self._heard()) is not None:
                self._handle(text)
        finally:
            for task in (*watchers, *self._followers.values()):
                task.cancel()

    async def _heard(self) -> str | None:
        """The next text, "" for what is none or too long, None once the page has left."""
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            return None
        text = message.get("text") or ""
        return text if len(text) <= _LONGEST_MESSAGE else ""

    def _start(self, work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        return asyncio.create_task(self._until_gone(work))

    async def _until_gone(self, work: Callable[[], Awaitable[None]]) -> None:
        """A page that has left is no error of whoever was writing to it."""
        try:
            await work()
        except (WebSocketDisconnect, RuntimeError):
            log.debug("a page left while it was written to")

    async def _send(self, message: Mapping[str, Any]) -> None:
        async with self._writing:
            await self._websocket.send_text(_whole(json.dumps(message, ensure_ascii=False)))

    def _handle(self, text: str) -> None:
        """Do what is asked; what is no message of ours is passed over."""
        kind, turn, after = _read(text)
        if kind in ("follow", "unfollow"):
            self._unfollow(turn)
        if kind == "follow" and len(self._followers) < _MOST_FOLLOWED:
            self._followers[turn] = self._start(partial(self._follow, turn, after))
        elif kind == "stop":
            self._services.turns.ask_to_stop(self._owner, turn)

    def _unfollow(self, turn: str) -> None:
        task = self._followers.pop(turn, None)
        if task:
            task.cancel()

    async def _follow(self, turn_id: str, after: int) -> None:
        turn = self._services.turns.get(self._owner, turn_id)
        if turn is None:
            await self._send({"type": "gone", "turn": turn_id})
            self._followers.pop(turn_id, None)
            return
        seq, ended = after, False
        while not ended:
            frame = turn.since(seq)
            seq, ended = frame.seq, frame.ended
            await self._send(self._frame(turn_id, frame))
            await asyncio.sleep(FRAME_PAUSE_S)
            if not ended:
                await turn.signal.after(seq)
        await self._send(_end(turn))
        self._followers.pop(turn_id, None)

    def _frame(self, turn_id: str, frame: Frame) -> Mapping[str, Any]:
        return {
            "type": "frame",
            "turn": turn_id,
            "seq": frame.seq,
            "reset": frame.reset,
            "text": frame.text,
            "reasoning": frame.reasoning,
            "tools": None if frame.tools is None else [_tool(call) for call in frame.tools],
            "status": self._status(frame.status),
        }

    def _status(self, status: Status | None) -> Mapping[str, Any] | None:
        if status is None:
            return None
        text = translate(self._language, f"status.{status.key}", **status.params)
        queued = status.key == QUEUED
        return {"text": text, "fraction": status.fraction, "queued": queued}

    async def _watch_running(self) -> None:
        seen, shown = -1, None
        while True:
            seen = await self._services.turns.changed.after(seen)
            running = [{"turn": r.turn, "chat": r.chat} for r in self._running()]
            if running != shown:
                shown = running
                await self._send({"type": "running", "turns": running})

    def _running(self) -> tuple[Any, ...]:
        return self._services.turns.running(self._owner)

    async def _watch_summaries(self) -> None:
        summaries = self._services.turns.summaries
        seen = summaries.changed.version
        while True:
            before, seen = seen, await summaries.changed.after(seen)
            for chat, _ in summaries.changed.told(self._owner, before):
                await self._send({"type": "summary", "chat": chat})

    async def _watch_comparisons(self) -> None:
        changed = self._services.comparisons.changed
        seen = changed.version
        while True:
            before, seen = seen, await changed.after(seen)
            for chat, rev in changed.told(self._owner, before):
                await self._send({"type": "comparison", "chat": chat, "rev": rev})

    async def _watch_waiting(self) -> None:
        changed = self._services.waiting.changed
        seen = changed.version
        while True:
            before, seen = seen, await changed.after(seen)
            for chat, _ in changed.told(self._owner, before):
                await self._send({"type": "waiting", "chat": chat})

    async def _watch_chats(self) -> None:
        store = self._services.stores.of(self._owner)
        shown: int | None = None
        while True:
            version = await _version(store)
            if version not in (None, shown):
                shown = version
                await self._send({"type": "chats", "version": version})
            await asyncio.sleep(_LIST_PAUSE_S)

    async def _watch_models(self) -> None:
        """Keep the catalog and the readiness fresh while a page shows them, and tell of every
        change."""
        board, seen = self._services.readiness, 0
        while True:
            await self._services.look()
            try:
                async with asyncio.timeout(_MODELS_PAUSE_S):
                    seen = await board.changed.after(seen)
            except TimeoutError:
                continue
            await self._send({"type": "models", "catalog": self._services.catalog.edition})

    async def _watch_documents(self) -> None:
        changed = self._services.documents.changed(self._owner)
        seen = changed.version
        while True:
            seen = await changed.after(seen)
            await self._send({"type": "documents"})
            await asyncio.sleep(_DOCUMENTS_PAUSE_S)

    async def _watch_other_processes(self) -> None:
        """Notice what the terminal does to the documents while a page is there to show it."""
        documents, seen = self._services.documents, -1
        while True:
            before, seen = seen, await self._written_elsewhere(seen)
            if before not in (-1, seen):
                documents.changed(self._owner).bump()
            await asyncio.sleep(_ELSEWHERE_PAUSE_S)

    async def _written_elsewhere(self, last: int) -> int:
        try:
            return await self._services.documents.written_elsewhere(self._owner)
        except StorageError:
            return last


async def _version(store: ChatStore) -> int | None:
    """The version of the list; None on a disk that cannot be asked just now."""
    try:
        return await store.version()
    except StorageError:
        log.warning("the version of the list cannot be read", exc_info=True)
        return None


def _read(text: str) -> tuple[str, str, int]:
    """Kind, turn and event number of a page's message; the kind is "" where it is none."""
    try:
        asked = json.loads(text)
    except (ValueError, RecursionError):
        return "", "", 0
    if not isinstance(asked, dict):
        return "", "", 0
    kind, turn, after = asked.get("type"), asked.get("turn"), asked.get("after", 0)
    if not (isinstance(kind, str) and isinstance(turn, str) and isinstance(after, int)):
        return "", "", 0
    return kind, turn, after


def _tool(call: ToolCall) -> Mapping[str, str]:
    return {"id": call.id, "name": call.name, "arguments": call.arguments}


def _end(turn: LiveTurn) -> Mapping[str, str]:
    return {
        "type": "end",
        "turn": turn.id,
        "chat": turn.chat_id,
        "outcome": turn.answer.outcome.value,
    }


def _whole(text: str) -> str:
    """Text that can be sent: a lone half of an emoji would break the connection."""
    return text.encode("utf-8", "replace").decode("utf-8")
