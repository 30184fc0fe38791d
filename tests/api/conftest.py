"""The page served once for all tests of a file: alone on localhost, and with two users."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.api_served import AYSE, MEHMET, App, Page, make_app, served
from tests.support.embedder import one_embedder as one_embedder


@pytest.fixture
def app(tmp_path: Path) -> App:
    return make_app(tmp_path)


@pytest.fixture
def shared_app(tmp_path: Path) -> App:
    return make_app(tmp_path, logins=(AYSE, MEHMET))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with served(tmp_path_factory.mktemp("alone")) as page:
        yield page


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with served(tmp_path_factory.mktemp("shared"), (AYSE, MEHMET)) as page:
        yield page
