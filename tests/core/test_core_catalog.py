"""models.yaml: what it may say, and what a mistake costs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from core.catalog_file import Loaded, load_catalog

ROOT = Path(__file__).resolve().parent.parent.parent
GOOD = "  - {id: good, provider: ollama, name: llama}\n"


def read(tmp_path: Path, text: str) -> Loaded:
    path = tmp_path / "models.yaml"
    path.write_text(text, encoding="utf-8")
    return load_catalog(path)


def test_the_catalog_that_ships_is_without_fault_and_has_what_was_asked_for() -> None:
    loaded = load_catalog(ROOT / "models.yaml")
    assert loaded.problems == ()
    formats = {m.id: (m.format, m.kind) for m in loaded.catalog.models}
    assert formats["gemini-flash"] == ("gemini", "cloud")
    assert formats["gemini-3-pro"] == ("gemini", "cloud")
    assert formats["mistral-7b"] == ("huggingface", "cloud")
    assert formats["qwen"] == ("ollama", "local")
    assert formats["smollm2"] == ("embedded", "local")
    first = loaded.catalog.default()
    assert first is not None
    assert (first.format, first.api_key_env) == ("embedded", None)  # answers without a key
    assert (first.speaks("en"), first.speaks("tr")) == (True, False)
    providers = [m.provider for m in loaded.catalog.models]
    assert providers.count("openrouter") >= 2
    assert "together" in providers
    assert loaded.catalog.language == "tr"


def test_a_list_that_is_none_is_described_as_a_list_of_values(tmp_path: Path) -> None:
    entry = "{id: b, provider: ollama, name: x, stop: 3}"
    (problem,) = read(tmp_path, f"models: [{entry}]\n").problems
    assert "a list in square brackets" in problem.line("en")


def test_a_model_that_names_no_languages_can_be_asked_in_any(tmp_path: Path) -> None:
    model = read(tmp_path, "models:\n" + GOOD).catalog.models[0]
    assert model.speaks("tr")
    assert model.speaks("en")


def test_a_price_may_say_how_far_and_how_long_it_holds(tmp_path: Path) -> None:
    price = "price: {input: 1, output: 2, up_to: 200000, until: 2026-12-31}"
    loaded = read(tmp_path, f"models: [{{id: m, provider: ollama, name: n, {price}}}]\n")
    assert loaded.problems == ()
    kept = loaded.catalog.models[0].price
    assert kept is not None
    assert (kept.up_to, kept.until) == (200_000, date(2026, 12, 31))


def test_summaries_are_on_and_say_when_and_by_whom(tmp_path: Path) -> None:
    plain = read(tmp_path, "models:\n" + GOOD).catalog
    assert (plain.summary.enabled, plain.summary.threshold, plain.summary.model) == (
        True,
        0.8,
        None,
    )
    assert plain.limits.compare_lanes == 4
    chosen = read(
        tmp_path,
        "summary: {threshold: 0.6, model: good}\nlimits: {compare_lanes: 6}\nmodels:\n" + GOOD,
    )
    assert chosen.problems == ()
    assert (chosen.catalog.summary.threshold, chosen.catalog.summary.model) == (0.6, "good")
    assert chosen.catalog.limits.compare_lanes == 6


def test_three_lines_make_a_model(tmp_path: Path) -> None:
    loaded = read(tmp_path, "models:\n" + GOOD)
    model = loaded.catalog.models[0]
    assert (model.id, model.label, model.kind, model.format) == ("good", "good", "local", "ollama")


def test_a_provider_that_differs_only_in_data_is_a_row(tmp_path: Path) -> None:
    loaded = read(
        tmp_path,
        "providers:\n  mine: {format: openai_compatible, base_url: 'http://127.0.0.1:1/v1',"
        " api_key_env: MY_KEY, headers: {X-A: a, X-B: b}}\n"
        "models:\n  - {id: m, provider: mine, name: n, headers: {X-B: c}, timeout: 5}\n",
    )
    model = loaded.catalog.models[0]
    assert loaded.problems == ()
    assert (model.base_url, model.api_key_env, model.timeout) == (
        "http://127.0.0.1:1/v1",
        "MY_KEY",
        5,
    )
    assert dict(model.headers) == {"X-A": "a", "X-B": "c"}


BAD_ENTRIES = [
    ("{id: b, provider: ollama}", "name", "missing"),
    ("{provider: ollama, name: x}", "id", "missing"),
    ("{id: b, provider: nobody, name: x}", "provider", "nobody"),
    ("{id: b, provider: ollama, name: x, temprature: 1}", "temprature", "temperature"),
    ("{id: b, provider: ollama, name: x, temperature: 9}", "temperature", "9"),
    ("{id: b, provider: ollama, name: x, temperature: hot}", "temperature", "hot"),
    ("{id: b, provider: ollama, name: x, top_p: 0}", "top_p", "0"),
    ("{id: b, provider: ollama, name: x, top_k: 1.5}", "top_k", "1.5"),
    ("{id: b, provider: ollama, name: x, seed: s}", "seed", "s"),
    ("{id: b, provider: ollama, name: x, timeout: -1}", "timeout", "-1"),
    ("{id: b, provider: ollama, name: x, max_retries: 99}", "max_retries", "99"),
    ("{id: b, provider: ollama, name: x, context_window: 0}", "context_window", "0"),
    ("{id: b, provider: ollama, name: x, max_output_tokens: many}", "max_output_tokens", "many"),
    ("{id: b, provider: ollama, name: x, streaming: perhaps}", "streaming", "perhaps"),
    ("{id: b, provider: ollama, name: x, vision: [1]}", "vision", "[1]"),
    ("{id: b, provider: ollama, name: x, tools: 7}", "tools", "7"),
    ("{id: b, provider: ollama, name: x, reasoning: fierce}", "reasoning", "fierce"),
    ("{id: b, provider: ollama, name: x, kind: cloudy}", "kind", "cloudy"),
    ("{id: b, provider: ollama, name: x, base_url: 'ftp://x'}", "base_url", "http://"),
    ("{id: b, provider: ollama, name: x, base_url: localhost}", "base_url", "http://"),
    ("{id: b, provider: ollama, name: x, api_key_env: sk-123}", "api_key_env", "GEMINI_API_KEY"),
    ("{id: b, provider: ollama, name: x, api_key: sk-1}", "api_key", "api_key_env"),
    ("{id: b, provider: ollama, name: x, headers: [a]}", "headers", "a"),
    ("{id: b, provider: ollama, name: x, headers: {A: 1}}", "headers.A", "texts"),
    ("{id: b, provider: ollama, name: x, price: 3}", "price", "3"),
    ("{id: b, provider: ollama, name: x, price: {input: 1}}", "price.output", "missing"),
    ("{id: b, provider: ollama, name: x, price: {input: -1, output: 1}}", "price.input", "-1"),
    ("{id: b, provider: ollama, name: x, price: {input: 1, output: 1, x: 1}}", "price.x", "x"),
    ("{id: b, provider: ollama, name: x, stop: 3}", "stop", "3"),
    ("{id: b, provider: ollama, name: x, parameters: [warmth]}", "parameters", "warmth"),
    ("{id: b, provider: ollama, name: x, fallbacks: 1}", "fallbacks", "1"),
    ("{id: b, provider: ollama, name: x, languages: en}", "languages", "such as [en]"),
    ("{id: b, provider: ollama, name: x, languages: [English]}", "languages.0", "small letters"),
    ("{id: '../b', provider: ollama, name: x}", "id", "../b"),
    ("{id: 'b c', provider: ollama, name: x}", "id", "b c"),
    ("{id: '', provider: ollama, name: x}", "id", ""),
    ("{id: b, provider: ollama, name: ''}", "name", ""),
    ("{id: b, provider: openai_compatible, name: x}", "base_url", "missing"),
    ("{id: good, provider: ollama, name: x}", "id", "twice"),
    ("just text", "-", "mapping"),
    ("[1, 2]", "-", "mapping"),
    ("null", "-", "mapping"),
]


@pytest.mark.parametrize(("entry", "key", "word"), BAD_ENTRIES)
def test_a_bad_entry_costs_one_line_that_names_it(
    tmp_path: Path, entry: str, key: str, word: str
) -> None:
    loaded = read(tmp_path, f"models:\n{GOOD}  - {entry}\n")
    assert [m.id for m in loaded.catalog.models] == ["good"]
    assert len(loaded.problems) == 1
    line = loaded.problems[0].line("en")
    assert "\n" not in line
    assert "models[2]" in line
    assert loaded.problems[0].key.startswith(key)
    assert word in line


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("models: [\n", "valid YAML"),
        ("models:\n\t- a\n", "valid YAML"),
        ("- a\n", "mapping"),
        ("models: 3\n", "list"),
        ("modls: []\n", "models"),
        ("language: de\n", "tr, en"),
        ("limits: {first_byte: 0}\n", "first_byte"),
        ("limits: {frist_byte: 3}\n", "first_byte"),
        ("limits: {compare_lanes: 1}\n", "≥ 2 ≤ 12"),
        ("summary: {threshold: 80}\n", "≥ 0.3 ≤ 1"),
        ("summary: {model: gone}\n", "summary: model"),
        ("titles: {model: gone}\n", "titles: model"),
        ("providers: [a]\n", "providers"),
        ("providers: {x: {format: telepathy}}\n", "telepathy"),
        ("default_model: nobody\n", "nobody"),
        ("a: &a [*a]\nmodels: *a\n", "a"),
        ("!!python/object/apply:os.system ['true']\n", "valid YAML"),
    ],
)
def test_a_bad_file_starts_all_the_same_and_says_what_is_wrong(
    tmp_path: Path, text: str, word: str
) -> None:
    loaded = read(tmp_path, text)
    assert loaded.problems
    assert any(word in problem.line("en") for problem in loaded.problems)


def test_a_file_that_is_not_there_or_not_text_is_one_problem(tmp_path: Path) -> None:
    assert len(load_catalog(tmp_path / "none.yaml").problems) == 1
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00\x00\xd8")
    assert len(load_catalog(tmp_path / "binary.yaml").problems) == 1


def test_problems_are_told_whole_in_either_language(tmp_path: Path) -> None:
    loaded = read(tmp_path, "models:\n  - {id: b, provider: ollama}\n")
    assert loaded.problems[0].line("tr").endswith("name: eksik (izin verilen: metin)")
    assert loaded.problems[0].line("en").endswith("name: is missing (allowed: text)")


@pytest.mark.parametrize("embedder", ["sentence_transformers", "ollama"])
def test_an_embedder_that_needs_a_model_is_not_used_without_one(
    tmp_path: Path, embedder: str
) -> None:
    loaded = read(tmp_path, f"documents: {{embedder: {embedder}}}\nmodels:\n{GOOD}")
    assert [(one.entry, one.key) for one in loaded.problems] == [("documents", "model")]
    assert "eksik" in loaded.problems[0].line("tr")
    assert loaded.catalog.documents.embedder == "use"
