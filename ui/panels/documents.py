"""Middle, fourth tab: the documents that can be asked about."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr


@dataclass(frozen=True)
class DocumentsPanel:
    """`shelf` is filled by ui/static/documents.js."""

    shelf: gr.HTML


def build() -> DocumentsPanel:
    """The component."""
    with gr.Column(elem_id="panel-documents"):
        shelf = gr.HTML("", elem_id="documents", js_on_load=None, apply_default_css=False)
    return DocumentsPanel(shelf)
