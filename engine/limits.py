"""What the server accepts from a person, checked before anything happens."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from core.catalog import Limits, Model
from core.conversation import ChatSettings
from core.errors import RejectedInput
from core.numbers import written
from engine.current_catalog import CatalogView

_RANGES: dict[str, tuple[float, float]] = {
    "temperature": (0, 2),
    "top_p": (0.01, 1),
    "top_k": (1, 1000),
    "max_output_tokens": (1, 10_000_000),
    "seed": (0, 2**31 - 1),
}
REASONING_LEVELS = ("off", "low", "medium", "high")


def accept_message(text: str, limits: Limits) -> str:
    """The message as it will be kept; RejectedInput where it is empty or too long."""
    text = text.replace("\r\n", "\n").replace("\x00", "")
    if not text.strip():
        raise RejectedInput("empty_message")
    _length("message_too_long", text, limits.message_characters)
    return text


def accept_settings(settings: ChatSettings, limits: Limits) -> ChatSettings:
    """The settings unchanged; RejectedInput names the first one outside its range."""
    _length("system_too_long", settings.system, limits.system_characters)
    for name, (low, high) in _RANGES.items():
        value = getattr(settings, name)
        if value is not None and not low <= value <= high:
            raise out_of_range(name, written(value, "en"))
    if settings.reasoning is not None and settings.reasoning not in REASONING_LEVELS:
        raise RejectedInput(
            "setting_out_of_range",
            setting="reasoning",
            value=settings.reasoning,
            limit=", ".join(REASONING_LEVELS),
        )
    return settings


def out_of_range(setting: str, value: str) -> RejectedInput:
    """What says that a setting cannot be this, and what it can be."""
    low, high = _RANGES[setting]
    limit = f"{low:g} – {high:g}"
    return RejectedInput("setting_out_of_range", setting=setting, value=value, limit=limit)


def accept_model(model_id: str, catalog: CatalogView) -> Model:
    """The model; RejectedInput where the catalog no longer has it, or has none at all."""
    if not catalog.models:
        raise RejectedInput("no_models")
    model = catalog.model(model_id)
    if model is None:
        raise RejectedInput("model_gone", model=model_id)
    return model


def accept_models(
    model_ids: Sequence[str],
    catalog: CatalogView,
    *,
    least: int = 2,
    most: int | None = None,
    known: Collection[str] = (),
) -> None:
    """RejectedInput where these are too few or too many to compare, name one twice, or name one
    that the catalog no longer has and that is not `known` otherwise."""
    count = str(len(model_ids))
    if len(model_ids) < least:
        raise RejectedInput("too_few_models", count=count)
    if most is not None and len(model_ids) > most:
        raise RejectedInput("too_many_models", count=count, limit=str(most))
    for number, model_id in enumerate(model_ids):
        if model_id not in known:
            accept_model(model_id, catalog)
        if model_id in model_ids[:number]:
            raise RejectedInput("same_model_twice", model=model_id)


def accept_choice(name: str, value: str, allowed: Sequence[str]) -> None:
    """RejectedInput where a switch has a position that does not exist."""
    if value not in allowed:
        raise RejectedInput(
            "setting_out_of_range", setting=name, value=str(value), limit=", ".join(allowed)
        )


def _length(kind: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise RejectedInput(kind, length=str(len(text)), limit=str(limit))
