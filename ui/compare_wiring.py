"""Events of the comparison tab: which component calls which handler."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import gradio as gr

from core.errors import DivanError
from engine.services import Services
from ui.compare_asker import Asker
from ui.compare_chosen import ChosenModels
from ui.compare_handlers import CompareHandlers
from ui.compare_seen import Choice, choice, seen
from ui.compare_sets import LinkedSets
from ui.compare_versions import Json
from ui.handlers import Handlers
from ui.refusals import REFUSED, warning
from ui.screen import Screen, Updates
from ui.showing import QUIET, Showing
from ui.view import Place, Visitor

_INPUTS_JS = "(...inputs) => window.divanCompare?.inputs(inputs) ?? inputs"
"""Says where the page is and what it sees of the lanes (ui/static/compare.js)."""
_LOST_JS = "() => { window.divanCompare?.lost(); }"

Act = Callable[[Asker, Mapping[str, Any]], Awaitable[Json]]


class CompareWiring:
    """Attaches the events of the comparison tab. Every answer to the page is JSON under `compare`
    of the bridge: `sheet` (ui.compare_sheet), `estimate`, `sets`, `told` (a line), `sent`,
    `did` (the action), and `goto` (a tab)."""

    def __init__(
        self,
        screen: Screen,
        handlers: Handlers,
        services: Services,
        who: Callable[[gr.Request], Visitor],
    ) -> None:
        self._screen = screen
        self._panel = screen.compare
        self._showing = Showing(screen, handlers, who)
        self._compare = CompareHandlers(services)
        self._chosen = ChosenModels(services)
        self._sets = LinkedSets(services)
        self._acts: Mapping[str, Act] = {
            "show": self._show,
            "lane": self._lane,
            "version": self._version,
            "retry": self._retry,
            "go_on": self._go_on,
            "stop": self._stop,
            "fuse": self._fuse,
            "vote": self._vote,
            "estimate": self._estimate,
            "link": self._link,
            "save_set": self._save_set,
            "delete_set": self._delete_set,
        }

    def attach(self) -> None:
        """Attach all events; called once, inside the Blocks context."""
        panel, bridge = self._panel, self._screen.bridge
        switches = [panel.models, panel.context, panel.mode, panel.blind]
        asking = [bridge.where, panel.prompt, *switches, *self._screen.settings.inputs()]
        everything = [*self._screen.everything(), panel.prompt, *switches]
        some = [*switches, bridge.view]
        how = {"inputs": asking, "js": _INPUTS_JS, **QUIET}
        self._told(
            gr.on([panel.send.click, panel.prompt.submit], self.send, outputs=everything, **how)
        )
        for switch in switches:
            again = {**how, "trigger_mode": "always_last"}
            self._told(switch.input(self.keep, outputs=some, **again))
        every = {**how, "trigger_mode": "multiple"}
        self._told(bridge.view.compare(self.act, outputs=some, **every))
        self._told(bridge.view.compare_continue(self.go_on, outputs=everything, **how))

    def _told(self, attached: Any) -> None:
        """A fault of the program, or a program that is gone, is said to the person."""
        attached.failure(None, js=_LOST_JS)

    async def send(
        self, request: gr.Request, where: str, text: str, *choices_and_settings: Any
    ) -> Updates:
        """Ask all lanes what stands in the message box; refused input stays there."""
        asker, place = self._asker(request, where, choices_and_settings)
        try:
            chat_id = await self._compare.send(asker, text)
        except REFUSED as error:
            return await self._drawn(asker, {}, warning(error, asker.who.language))
        moved = await self._moved(asker, place, chat_id, {"sent": True})
        return {**moved, self._panel.prompt: ""}

    async def keep(
        self, request: gr.Request, where: str, _text: str, *choices_and_settings: Any
    ) -> Updates:
        """A switch was turned: keep it in the chat, and draw what it changes."""
        asker, _ = self._asker(request, where, choices_and_settings)

        async def kept(asker: Asker, _data: Mapping[str, Any]) -> Json:
            await self._compare.keep(asker)
            return {}

        return await self._done(asker, kept, {})

    async def act(
        self,
        request: gr.Request,
        event: gr.EventData,
        where: str,
        _text: str,
        *choices_and_settings: Any,
    ) -> Updates:
        """What the tab's scripts ask for, by the name of the action."""
        data = event._data if isinstance(event._data, dict) else {}
        asker, _ = self._asker(request, where, choices_and_settings, data)
        act = self._acts.get(str(data.get("action")))
        return await self._done(asker, act, data) if act else self._screen.unchanged()

    async def go_on(
        self,
        request: gr.Request,
        event: gr.EventData,
        where: str,
        _text: str,
        *choices_and_settings: Any,
    ) -> Updates:
        """Turn the chat to one lane, or to the answer made of all, and show it in its own tab."""
        asker, place = self._asker(request, where, choices_and_settings)
        try:
            await self._compare.continue_with(asker, event._data)
        except REFUSED as error:
            return self._screen.warn(warning(error, asker.who.language))
        return await self._moved(asker, place, asker.chat or "", {"goto": "chat"})

    async def _done(self, asker: Asker, act: Act, data: Mapping[str, Any]) -> Updates:
        """Do it and draw what came of it; what was refused is told, and the lanes drawn as they
        are."""
        refused: Json = {}
        more: Json = {}
        try:
            more = await act(asker, data)
        except REFUSED as error:
            refused = dict(warning(error, asker.who.language))
        if "estimate" in more:
            return {self._screen.bridge.view: _message({"compare": more})}
        return await self._drawn(asker, {**more, "did": data.get("action")}, refused)

    async def _drawn(self, asker: Asker, more: Json, refused: Mapping[str, str]) -> Updates:
        sent = asker.choice
        chosen, blind = more.pop("models", None), more.pop("blind", sent.blind)
        if chosen is not None:
            asker = asker.choosing(chosen, blind)
        try:
            chat = await self._compare.chat(asker)
        except REFUSED as error:
            return self._screen.warn(warning(error, asker.who.language))
        sheet = await self._compare.draw(asker, chat)
        if sheet["planned"] and not sheet["blind"]:
            more = {**self._chosen.cut(asker.who, asker.choice.models), **more}
        message = _message({**refused, "compare": {**more, "sheet": sheet}})
        return {self._screen.bridge.view: message, **self._switches(asker, sheet, sent)}

    async def _moved(
        self, asker: Asker, place: Place, chat_id: str, more: Json | None = None
    ) -> Updates:
        """The page at a chat, in both of its tabs."""
        view = await self._showing.view(asker.who, self._compare.at(place, chat_id))
        here = asker.at(chat_id)
        sheet = await self._compare.draw(here, await self._compare.chat(here))
        summary = {**view.summary(), "compare": {**(more or {}), "sheet": sheet}}
        return {
            **self._screen.show(view, asker.who.language),
            **self._switches(here, sheet, here.choice),
            self._screen.bridge.view: _message(summary),
        }

    def _switches(self, asker: Asker, sheet: Json, sent: Choice) -> Updates:
        """The switches that the chat keeps otherwise than the page `sent` them: the others may
        have been turned again since. Which models take part in a blind comparison is not said
        before the vote."""
        panel = self._panel
        models = self._chosen.known(asker.choice.models, sheet["hidden"])
        chosen = replace(asker.choice, models=models)
        planned = replace(chosen, blind=sheet["blind"])
        kept = planned if sheet["planned"] else self._kept(chosen, sheet)
        switches = (
            (panel.models, list(kept.models), list(sent.models)),
            (panel.context, kept.context, sent.context),
            (panel.mode, kept.mode, sent.mode),
            (panel.blind, kept.blind, sent.blind),
        )
        return {switch: now for switch, now, before in switches if now != before}

    def _kept(self, chosen: Choice, sheet: Json) -> Choice:
        lanes = tuple(lane["key"] for lane in sheet["lanes"])
        return Choice(
            models=chosen.models if sheet["hidden"] else self._chosen.known(lanes),
            context=sheet["context"],
            mode=sheet["mode"],
            blind=sheet["hidden"],
        )

    def _asker(
        self,
        request: gr.Request,
        where: str,
        choices_and_settings: tuple[Any, ...],
        data: Mapping[str, Any] | None = None,
    ) -> tuple[Asker, Place]:
        place = self._showing.place(where)
        models, context, mode, blind, *settings = choices_and_settings
        chat = place.chat if data is None or "chat" not in data else data["chat"]
        asker = Asker(
            who=self._showing.who(request),
            chat=chat if isinstance(chat, str) and chat else None,
            painted=place.painted,
            shown=self._compare.shown((data or {}).get("shown")),
            choice=choice(models, context, mode, blind),
            typed=tuple(settings),
            documents=place.documents,
            seen=seen(where),
        )
        return asker, place

    async def _show(self, asker: Asker, data: Mapping[str, Any]) -> Json:
        """The lanes as they are; a new comparison begins with the `wanted` models."""
        more: Json = {"sets": await self._sets.all(asker.who.owner)}
        if isinstance(data.get("blind"), bool):
            more["blind"] = data["blind"]
        models = await self._chosen.wanted(asker.who.owner, asker.chat, data)
        return more if models is None else {**more, "models": models}

    async def _lane(self, asker: Asker, data: Mapping[str, Any]) -> Json:
        await self._compare.change_lane(asker, str(data.get("lane")), dict(data))
        return {}

    async def _version(self, asker: Asker, data: Mapping[str, Any]) -> Json:
        await self._compare.stand_at(asker, str(data.get("lane")), str(data.get("message")))
        return {}

    async def _retry(self, asker: Asker, data: Mapping[str, Any]) -> Json:
        await self._compare.retry(asker, str(data.get("lane")))
        return {}

    async def _go_on(self, asker: Asker, data: Mapping[str, Any]) -> Json:
        await self._compare.go_on(asker, str(data.get("lane")))
        return {}

    async def _stop(self, asker: Asker, data: Mapping[str, Any]) -> Json:
        await self._compare.stop(asker, str(data.get("turn")))
        return {}

    async def _fuse(self, asker: Asker, data: Mapping[str, Any]) -> Json:
        await self._compare.fuse(asker, str(data.get("model")))
        return {}

    async def _vote(self, asker: Asker, data: Mapping[str, Any]) -> Json:
        await self._compare.vote(asker, data.get("vote"))
        return {}

    async def _estimate(self, asker: Asker, data: Mapping[str, Any]) -> Json:
        try:
            found = await self._compare.estimate(asker, str(data.get("text") or ""))
        except DivanError:
            found = {}  # it is told when the question is sent
        return {"estimate": found}

    async def _link(self, asker: Asker, data: Mapping[str, Any]) -> Json:
        link = str(data.get("link"))
        return await self._sets.linked(asker.who, link, asker.choice.blind)

    async def _save_set(self, asker: Asker, data: Mapping[str, Any]) -> Json:
        return await self._sets.save(
            asker.who.owner, str(data.get("name") or ""), asker.choice.models
        )

    async def _delete_set(self, asker: Asker, data: Mapping[str, Any]) -> Json:
        return await self._sets.delete(asker.who.owner, str(data.get("name")))


def _message(summary: Mapping[str, Any]) -> str:
    """JSON for the page's scripts, which hear of changes only: the same answer again differs."""
    return json.dumps({**summary, "moment": time.monotonic_ns()})
