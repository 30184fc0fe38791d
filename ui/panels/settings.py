"""Right: the settings of the chat, only those its model takes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import gradio as gr

from core.catalog import Model
from core.conversation import ChatSettings
from core.numbers import written
from ui.i18n import I18N, text

_NUMBERS = ("temperature", "top_p", "top_k", "max_output_tokens", "seed")


@dataclass(frozen=True)
class SettingsPanel:
    """One component for each field of `core.conversation.ChatSettings`, by its name."""

    system: gr.Textbox
    temperature: gr.Textbox
    top_p: gr.Textbox
    top_k: gr.Textbox
    max_output_tokens: gr.Textbox
    seed: gr.Textbox
    stop: gr.Textbox
    reasoning: gr.Dropdown

    def inputs(self) -> list[gr.components.Component]:
        """The components in the order `ui.typed_settings.read` takes their values."""
        return [getattr(self, field.name) for field in fields(self)]

    def show(self, settings: ChatSettings, model: Model | None, language: str) -> dict[Any, Any]:
        """Updates that show `settings`, and hide what `model` does not take."""
        values = {field.name: getattr(settings, field.name) for field in fields(self)}
        values |= {name: written(values[name], language) for name in _NUMBERS}
        values["stop"] = "\n".join(settings.stop)
        values["reasoning"] = settings.reasoning or ""
        offered = self.offer(model)
        return {
            component: {**update, "value": values[name]}
            for (component, update), name in zip(offered.items(), values, strict=True)
        }

    def offer(self, model: Model | None) -> dict[Any, Any]:
        """Updates that hide what `model` does not take, and leave what is typed."""
        takes = model.parameters if model else ()
        names = [field.name for field in fields(self)]
        return {
            getattr(self, name): gr.update(visible=name == "system" or name in takes)
            for name in names
        }


def build() -> SettingsPanel:
    """The components, inside a Gradio sidebar on the right that starts folded."""
    with gr.Sidebar(
        position="right", open=False, width=300, elem_id="settings", label=text("settings")
    ):
        gr.Markdown(I18N("page.settings"), elem_id="settings-title")
        gr.Markdown(I18N("page.settings_note"), elem_id="settings-note")
        return SettingsPanel(
            system=gr.Textbox(
                label=text("system"), placeholder=text("system_placeholder"), lines=4, max_lines=12
            ),
            temperature=_number("temperature"),
            top_p=_number("top_p"),
            top_k=_number("top_k"),
            max_output_tokens=_number("max_output_tokens"),
            seed=_number("seed"),
            stop=gr.Textbox(
                label=text("stop_words"), info=text("stop_words_info"), lines=2, max_lines=4
            ),
            reasoning=_reasoning(),
        )


def _number(name: str) -> gr.Textbox:
    """A field for a number, as text: a number field of the browser takes one decimal mark alone,
    that of its own language."""
    return gr.Textbox(
        label=text(name),
        info=text(f"{name}_info"),
        placeholder=text("default_value"),
        max_lines=1,
        elem_id=f"setting-{name}",
        elem_classes=["divan-number"],
    )


def _reasoning() -> gr.Dropdown:
    levels = ("default", "off", "low", "medium", "high")
    return gr.Dropdown(
        choices=[
            (text(f"reasoning_{level}"), "" if level == "default" else level) for level in levels
        ],
        value="",
        label=text("reasoning"),
    )
