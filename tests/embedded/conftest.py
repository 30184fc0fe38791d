"""Fixtures for the embedded model: the real weights, and requests to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.catalog import Limits, Model, ModelRow, ProviderRow, resolve
from core.request import ChatRequest, Options, PromptMessage
from providers import embedded
from tests.support import embedded_model

PROJECT = Path(__file__).resolve().parents[2]

Ask = Callable[..., ChatRequest]


def entry(name: str = "smollm2-135m-instruct", **keys: object) -> Model:
    """A catalog entry of the embedded provider."""
    row = ModelRow.model_validate({"id": "tiny", "provider": "embedded", "name": name, **keys})
    return resolve(row, ProviderRow(), Limits())


@pytest.fixture
def ask() -> Ask:
    """A request with one question; keywords are options, `system`, `stream` or `model`."""

    def build(
        question: str,
        *,
        system: str = "",
        stream: bool = True,
        model: Model | None = None,
        **options: object,
    ) -> ChatRequest:
        return ChatRequest(
            model=model or entry(),
            messages=(PromptMessage("user", question),),
            system=system,
            options=Options(**options),  # type: ignore[arg-type]
            stream=stream,
        )

    return build


@pytest.fixture
def real_model() -> Path:
    """The folder of the real weights, in use; skips where they cannot be fetched."""
    folder = embedded_model.folder()
    embedded.use_folder(folder)
    return folder


@pytest.fixture
def empty_folder(tmp_path: Path) -> Iterator[Path]:
    """A model folder with nothing in it, in use for this test."""
    folder = tmp_path / "data" / "models"
    folder.mkdir(parents=True)
    embedded.use_folder(folder)
    yield folder
    embedded.use_folder(PROJECT / "data" / "models")
