"""The settings a person typed into the panel, as values."""

from __future__ import annotations

from core.conversation import ChatSettings
from core.errors import RejectedInput
from core.numbers import parsed

Typed = str | float | None
"""What a field of the panel holds; an empty one is the model's own choice."""


def read(
    system: str | None = "",
    temperature: Typed = None,
    top_p: Typed = None,
    top_k: Typed = None,
    max_output_tokens: Typed = None,
    seed: Typed = None,
    stop: str | None = "",
    reasoning: str | None = None,
) -> ChatSettings:
    """The settings of the fields, in the order of `ui.panels.settings.SettingsPanel`. RejectedInput
    names the first that is no number."""
    return ChatSettings(
        system=system or "",
        temperature=_number("temperature", temperature),
        top_p=_number("top_p", top_p),
        top_k=_whole("top_k", top_k) or None,
        max_output_tokens=_whole("max_output_tokens", max_output_tokens) or None,
        seed=_whole("seed", seed),
        stop=tuple(line for line in (stop or "").split("\n") if line.strip()),
        reasoning=reasoning or None,
    )


def _number(name: str, typed: Typed) -> float | None:
    text = "" if typed is None else str(typed).strip()
    if not text:
        return None
    found = parsed(text)
    if found is None:
        raise RejectedInput("setting_no_number", setting=name, value=text)
    return found


def _whole(name: str, typed: Typed) -> int | None:
    text = "" if typed is None else str(typed).strip()
    if not text:
        return None
    found = parsed(text, whole=True)
    if found is None or not found.is_integer():
        raise RejectedInput("setting_no_whole_number", setting=name, value=text)
    return int(found)
