"""Speed and cost: what is known is counted, what is unknown stays unknown."""

from __future__ import annotations

import json
from datetime import date

import pytest

from core.catalog import Price
from core.events import Usage
from engine.metrics import complete_usage, cost_usd, estimate_tokens, tokens_per_s
from engine.titles import first_title, said_title
from tests.engine.engine_script import a_model
from tests.support.data import CASES


def test_cost_is_the_providers_own_then_the_catalogs_then_unknown() -> None:
    priced, unpriced = a_model(), a_model().model_copy(update={"price": None})
    assert cost_usd(priced, Usage(10, 10, cost=0.5)) == 0.5
    assert cost_usd(priced, Usage(1_000_000, 500_000)) == pytest.approx(2.0)
    assert cost_usd(unpriced, Usage(10, 10)) is None
    assert cost_usd(priced, Usage(None, 10)) is None


def test_cached_tokens_cost_what_the_catalog_says_of_them() -> None:
    usage = Usage(1_000_000, 0, cached_tokens=900_000)
    price = Price(input=1, output=2)
    cached = a_model().model_copy(update={"price": price.model_copy(update={"cached": 0.1})})
    assert cost_usd(cached, usage) == pytest.approx(0.19)
    assert cost_usd(a_model().model_copy(update={"price": price}), usage) == pytest.approx(1.0)
    more = Usage(1_000_000, 0, cached_tokens=5_000_000)
    assert cost_usd(cached, more) == pytest.approx(0.1)


def test_a_price_counts_only_as_far_and_as_long_as_it_holds() -> None:
    price = Price(input=1, output=2, up_to=1000, until=date(2026, 12, 31))
    model = a_model().model_copy(update={"price": price})
    last_day, day_after = date(2026, 12, 31), date(2027, 1, 1)
    assert cost_usd(model, Usage(1000, 500), last_day) == pytest.approx(0.002)
    assert cost_usd(model, Usage(1001, 500), last_day) is None
    assert cost_usd(model, Usage(1000, 500), day_after) is None


def test_speed_counts_the_time_after_the_first_token() -> None:
    assert tokens_per_s(Usage(1, 100), 1.0, 3.0) == 50
    assert tokens_per_s(Usage(1, 100), 2.0, 2.0) == 50
    assert tokens_per_s(Usage(1, None), 1.0, 3.0) is None
    assert tokens_per_s(Usage(1, 5), None, 3.0) is None


def test_only_the_missing_half_of_the_usage_is_estimated() -> None:
    usage, estimated = complete_usage(Usage(None, 7), 50, "cevap")
    assert (usage.input_tokens, usage.output_tokens, estimated) == (50, 7, True)
    assert complete_usage(Usage(1, 2), 50, "cevap") == (Usage(1, 2), False)
    assert complete_usage(Usage(0, 0), 50, "cevap") == (Usage(50, 2), True)


def test_a_lone_surrogate_can_be_counted() -> None:
    assert estimate_tokens("\ud83d") == 1


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Merhaba", "Merhaba"),
        ("# Başlık\nikinci satır", "Başlık"),
        ("\n\n  **kalın** yazı", "kalın yazı"),
        ("```", "…"),
        ("kelime " * 40, "kelime kelime kelime kelime kelime kelime kelime kelime…"),
        ("x" * 100, "x" * 59 + "…"),
    ],
)
def test_a_title_is_the_first_line_cut_at_a_word(text: str, title: str) -> None:
    assert first_title(text) == title


def test_a_title_loses_what_models_put_around_it() -> None:
    cases = json.loads((CASES / "titles.json").read_text(encoding="utf-8"))
    assert [said_title(case["model_says"]) for case in cases] == [case["right"] for case in cases]
