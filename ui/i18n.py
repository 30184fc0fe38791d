"""The page's texts for Gradio's own translation: the browser's language chooses."""

from __future__ import annotations

import gradio as gr

from core.texts import LANGUAGES, table

_SECTIONS = ("page.", "prompts.")

I18N = gr.I18n(
    **{
        language: {key: text for key, text in table(language).items() if key.startswith(_SECTIONS)}
        for language in LANGUAGES
    }
)


def text(key: str) -> gr.i18n.I18nData:
    """A label that follows the page's language; the key without its section `page.`."""
    return I18N(f"page.{key}")
