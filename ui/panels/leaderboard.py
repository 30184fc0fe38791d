"""Middle, third tab: how the models fare in one's own blind votes."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr


@dataclass(frozen=True)
class LeaderboardPanel:
    """`table` is filled by ui/static/leaderboard.js."""

    table: gr.HTML


def build() -> LeaderboardPanel:
    """The component."""
    with gr.Column(elem_id="panel-leaderboard"):
        table = gr.HTML("", elem_id="leaderboard", js_on_load=None, apply_default_css=False)
    return LeaderboardPanel(table)
