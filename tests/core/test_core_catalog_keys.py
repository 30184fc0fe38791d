"""A key that was pasted into models.yaml is named by its field and never repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.catalog_file import Loaded, load_catalog
from core.texts import LANGUAGES

SECRET = "sk-proj-SECRETSECRET123456"
PLAIN = "8f14e45fceea167a5a36dedd4bea2543"
"""A key without any provider's mark."""
ROW = "models:\n  - {id: good, provider: ollama, name: llama}\n"


def read(tmp_path: Path, text: str) -> Loaded:
    path = tmp_path / "models.yaml"
    path.write_text(text, encoding="utf-8")
    return load_catalog(path)


def said(loaded: Loaded) -> str:
    """All that the page and the terminal show of the problems."""
    lines = [problem.line(language) for problem in loaded.problems for language in LANGUAGES]
    shown = [f"{problem.entry} {problem.key}" for problem in loaded.problems]
    return "\n".join([*lines, *shown, repr(loaded)])


PASTED = [
    "api_key_env: KEY",
    "api_key: KEY",
    "api_kye: KEY",
    "headers: 'Authorization: Bearer KEY'",
    "headers: [KEY]",
    "headers: {KEY: 1}",
    "base_url: KEY",
    "base_url: 'me:KEY@host'",
    "base_url: 'http://me:KEY@host:99999'",
    "label: KEY",
    "label: 'my KEY'",
    "temperature: KEY",
    "stop: [KEY]",
    "stop: KEY",
    "fallbacks: KEY",
    "parameters: [KEY]",
    "price: {KEY: 1}",
    "KEY: 1",
    "KEY: KEY",
    "kind: KEY",
]


@pytest.mark.parametrize("line", PASTED)
def test_a_key_in_any_field_of_a_model_is_not_repeated(tmp_path: Path, line: str) -> None:
    entry = f"  - {{id: b, provider: ollama, name: x, {line.replace('KEY', SECRET)}}}\n"
    loaded = read(tmp_path, ROW + entry)
    assert [m.id for m in loaded.catalog.models] == ["good"]
    assert len(loaded.problems) == 1
    assert "models[2] b" in loaded.problems[0].entry
    assert "SECRET" not in said(loaded)


@pytest.mark.parametrize(
    "entry",
    [
        "{id: KEY, provider: ollama, name: x}",
        "{id: 'a KEY', provider: ollama, name: x}",
        "{id: b, provider: KEY, name: x}",
        "{id: b, provider: ollama, name: KEY}",
        "KEY",
    ],
)
def test_a_key_in_place_of_an_id_or_a_name_is_not_repeated(tmp_path: Path, entry: str) -> None:
    loaded = read(tmp_path, f"{ROW}  - {entry.replace('KEY', SECRET)}\n")
    assert [m.id for m in loaded.catalog.models] == ["good"]
    assert loaded.problems
    assert "SECRET" not in said(loaded)


@pytest.mark.parametrize(
    "text",
    [
        "providers: {mine: {api_key_env: KEY}}\n",
        "providers: {mine: {headers: KEY}}\n",
        "providers: {mine: {format: KEY}}\n",
        "providers: {KEY: {format: x}}\n",
        "providers: {ollama: {label: KEY}}\n",
        "KEY: 1\n",
        "KEY: 1\nKEY: 2\n",
        "language: KEY\n",
        "default_model: KEY\n",
        "titles: {model: KEY}\n",
        "documents: {api_key_env: KEY}\n",
        "documents: {embedder: KEY}\n",
        "limits: {KEY: 3}\n",
        "models: KEY\n",
        "models: [\n  api_key: KEY\n",
        "KEY\n",
        "a: b: KEY\n",
    ],
)
@pytest.mark.parametrize("key", [SECRET, PLAIN])
def test_a_key_elsewhere_in_the_file_is_not_repeated(tmp_path: Path, text: str, key: str) -> None:
    loaded = read(tmp_path, text.replace("KEY", key))
    assert loaded.problems
    assert key not in said(loaded)


