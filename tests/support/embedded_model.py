"""The real embedded model for tests: one folder for all of them, fetched once.

models = embedded_model.folder()   # <project>/data/models; skips where it cannot be fetched
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from core.catalog import Limits, Model, ModelRow, ProviderRow, resolve
from core.errors import ProviderError
from core.request import ChatRequest, Options, PromptMessage
from providers.weights import DEFAULT_NAME, Weights

PROJECT = Path(__file__).resolve().parents[2]


def folder() -> Path:
    """The folder with the default model, ready to load."""
    weights = Weights(PROJECT / "data" / "models")
    weights.folder.mkdir(parents=True, exist_ok=True)
    with FileLock(str(weights.folder / "tests.lock")):
        try:
            if not weights.ready_folder(DEFAULT_NAME):
                weights.fetch_default()
                weights.convert_default()
        except ProviderError as error:
            pytest.skip(f"the embedded model cannot be fetched here: {error}")
    return weights.folder


def entry(name: str = DEFAULT_NAME, **keys: object) -> Model:
    """A catalog entry of the embedded provider."""
    row = ModelRow.model_validate({"id": "tiny", "provider": "embedded", "name": name, **keys})
    return resolve(row, ProviderRow(), Limits())


def ask(
    question: str,
    *,
    system: str = "",
    stream: bool = True,
    model: Model | None = None,
    **options: Any,
) -> ChatRequest:
    """A request with one question; further keywords are its options. Sampling is
    off (temperature 0) unless they say otherwise."""
    options.setdefault("temperature", 0.0)
    return ChatRequest(
        model=model or entry(),
        messages=(PromptMessage("user", question),),
        system=system,
        options=Options(**options),
        stream=stream,
    )
