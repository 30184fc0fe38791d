"""What is learned from providers about tokens and windows, and what is not believed."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import ErrorKind, ProviderError
from engine.calibration import Calibration
from engine.refusal import heed, named_count, named_limit
from tests.engine.engine_script import a_model

TEXT = "x" * 4000


@pytest.mark.parametrize(
    ("said", "limit", "count"),
    [
        (
            "This model's maximum context length is 4,096 tokens. However, your messages resulted "
            "in 5000 tokens. Please reduce the length of the messages.",
            4096,
            5000,
        ),
        (
            "This model's maximum context length is 4096 tokens. However, you requested 5000 "
            "tokens (4000 in the messages, 1000 in the completion).",
            4096,
            4000,
        ),
        ("request (5012 tokens) exceeds the available context size (4096 tokens)", 4096, 5012),
        (
            "The input token count (1200000) exceeds the maximum number of tokens allowed "
            "(1048576).",
            1048576,
            1200000,
        ),
        (
            "This endpoint's maximum context length is 131072 tokens. However, you requested about "
            "140000 tokens (139000 of text input, 1000 in the output).",
            131072,
            139000,
        ),
        (
            "`inputs` tokens + `max_new_tokens` must be <= 4097. Given: 5000 `inputs` tokens and "
            "100 `max_new_tokens`",
            4097,
            5000,
        ),
        ("prompt is too long: 210000 tokens > 200000 maximum", 200000, 210000),
        (
            "Prompt contains 5000 tokens, too large for model with 4096 maximum context length",
            4096,
            5000,
        ),
        ("the input length exceeds the context length", None, None),
    ],
)
def test_the_numbers_of_a_refusal_are_read(said: str, limit: int | None, count: int | None) -> None:
    assert (named_limit(said), named_count(said)) == (limit, count)


def test_counts_of_the_same_tokenizer_settle_and_nonsense_is_passed_over() -> None:
    calibration = Calibration()
    assert calibration.tokens("m", TEXT) == 1000
    for _ in range(6):
        calibration.learn("m", 1000, 1500)
    calibration.learn("m", 1000, 11)
    calibration.learn("m", 1000, 90_000)
    calibration.learn("m", 10, 40)
    assert calibration.tokens("m", TEXT) == pytest.approx(1500)
    assert calibration.tokens("other", TEXT) == 1000


def test_a_learned_window_holds_until_the_catalog_says_something_else() -> None:
    calibration, model = Calibration(), a_model(context_window=8192)
    assert calibration.window(model) == 8192
    calibration.narrow(model, 4096)
    assert calibration.window(model) == 4096
    assert calibration.window(a_model(context_window=16384)) == 16384
    assert calibration.window(a_model()) is None
    calibration.took(model, 5000)
    assert calibration.window(model) == 5000


def test_a_refusal_narrows_the_window_but_never_widens_it() -> None:
    calibration, model = Calibration(), a_model(context_window=4096)

    def refuse(limit: int) -> None:
        said = f"maximum context length is {limit} tokens (6000 in the messages)"
        heed(ProviderError(ErrorKind.TOO_LONG, detail=said), model, 4000, calibration)

    refuse(8192)
    assert calibration.window(model) == 4096
    assert calibration.ratio("m") == pytest.approx(1.5)
    refuse(2048)
    assert calibration.window(model) == 2048
    for no_window in (1, 127):
        refuse(no_window)
    assert calibration.window(model) == 2048


def test_it_is_kept_in_a_file_and_a_damaged_file_costs_nothing_but_itself(tmp_path: Path) -> None:
    file = tmp_path / "data" / "calibration.json"
    model = a_model(context_window=8192)
    first = Calibration(file)
    first.learn("m", 1000, 1500)
    first.narrow(model, 4096)
    first.wait()
    again = Calibration(file)
    assert (again.tokens("m", TEXT), again.window(model)) == (1500, 4096)
    damages = ("{", "[]", '{"m": 3}', '{"m": {"ratio": "x", "window": -1}}', '{"m": {"ratio": 99}}')
    for damage in damages:
        file.write_text(damage, encoding="utf-8")
        assert Calibration(file).tokens("m", TEXT) == 1000
    assert [path.name for path in file.parent.iterdir()] == ["calibration.json"]


def test_a_disk_that_refuses_costs_only_the_keeping(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    calibration = Calibration(tmp_path / "data" / "calibration.json")
    calibration.learn("m", 1000, 1500)
    calibration.wait()
    assert calibration.tokens("m", TEXT) == 1500
