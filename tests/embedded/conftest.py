"""Fixtures for the embedded model: which folder it reads from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from providers import embedded
from tests.support import embedded_model


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
    embedded.use_folder(embedded_model.PROJECT / "data" / "models")
