"""Middle, second tab: the models to compare, their lanes and one message box for all."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from core.catalog import Catalog
from ui.i18n import text


@dataclass(frozen=True)
class ComparePanel:
    """`lanes` is filled by ui/static/compare.js."""

    models: gr.CheckboxGroup
    context: gr.Radio
    mode: gr.Radio
    blind: gr.Checkbox
    lanes: gr.HTML
    prompt: gr.Textbox
    send: gr.Button


def build(catalog: Catalog) -> ComparePanel:
    """The components, from top to bottom."""
    with gr.Column(elem_id="panel-compare"):
        models = gr.CheckboxGroup(
            choices=[(m.label, m.id) for m in catalog.models],
            label=text("compare_models"),
            show_label=False,
            container=False,
            elem_id="compare-models",
        )
        with gr.Row(elem_id="compare-bar"):
            context = _choice("context", ("own", "shared"))
            mode = _choice("mode", ("auto", "parallel", "sequential"))
            blind = gr.Checkbox(
                value=False, label=text("compare_blind"), container=False, elem_id="compare-blind"
            )
        lanes = gr.HTML("", elem_id="lanes", js_on_load=None, apply_default_css=False)
        with gr.Row(elem_id="compare-composer"):
            prompt = gr.Textbox(
                elem_id="compare-prompt",
                label=text("prompt"),
                placeholder=text("compare_placeholder"),
                show_label=False,
                container=False,
                lines=1,
                max_lines=10,
                scale=1,
            )
            send = gr.Button(
                text("send"), elem_id="compare-send", variant="primary", min_width=0, scale=0
            )
    return ComparePanel(models, context, mode, blind, lanes, prompt, send)


def _choice(name: str, values: tuple[str, ...]) -> gr.Radio:
    return gr.Radio(
        choices=[(text(f"compare_{name}_{value}"), value) for value in values],
        value=values[0],
        label=text(f"compare_{name}"),
        container=False,
        elem_id=f"compare-{name}",
    )
