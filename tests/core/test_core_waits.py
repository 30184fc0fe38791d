"""How long a model may stay silent, and how it is asked again: what entries, defaults and kinds of
server make of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.catalog import OWN_SERVER_SILENCE, Model
from core.catalog_file import load_catalog
from core.hosts import is_nearby, is_this_machine

CLOUD = "https://api.example.com/v1"


def model(tmp_path: Path, provider: str = "", entry: str = "", limits: str = "") -> Model:
    """The one model of a catalog whose provider and model rows have these keys."""
    path = tmp_path / "models.yaml"
    path.write_text(
        f"limits: {{{limits}}}\n"
        f"providers:\n  p: {{format: openai_compatible, {provider}}}\n"
        f"models:\n  - {{id: m, provider: p, name: x, {entry}}}\n",
        encoding="utf-8",
    )
    loaded = load_catalog(path)
    assert loaded.problems == ()
    return loaded.catalog.models[0]


@pytest.mark.parametrize(
    ("provider", "entry", "expected"),
    [
        ("", "", (30, 60)),
        ("timeout: 120", "", (120, 120)),
        ("timeout: 120", "timeout: 10", (10, 10)),
        ("timeout: 120, first_byte: 200", "", (200, 120)),
        ("first_byte: 200, between_chunks: 90", "first_byte: 7", (7, 90)),
        ("first_byte: 200", "timeout: 50", (50, 50)),
        ("", "between_chunks: 5", (30, 5)),
    ],
)
def test_the_most_specific_number_is_how_long_a_cloud_may_be_silent(
    tmp_path: Path, provider: str, entry: str, expected: tuple[float, float]
) -> None:
    row = ", ".join(filter(None, (f"base_url: '{CLOUD}'", provider)))
    found = model(tmp_path, row, entry)
    assert (found.first_byte, found.between_chunks) == expected


@pytest.mark.parametrize(
    "provider",
    [
        "base_url: 'http://127.0.0.1:8080/v1'",
        "base_url: 'http://192.168.1.20:1234/v1'",
        "base_url: 'http://big-box.local/v1'",
        f"base_url: '{CLOUD}', kind: custom",
        f"base_url: '{CLOUD}', kind: local",
    ],
)
def test_a_server_of_ones_own_has_time_to_load_a_model(tmp_path: Path, provider: str) -> None:
    found = model(tmp_path, provider)
    assert found.is_own
    assert found.first_byte == found.between_chunks == OWN_SERVER_SILENCE
    assert model(tmp_path, provider, "first_byte: 4").first_byte == 4
    assert model(tmp_path, provider, limits="first_byte: 900").first_byte == 900


def test_an_address_nearby_that_is_called_a_cloud_is_treated_as_one(tmp_path: Path) -> None:
    found = model(tmp_path, "base_url: 'http://127.0.0.1:4000/v1', kind: cloud")
    assert (found.first_byte, found.between_chunks, found.is_own) == (30, 60, False)


def test_the_delay_before_a_retry_comes_from_the_entry_then_the_provider(tmp_path: Path) -> None:
    row = f"base_url: '{CLOUD}', retry_delay: 2, max_retries: 5"
    assert (model(tmp_path, row).retry_delay, model(tmp_path, row).max_retries) == (2, 5)
    assert model(tmp_path, row, "retry_delay: 0.5").retry_delay == 0.5
    assert model(tmp_path, f"base_url: '{CLOUD}'").retry_delay == 1


@pytest.mark.parametrize(
    ("url", "here", "nearby"),
    [
        ("http://localhost:11434", True, True),
        ("http://[::1]:8080/v1", True, True),
        ("http://10.0.0.4/v1", False, True),
        ("http://nas/v1", False, True),
        ("https://openrouter.ai/api/v1", False, False),
        ("http://8.8.8.8/v1", False, False),
        ("http://[broken", False, False),
        (None, False, False),
    ],
)
def test_where_an_address_leads(url: str | None, here: bool, nearby: bool) -> None:
    assert (is_this_machine(url), is_nearby(url)) == (here, nearby)
