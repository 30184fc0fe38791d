"""The real embedded model for tests: one folder for all of them, fetched once.

models = embedded_model.folder()   # <project>/data/models; skips where it cannot be fetched
"""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock

from core.errors import ProviderError
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
