"""`python app.py replay CHAT`: a saved chat asked again in the terminal.

The page may run on the same folders: each save takes the chat's lock, and the page shows what
is new as it shows any file that changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from core.conversation import ChatSettings, Conversation
from core.errors import (
    ChatNotFound,
    DivanError,
    RejectedInput,
    card_of,
)
from core.texts import translate
from engine.limits import out_of_range
from engine.replay_report import Report
from engine.replaying import Replay
from engine.replays import Replays
from engine.services import Services
from storage import ids

_LATEST = 10


@dataclass(frozen=True)
class Wanted:
    """The arguments of the command, as they were typed. `chat` is an id or the path of its file;
    None and nothing are what the chat says itself."""

    chat: str
    models: tuple[str, ...] = ()
    branch: str | None = None
    system: str | None = None
    temperature: str | None = None
    user: str = ""


class _BadArgument(Exception):
    """An argument that cannot be; the text under `replay_command` names what can."""

    def __init__(self, key: str, **params: str) -> None:
        super().__init__(key)
        self.key = key
        self.params = params


async def run_replay(services: Services, wanted: Wanted, out: TextIO, errors: TextIO) -> int:
    """Ask the chat again and print each turn, and at the end what changed.

    The exit code is 0 where every question was answered, 1 where a turn or the disk failed, 2 for
    invalid arguments. Cancelling it stops the replay, keeps what came, and reports it.
    """
    language = services.language
    try:
        located = await asyncio.to_thread(_located, wanted, services.settings.chats)
        return await _Command(services, located, out).run()
    except _BadArgument as wrong:
        text = translate(language, f"replay_command.{wrong.key}", **wrong.params)
        print(text, file=errors)
        return 2
    except DivanError as error:
        card = card_of(error)
        print(f"{card.message(language)} {card.hint(language)}", file=errors)
        return 2 if isinstance(error, RejectedInput) else 1
    finally:
        await services.replays.shut_down()
        await services.turns.shut_down()
        await asyncio.to_thread(services.stores.close)


class _Command:
    def __init__(self, services: Services, wanted: Wanted, out: TextIO) -> None:
        self._services = services
        self._wanted = wanted
        self._out = out

    async def run(self) -> int:
        await self._check_user()
        self._check_models(self._wanted.models)
        chat = await self._chat()
        settings = self._settings(chat.settings)
        compared = chat.comparison is not None and bool(chat.comparison.shown)
        if compared and self._wanted.branch is None:
            return await self._lanes(chat, settings)
        leaf = self._leaf(chat)
        models = self._wanted.models or (chat.model,)
        self._check_models(models)
        return max([await self._path(chat, model, settings, leaf) for model in models])

    async def _lanes(self, chat: Conversation, settings: ChatSettings | None) -> int:
        asked = (self._wanted.user, chat.id, self._wanted.models, settings)
        report = self._report(chat)
        report.estimate(await self._replays.estimate_comparison(*asked))
        return await self._follow(chat, await self._replays.start_comparison(*asked), report)

    async def _path(
        self, chat: Conversation, model: str, settings: ChatSettings | None, leaf: str | None
    ) -> int:
        asked = (self._wanted.user, chat.id, model, settings, leaf)
        report = self._report(chat)
        report.estimate(await self._replays.estimate(*asked))
        return await self._follow(chat, await self._replays.start(*asked), report)

    def _report(self, chat: Conversation) -> Report:
        return Report(chat, self._services.language, self._out)

    async def _follow(self, chat: Conversation, replay: Replay, report: Report) -> int:
        """Print the replay as it goes; cancelling stops it."""
        store = self._services.stores.of(self._wanted.user)
        report.start(replay)
        try:
            while replay.state == "running":
                replay = await self._further(replay)
                report.turns(replay, await store.load(chat.id))
        except asyncio.CancelledError:
            replay = await self._replays.stop(replay.owner, replay.id) or replay
            report.end(replay, await store.load(chat.id))
            raise
        report.end(replay, await store.load(chat.id))
        return 0 if replay.state == "done" else 1

    async def _further(self, replay: Replay) -> Replay:
        """The replay once it has come further."""
        while True:
            version = self._replays.changed.version
            newest = self._replays.get(replay.owner, replay.id) or replay
            if newest != replay:
                return newest
            await self._replays.changed.after(version)

    async def _chat(self) -> Conversation:
        store = self._services.stores.of(self._wanted.user)
        try:
            return await store.load(self._wanted.chat)
        except ChatNotFound:
            rows = (await store.list(0, _LATEST)).rows
            if not rows:
                folder = str(self._services.settings.chats)
                raise _BadArgument("no_chats", name=self._wanted.chat, folder=folder) from None
            known = "\n".join(f"  {row.id}  {row.title}" for row in rows)
            raise _BadArgument("unknown_chat", name=self._wanted.chat, chats=known) from None

    def _check_models(self, models: Sequence[str]) -> None:
        catalog = self._services.loaded.catalog
        known = ", ".join(model.id for model in catalog.models)
        for name in models:
            if catalog.model(name) is None:
                key = "unknown_model" if name else "no_model"
                raise _BadArgument(key, name=name, ids=known)

    async def _check_user(self) -> None:
        known = await asyncio.to_thread(_users, self._services)
        if self._wanted.user and self._wanted.user.lower() not in known:
            key = "unknown_user" if known else "no_users"
            folder = str(self._services.settings.chats)
            names = ", ".join(known)
            raise _BadArgument(key, name=self._wanted.user, names=names, folder=folder)

    def _leaf(self, chat: Conversation) -> str | None:
        """Where the path ends that is asked again: of the named branch, else of the preferred one,
        else the chosen path."""
        name = self._wanted.branch
        named = next((b for b in chat.branches if b.name == name), None)
        if name is not None and named is None:
            names = ", ".join(f"“{branch.name}”" for branch in chat.branches)
            key = "unknown_branch" if names else "no_branches"
            raise _BadArgument(key, name=name, names=names)
        preferred = next((b for b in chat.branches if b.preferred), None)
        branch = named or preferred
        return branch.leaf if branch else chat.leaf

    def _settings(self, kept: ChatSettings) -> ChatSettings | None:
        """The chat's settings with what is wanted otherwise; None where nothing is."""
        if self._wanted.system is not None:
            kept = replace(kept, system=self._wanted.system)
        if self._wanted.temperature is not None:
            kept = replace(kept, temperature=_number(self._wanted.temperature))
        changed = (self._wanted.system, self._wanted.temperature) != (None, None)
        return kept if changed else None

    @property
    def _replays(self) -> Replays:
        return self._services.replays


def _located(wanted: Wanted, chats: Path) -> Wanted:
    """With the id in place of the file: what a shell completes is a path, which also says whose
    chat it is."""
    path = Path(wanted.chat)
    chat = ids.chat_of(path.name)
    if chat is None:
        return wanted
    if path.parent == Path() or path.parent.resolve() == (chats / wanted.user.lower()).resolve():
        return replace(wanted, chat=chat)
    folder = path.parent.resolve()
    if not wanted.user and folder.parent == chats.resolve() and _is_login(folder.name):
        return replace(wanted, chat=chat, user=folder.name)
    return wanted


def _number(text: str) -> float:
    """With a point or a comma. Raises RejectedInput."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise out_of_range("temperature", text) from None


def _users(services: Services) -> list[str]:
    """The logins of this run, and whoever has a folder of chats."""
    chats = services.settings.chats
    folders = [path.name for path in chats.iterdir() if path.is_dir()] if chats.is_dir() else []
    return sorted(
        {*filter(_is_login, folders), *(x.user.lower() for x in services.settings.logins)}
    )


def _is_login(folder: str) -> bool:
    try:
        return ids.owner_folder(folder) == folder
    except ValueError:
        return False
