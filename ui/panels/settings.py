"""Right: the settings of the chat, only those its model takes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import gradio as gr

from core.catalog import Model
from core.conversation import ChatSettings
from ui.i18n import I18N, text


@dataclass(frozen=True)
class SettingsPanel:
    """One component for each field of `core.conversation.ChatSettings`, by its name."""

    system: gr.Textbox
    temperature: gr.Number
    top_p: gr.Number
    top_k: gr.Number
    max_output_tokens: gr.Number
    seed: gr.Number
    stop: gr.Textbox
    reasoning: gr.Dropdown

    def inputs(self) -> list[gr.components.Component]:
        """The components in the order `read` takes their values."""
        return [getattr(self, field.name) for field in fields(self)]

    def show(self, settings: ChatSettings, model: Model | None) -> dict[Any, Any]:
        """Updates that show `settings`, and hide what `model` does not take."""
        takes = model.parameters if model else ()
        values = {field.name: getattr(settings, field.name) for field in fields(self)}
        values["stop"] = "\n".join(settings.stop)
        values["reasoning"] = settings.reasoning or ""
        return {
            getattr(self, name): gr.update(value=value, visible=name == "system" or name in takes)
            for name, value in values.items()
        }


def read(
    system: str,
    temperature: float | None,
    top_p: float | None,
    top_k: float | None,
    max_output_tokens: float | None,
    seed: float | None,
    stop: str,
    reasoning: str | None,
) -> ChatSettings:
    """The settings a person typed; an empty field is None."""
    return ChatSettings(
        system=system or "",
        temperature=temperature,
        top_p=top_p,
        top_k=_whole(top_k) or None,
        max_output_tokens=_whole(max_output_tokens) or None,
        seed=_whole(seed),
        stop=tuple(line for line in (stop or "").split("\n") if line.strip()),
        reasoning=reasoning or None,
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


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
            temperature=_number("temperature", 0.1),
            top_p=_number("top_p", 0.05),
            top_k=_number("top_k", 1),
            max_output_tokens=_number("max_output_tokens", 1),
            seed=_number("seed", 1),
            stop=gr.Textbox(
                label=text("stop_words"), info=text("stop_words_info"), lines=2, max_lines=4
            ),
            reasoning=_reasoning(),
        )


def _number(name: str, step: float) -> gr.Number:
    return gr.Number(
        value=None,
        label=text(name),
        info=text(f"{name}_info"),
        placeholder=text("default_value"),
        step=step,
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
