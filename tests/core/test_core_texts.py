"""Turkish and English say the same things, and every key the code names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.errors import ErrorCard, ErrorKind
from core.texts import LANGUAGES, table, translate

ROOT = Path(__file__).resolve().parent.parent.parent
_PLACE = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")


def test_both_languages_have_the_same_keys() -> None:
    assert set(table("tr")) == set(table("en"))


def test_both_languages_name_the_same_parameters() -> None:
    turkish, english = (
        {key: set(_PLACE.findall(text)) for key, text in table(language).items()}
        for language in LANGUAGES
    )
    assert turkish == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_says_what_happened_and_what_to_do(language: str) -> None:
    for kind in ErrorKind:
        card = ErrorCard(kind.value)
        assert card.message(language) not in ("", f"error.{kind}.message")
        assert card.hint(language) not in ("", f"error.{kind}.hint")


def test_an_error_of_a_newer_version_still_reads_as_a_sentence() -> None:
    card = ErrorCard("kind_of_tomorrow", {"provider": "X", "detail": "d"})
    assert card.message("en") == "X could not answer: d"


def test_a_parameter_nobody_gave_leaves_an_ellipsis() -> None:
    assert "…" in translate("en", "error.no_key.message")


def test_every_key_written_in_the_code_exists() -> None:
    pattern = re.compile(r'translate\(\s*[\w.]+,\s*"([\w.]+)"')
    used = {
        key
        for folder in ("core", "engine", "storage", "api", "ui")
        for path in (ROOT / folder).rglob("*.py")
        for key in pattern.findall(path.read_text(encoding="utf-8"))
    }
    assert used
    assert used - set(table("en")) == set()
