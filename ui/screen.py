"""From a `View` to updates of the page's components."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from core.catalog import Catalog
from core.texts import table
from ui.panels.bridge import Bridge
from ui.panels.compare import ComparePanel
from ui.panels.conversation import ConversationPanel
from ui.panels.documents import DocumentsPanel
from ui.panels.leaderboard import LeaderboardPanel
from ui.panels.settings import SettingsPanel
from ui.panels.sidebar import Sidebar
from ui.panels.topbar import Topbar
from ui.view import View, Visitor
from ui.welcome import Welcome

Updates = dict[Any, Any]
_SCRIPT_SECTIONS = (
    "page.", "list.", "painter.", "answer.", "reason.", "branches.", "compare.", "leaderboard.",
    "context.", "diff.", "replay.", "documents.", "waiting.", "trash.", "found.",
)  # fmt: skip


@dataclass(frozen=True)
class Screen:
    """All components of the page, and the updates that show a view on them."""

    sidebar: Sidebar
    topbar: Topbar
    compare: ComparePanel
    leaderboard: LeaderboardPanel
    documents: DocumentsPanel
    conversation: ConversationPanel
    settings: SettingsPanel
    bridge: Bridge

    def transcript(self) -> list[Any]:
        """The components that show messages."""
        return [self.conversation.chatbot, self.conversation.earlier, self.bridge.view]

    def everything(self) -> list[Any]:
        """All components a view can change."""
        return [*self.transcript(), self.conversation.model, *self.settings.inputs()]

    def warn(self, refused: Mapping[str, Any], trip: int = 0) -> Updates:
        """Why an event did nothing (`ui.refusals.warning`); nothing else on the page changes.
        `trip` as in `ui.view.Place`."""
        return {self.bridge.view: _message({**refused, "trip": trip})}

    def tell(self, changed: Mapping[str, Any]) -> Updates:
        """Some of what `View.summary` says, for the page's scripts alone."""
        return {self.bridge.view: _message(changed)}

    def unchanged(self) -> Updates:
        """Nothing: an empty dictionary would be an error to Gradio."""
        return {self.bridge.view: gr.skip()}

    def show_transcript(self, view: View) -> Updates:
        """The messages of the view, and no other change."""
        return {
            self.conversation.chatbot: _conversation(view),
            self.conversation.earlier: gr.update(visible=view.hidden > 0),
            self.bridge.view: _message(view.summary()),
        }

    def show(self, view: View, language: str) -> Updates:
        """The whole view; what stands in the message box is left alone."""
        return {
            **self.show_transcript(view),
            self.conversation.model: view.model.id if view.model else None,
            **self.settings.show(view.settings, view.model, language),
        }

    def show_welcome(self, welcome: Welcome) -> Updates:
        """Another greeting for an empty chat."""
        return {self.conversation.chatbot: gr.update(**_greeting(welcome))}

    def choices(self, catalog: Catalog, chosen: str, compared: object = None) -> Updates:
        """The models there are to choose from, in both tabs; what was chosen stays so, as far as
        the catalog has it. `compared` are ids, or None where nothing is known of them."""
        offered = [(model.label, model.id) for model in catalog.models]
        model = catalog.model(chosen) or catalog.default()
        both = gr.update(choices=offered)
        if isinstance(compared, list):
            both["value"] = [one for one in compared if catalog.model(str(one))]
        return {
            self.conversation.model: gr.update(choices=offered, value=model and model.id),
            self.compare.models: both,
        }

    def greet(self, view: View, who: Visitor, edition: int, problems: Sequence[str]) -> Updates:
        """What only the first view of a page carries: texts in the visitor's language."""
        texts = {
            key: text
            for key, text in table(who.language).items()
            if key.startswith(_SCRIPT_SECTIONS)
        }
        summary = {
            **view.summary(),
            "language": who.language,
            "owner": who.owner,
            "texts": texts,
            "catalog": edition,
            "problems": problems,
        }
        return {self.bridge.view: _message(summary)}


def _message(summary: Mapping[str, Any]) -> str:
    """JSON for the page's scripts, which hear of changes only: the same message again differs."""
    return json.dumps({**summary, "moment": time.monotonic_ns()})


def _conversation(view: View) -> Any:
    """The messages for the Chatbot, or what it shows while there are none."""
    if view.welcome is None:
        return view.messages
    return gr.update(value=view.messages, **_greeting(view.welcome))


def _greeting(welcome: Welcome) -> Mapping[str, Any]:
    return {"placeholder": welcome.html(), "examples": welcome.examples()}
