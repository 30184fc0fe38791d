"""Middle: the model, the conversation and the message box."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from core.catalog import Catalog
from ui.i18n import text

LATEX = [
    {"left": "$$", "right": "$$", "display": True},
    {"left": "\\[", "right": "\\]", "display": True},
    {"left": "\\(", "right": "\\)", "display": False},
]
"""Single dollars are turned into \\( \\) by ui.markdown, which knows mathematics from prices."""


@dataclass(frozen=True)
class ConversationPanel:
    """What the person sees and writes in. `gauge` is filled by ui/static/gauge.js."""

    model: gr.Radio
    earlier: gr.Button
    chatbot: gr.Chatbot
    prompt: gr.Textbox
    gauge: gr.HTML
    send: gr.Button
    stop: gr.Button


def build(catalog: Catalog) -> ConversationPanel:
    """The components, from top to bottom."""
    default = catalog.default()
    with gr.Column(elem_id="panel-chat"):
        model = gr.Radio(
            choices=[(m.label, m.id) for m in catalog.models],
            value=default.id if default else None,
            label=text("model"),
            show_label=False,
            container=False,
            elem_id="model",
        )
        earlier = gr.Button(text("earlier"), elem_id="earlier", size="sm", visible=False)
        chatbot = gr.Chatbot(
            elem_id="chatbot",
            show_label=False,
            container=False,
            layout="bubble",
            latex_delimiters=LATEX,
            buttons=[],
            feedback_options=None,
            autoscroll=False,
            allow_tags=False,
            height="100%",
        )
        return ConversationPanel(model, earlier, chatbot, *_composer())


def _composer() -> tuple[gr.Textbox, gr.HTML, gr.Button, gr.Button]:
    with gr.Row(elem_id="composer"):
        prompt = gr.Textbox(
            elem_id="prompt",
            label=text("prompt"),
            placeholder=text("prompt_placeholder"),
            show_label=False,
            container=False,
            lines=1,
            max_lines=10,
            autofocus=True,
            scale=1,
        )
        gauge = gr.HTML("", elem_id="context-gauge", js_on_load=None, apply_default_css=False)
        send = gr.Button(text("send"), elem_id="send", variant="primary", min_width=0, scale=0)
        stop = gr.Button(text("stop"), elem_id="stop", variant="stop", min_width=0, scale=0)
    return prompt, gauge, send, stop