@pytest.mark.parametrize(
    "field", ["api_key_env: me:hunter2", "api_key: hunter2", "base_url: 'me:hunter2'",
              "base_url: 'http://me:hunter2@host:99999'", "headers: hunter2", "headers: [hunter2]",
              "headers: {X-Key: [hunter2]}"],
)  # fmt: skip
def test_a_field_that_may_hold_a_password_is_not_repeated_however_short(
    tmp_path: Path, field: str
) -> None:
    loaded = read(tmp_path, f"models: [{{id: b, provider: ollama, name: x, {field}}}]\n")
    assert len(loaded.problems) == 1
    assert "hunter2" not in said(loaded)


@pytest.mark.parametrize("value", ["api_key_env: KEY", "headers: 'X: KEY'", "headers: [KEY]"])
def test_a_pasted_key_is_said_to_belong_into_the_env_file(tmp_path: Path, value: str) -> None:
    entry = f"{{id: b, provider: ollama, name: x, {value.replace('KEY', SECRET)}}}"
    (problem,) = read(tmp_path, f"models: [{entry}]\n").problems
    assert problem.key == value.partition(":")[0]
    assert "looks like a key" in problem.line("en")
    assert ".env" in problem.line("en")
    assert ".env" in problem.line("tr")


@pytest.mark.parametrize("header", ["Authorization", "X-Api-Key"])
def test_a_key_in_a_header_is_reported_and_works_and_is_kept_out_of_texts(
    tmp_path: Path, header: str
) -> None:
    headers = f"headers: {{{header}: Bearer {PLAIN}}}"
    loaded = read(tmp_path, f"models: [{{id: b, provider: ollama, name: x, {headers}}}]\n")
    assert [problem.key for problem in loaded.problems] == [f"headers.{header}"]
    assert all(PLAIN not in problem.line("en") for problem in loaded.problems)
    assert loaded.catalog.models[0].headers[header] == f"Bearer {PLAIN}"
    assert PLAIN in loaded.secrets


def test_the_password_of_an_address_is_kept_out_of_texts(tmp_path: Path) -> None:
    address = "base_url: 'http://me:hunter22@host/?key=hunter33&version=1'"
    loaded = read(tmp_path, f"models: [{{id: b, provider: ollama, name: x, {address}}}]\n")
    assert loaded.problems == ()
    assert loaded.secrets >= {"hunter22", "hunter33"}
    documents = read(tmp_path, f"documents: {{embedder: ollama, model: m, {address}}}\n")
    assert documents.secrets >= {"hunter22", "hunter33"}


@pytest.mark.parametrize(
    "name",
    [
        "meta-llama/Llama-3.3-70B-Instruct-Turbo",
        "ft:gpt-4o-mini-2024-07-18:org::9aBcDeFg",
        "hf.co/unsloth/gpt-oss-20b-GGUF:Q4_K_M",
        "owner/model:5c7d5dc6dd8bf75c1acaa8565735e7986bc5b66206b55cca93cb72c9bf15ccaa",
        "sk-model-1",
    ],
)
def test_the_name_of_a_model_is_no_key(tmp_path: Path, name: str) -> None:
    loaded = read(tmp_path, f"models: [{{id: b, provider: ollama, name: '{name}'}}]\n")
    assert loaded.problems == ()
    assert loaded.catalog.models[0].name == name


@pytest.mark.parametrize(
    "line",
    [
        "name: org/task-specific-embedding-v2",
        "name: disk-offload-mixtral-8x7b",
        "name: hf_internal_testing_tiny_model_1",
        "name: pplx-embed-context-v1-0.6b",
        "label: WizardLM13BV12",
        "label: DeepSeekCoder33B (risk-scored-quantization-4bit)",
    ],
)
def test_names_of_models_are_not_taken_for_keys(tmp_path: Path, line: str) -> None:
    row = {"id": "id: a", "provider": "provider: ollama", "name": "name: x"}
    row[line.partition(":")[0]] = line
    loaded = read(tmp_path, f"models:\n  - {{{', '.join(row.values())}}}\n")
    assert [model.id for model in loaded.catalog.models] == ["a"]
    assert loaded.problems == ()
