"""Mistakes in models.yaml that cost no more than they must, and say what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.catalog_file import Loaded, load_catalog

GOOD = "  - {id: good, provider: ollama, name: llama}\n"


def read(tmp_path: Path, text: str) -> Loaded:
    path = tmp_path / "models.yaml"
    path.write_text(text, encoding="utf-8")
    return load_catalog(path)


def the_line(loaded: Loaded) -> str:
    (problem,) = loaded.problems
    return problem.line("en")


@pytest.mark.parametrize(
    ("text", "where", "lines"),
    [
        ("models:\n" + GOOD + "models: []\n", "models.yaml: models", (1, 3)),
        ("providers:\n  ollama: {label: a}\nproviders: {}\n", "models.yaml: providers", (1, 3)),
        ("limits:\n  first_byte: 3\n  first_byte: 4\n", "limits: first_byte", (2, 3)),
        ("providers:\n  ollama: {}\n  ollama: {}\n", "models.yaml: providers: ollama", (2, 3)),
        (
            "providers:\n  ollama:\n    label: a\n    label: b\n",
            "providers.ollama: label",
            (3, 4),
        ),
        (
            "models:\n- id: a\n  name: x\n  provider: ollama\n  name: y\n",
            "models[1]: name",
            (3, 5),
        ),
        (
            "models:\n- id: a\n  provider: ollama\n  name: y\n  headers:\n    A: x\n    A: y\n",
            "models[1]: headers.A",
            (6, 7),
        ),
    ],
)
def test_a_key_that_stands_twice_is_reported_with_both_lines(
    tmp_path: Path, text: str, where: str, lines: tuple[int, int]
) -> None:
    line = the_line(read(tmp_path, text))
    assert where in line
    assert f"in lines {lines[0]} and {lines[1]}" in line


def test_what_a_merge_brings_may_be_replaced(tmp_path: Path) -> None:
    text = (
        "models:\n- &a {id: a, provider: ollama, name: x}\n- {<<: *a, id: b}\n- {<<: *a, id: c}\n"
    )
    loaded = read(tmp_path, text)
    assert loaded.problems == ()
    assert [m.id for m in loaded.catalog.models] == ["a", "b", "c"]


@pytest.mark.parametrize("text", ["", "# nothing but this\n", "---\n", "null\n"])
def test_an_empty_file_is_said_to_be_empty(tmp_path: Path, text: str) -> None:
    assert "is empty" in the_line(read(tmp_path, text))


@pytest.mark.parametrize("depth", [2_000, 200_000])
def test_brackets_without_end_are_one_problem(tmp_path: Path, depth: int) -> None:
    assert len(read(tmp_path, "models: " + "[" * depth).problems) == 1


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("stop: END", ["“END”", "a list in square brackets"]),
        ("fallbacks: a/b", ["“a/b”", "a list in square brackets"]),
        ("parameters: [magic]", ["“magic”", "temperature, top_p, top_k", "seed, stop"]),
        ("api_key_env: my-key", ["capital letters", "GEMINI_API_KEY"]),
        ("base_url: 'http://127.0.0.1:99999'", ["base_url", "65535"]),
        ("base_url: 'http://a b'", ["base_url", "http://"]),
        ("base_url: 'http://a|b/v1'", ["base_url", "http://"]),
        ("base_url: 'http://[::1'", ["base_url", "http://"]),
        ('headers: {X-A: "a\\r\\nX-B: b"}', ["headers", "one line"]),
        ('headers: {"X A": a}', ["headers", "names of letters"]),
        ("headers: {Başlık: a}", ["headers", "names of letters"]),
        ("headers: {Content-Length: '3'}", ["headers", "names of letters"]),
        ("label: " + "a" * 100_000, ["label", "100000", "120"]),
        ("label: no", ["is read as false", "quotes"]),
    ],
)
def test_a_value_that_cannot_be_is_answered_with_what_can(
    tmp_path: Path, keys: str, words: list[str]
) -> None:
    entry = f"{{id: b, provider: ollama, name: x, {keys}}}"
    loaded = read(tmp_path, f"models:\n{GOOD}  - {entry}\n")
    assert [m.id for m in loaded.catalog.models] == ["good"]
    line = the_line(loaded)
    assert [word for word in words if word not in line] == []
    assert len(line) < 400


@pytest.mark.parametrize(
    ("name", "words"),
    [("no", "is read as false"), ("'../b'", "beginning with a letter or digit")],
)
def test_an_id_is_explained_without_a_regular_expression(
    tmp_path: Path, name: str, words: str
) -> None:
    line = the_line(read(tmp_path, f"models: [{{id: {name}, provider: ollama, name: x}}]\n"))
    assert words in line
    assert "^" not in line


def test_words_in_a_header_may_be_turkish(tmp_path: Path) -> None:
    headers = "headers: {X-OpenRouter-Title: 'Türkçe Sohbet Şirketi'}"
    loaded = read(tmp_path, f"models: [{{id: b, provider: ollama, name: x, {headers}}}]\n")
    assert loaded.problems == ()


def test_a_wrong_limit_leaves_the_others_as_written(tmp_path: Path) -> None:
    loaded = read(tmp_path, "limits: {first_byte: 0, running_answers: 3, cmopare_lanes: 2}\n")
    assert [p.key for p in loaded.problems] == ["first_byte", "cmopare_lanes"]
    assert (loaded.catalog.limits.running_answers, loaded.catalog.limits.first_byte) == (3, 30)


def test_documents_are_not_sent_elsewhere_because_of_a_typing_error(tmp_path: Path) -> None:
    text = "documents: {embedder: gemini, base_url: 'htp://mine', passages: 3}\n"
    assert read(tmp_path, text).catalog.documents.embedder == "use"


def test_a_provider_does_without_a_wrong_key_that_leads_nowhere(tmp_path: Path) -> None:
    rows = "providers: {ollama: {timeout: never, base_url: 'http://mine:1'}}\nmodels:\n"
    loaded = read(tmp_path, rows + GOOD)
    assert [(p.entry, p.key) for p in loaded.problems] == [("providers.ollama", "timeout")]
    assert loaded.catalog.models[0].base_url == "http://mine:1"


@pytest.mark.parametrize("key", ["base_url: htp", "api_key_env: k", "headers: 3", "base_ulr: a"])
def test_a_provider_whose_address_is_wrong_takes_its_models_with_it_and_says_so_once(
    tmp_path: Path, key: str
) -> None:
    models = "".join(f"  - {{id: m{n}, provider: ollama, name: x}}\n" for n in range(5))
    loaded = read(tmp_path, f"providers: {{ollama: {{{key}}}}}\nmodels:\n{models}")
    assert loaded.catalog.models == ()
    assert [p.entry for p in loaded.problems] == ["providers.ollama", "providers.ollama"]
    assert "its models are left out" in loaded.problems[-1].line("en")


def test_no_answer_can_be_longer_than_the_window(tmp_path: Path) -> None:
    entry = "{id: b, provider: ollama, name: x, context_window: 100, max_output_tokens: 101}"
    loaded = read(tmp_path, f"models: [{entry}]\n")
    assert "at most context_window, which is 100" in the_line(loaded)
    assert loaded.catalog.models[0].max_output_tokens is None


@pytest.mark.parametrize(
    ("row", "variable"),
    [
        ("provider: gemini", "GEMINI_API_KEY"),
        ("provider: huggingface", "HF_TOKEN"),
        ("provider: ollama", None),
        ("provider: openai_compatible, base_url: 'https://api.openai.com/v1'", "OPENAI_API_KEY"),
        ("provider: mine, base_url: 'https://openrouter.ai/api/v1'", "OPENROUTER_API_KEY"),
        ("provider: mine, base_url: 'https://api.together.xyz/v1'", "TOGETHER_API_KEY"),
        ("provider: mine, base_url: 'http://127.0.0.1:8080/v1'", None),
        ("provider: mine, base_url: 'https://openrouter.ai.example.org/v1'", None),
        ("provider: mine, base_url: 'http://openrouter.ai/v1'", None),
        ("provider: gemini, base_url: 'https://gateway.example.org'", None),
        ("provider: gemini, api_key_env: MY_KEY", "MY_KEY"),
    ],
)
def test_a_format_knows_the_usual_variable_of_its_key(
    tmp_path: Path, row: str, variable: str | None
) -> None:
    loaded = read(
        tmp_path,
        "providers: {mine: {format: openai_compatible}}\n"
        f"models: [{{id: b, {row}, name: x}}]\n",
    )
    assert loaded.problems == ()
    assert loaded.catalog.models[0].api_key_env == variable


def test_of_mistakes_without_number_a_hundred_are_listed_and_the_rest_counted(
    tmp_path: Path,
) -> None:
    rows = "".join(f"  - {{id: m{n}, provider: nobody, name: x}}\n" for n in range(150))
    problems = read(tmp_path, "models:\n" + rows).problems
    assert len(problems) == 101
    assert "50 more" in problems[-1].line("en")
