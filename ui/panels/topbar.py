"""Top: the chat's title, the four tabs, the branches, language and theme; notices below."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from ui.i18n import text

TABS = ("chat", "compare", "leaderboard", "documents")
"""ui/static/tabs.js shows `#panel-<tab>` for the chosen one."""


@dataclass(frozen=True)
class Topbar:
    """`branches` is filled by ui/static/branches.js."""

    branches: gr.HTML
    language: gr.Button


def build() -> Topbar:
    """The components, from left to right."""
    with gr.Row(elem_id="topbar"):
        gr.HTML("", elem_id="chat-title", js_on_load=None, apply_default_css=False)
        with gr.Row(elem_id="tabs"):
            for tab in TABS:
                gr.Button(text(f"tab_{tab}"), elem_id=f"tab-{tab}", size="sm", min_width=0)
        branches = gr.HTML("", elem_id="branches", js_on_load=None, apply_default_css=False)
        theme = gr.Button(text("theme"), elem_id="theme", size="sm", min_width=0)
        language = gr.Button(text("language"), elem_id="language", size="sm", min_width=0)
    gr.HTML("", elem_id="notices", js_on_load=None, apply_default_css=False)
    theme.click(None, js="() => window.divan?.toggleTheme()")
    return Topbar(branches, language)
