"""`python app.py --help` and what it says about wrong arguments, in both languages."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from core import arguments
from core.arguments import argparse_speaks
from core.catalog_file import catalog_language, load_catalog
from core.flags import flags_of

COMMANDS = ("check", "replay", "index", "search", "evaluate", "ocr")
Ended = Callable[..., tuple[int, str]]


@pytest.fixture
def ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Ended:
    """The exit code and the output of arguments that end the program, in a folder without a
    catalog and a terminal that breaks no line."""
    monkeypatch.setenv("COLUMNS", "1000")

    def run(*given: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as end:
            flags_of(tmp_path, given)
        out, errors = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code, out + errors

    return run


def cells(shown: str) -> set[str]:
    """What stands in the lines and columns of a help."""
    return set(re.split(r"\n+ *| {2,}", shown))


def is_prose(cell: str) -> bool:
    """A heading or a sentence, not a flag or a name."""
    return cell.endswith(":") or (" " in cell and not cell.startswith("-"))


def flags_without_help(shown: str) -> list[str]:
    """Flags and arguments with nothing beside or below them."""
    lines = re.sub(r"\n {20,}", "  ", shown).splitlines()
    return [one for one in lines if one.startswith("  ") and not re.search(r"\S {2,}\S", one)]


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_every_flag_and_command_is_explained_in_either_language(
    ended: Ended, command: tuple[str, ...]
) -> None:
    code, turkish = ended(*command, "--help")
    english_code, english = ended(*command, "--help", "--lang", "en")
    assert (code, english_code) == (0, 0)
    assert {one for one in cells(turkish) & cells(english) if is_prose(one)} == set()
    assert flags_without_help(turkish) == flags_without_help(english) == []
    assert re.findall(r"--[\w-]+", turkish) == re.findall(r"--[\w-]+", english)
    assert "flags." not in turkish + english


def test_the_help_names_every_command_and_the_defaults(ended: Ended, tmp_path: Path) -> None:
    _, shown = ended("--help")
    assert tuple(re.findall(r"^ {4}(\w+) {2,}", shown, re.MULTILINE)) == COMMANDS
    assert shown.startswith("kullanım: app.py ")
    assert "(varsayılan: 7860)" in shown
    assert f"(varsayılan: {tmp_path / 'chats'})" in shown


ERRORS = [
    ("--lang de", "--lang: 'de' seçilemez", "argument --lang: invalid choice: 'de'"),
    ("tea", "KOMUT: 'tea' seçilemez", "argument COMMAND: invalid choice: 'tea'"),
    ("search", "eksik argüman: SORU", "arguments are required: QUESTION"),
    ("check --tea", "tanınmayan argüman: --tea", "unrecognized arguments: --tea"),
    ("--port", "--port: bir değer yazılmalı", "--port: expected one value"),
    ("--port x", "1 ile 65535 arasında bir tam sayı", "a whole number from 1 to 65535, not “x”"),
    ("--port 70000", "“70000” değil", "not “70000”"),
    ("search çay --count 0", "1 ile 50 arasında", "from 1 to 50, not “0”"),
    ("--a x", "--a birden çok seçeneğe uyuyor: --auth", "ambiguous option: --a could match"),
    ("--=x", "--=x birden çok seçeneğe uyuyor", "ambiguous option: --=x"),
    ("--share=x", "--share: değer almaz, yazılan: 'x'", "--share: takes no value, but 'x'"),
]


@pytest.mark.parametrize(("given", "turkish", "english"), ERRORS)
def test_a_wrong_argument_is_named_in_the_language_of_the_catalog(
    ended: Ended, tmp_path: Path, given: str, turkish: str, english: str
) -> None:
    code, said = ended(*given.split())
    assert (code, turkish in said) == (2, True)
    assert said.startswith("kullanım: ")
    assert re.match(r"app\.py( \w+)?: hata: ", said.splitlines()[-1])
    (tmp_path / "models.yaml").write_text("language: en", encoding="utf-8")
    code, said = ended(*given.split())
    assert (code, english in said) == (2, True)
    assert said.startswith("usage: ")
    assert re.match(r"app\.py( \w+)?: error: ", said.splitlines()[-1])


def a_parser() -> argparse.ArgumentParser:
    """A parser whose flags need what those of the program do not."""
    flags = argparse.ArgumentParser(prog="x")
    either = flags.add_mutually_exclusive_group(required=True)
    either.add_argument("--tea", action="store_true")
    either.add_argument("--coffee", action="store_true")
    flags.add_argument("--cups", nargs=2)
    flags.add_argument("--spoons", nargs="+")
    flags.add_argument("--sugar", nargs="?")
    flags.add_argument("--minutes", type=int)
    return flags


@pytest.mark.parametrize(
    ("given", "turkish", "english"),
    [
        ("", "şunlardan biri gerekli: --tea --coffee", "one of the arguments --tea --coffee is"),
        ("--tea --coffee", "--coffee: --tea ile birlikte yazılamaz", "not allowed with argument"),
        ("--tea --cups 1", "--cups: 2 değer yazılmalı", "--cups: expected number of values: 2"),
        ("--tea --spoons", "--spoons: en az bir değer yazılmalı", "expected at least one value"),
        ("--tea --minutes x", "--minutes: geçersiz değer: 'x'", "--minutes: invalid value: 'x'"),
    ],
)
def test_flags_of_any_kind_say_what_is_wrong_in_either_language(
    capsys: pytest.CaptureFixture[str], given: str, turkish: str, english: str
) -> None:
    for language, expected in (("tr", turkish), ("en", english)):
        with argparse_speaks(language), pytest.raises(SystemExit, match="2"):
            a_parser().parse_args(given.split())
        assert expected in capsys.readouterr().err


def test_a_sentence_of_another_python_stays_english(
    ended: Ended, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(arguments._KEYS, "expected one argument")
    code, said = ended("--port")
    assert (code, said.splitlines()[-1]) == (2, "app.py: hata: --port: expected one argument")


def test_other_parsers_go_on_in_english(ended: Ended) -> None:
    assert ended("--help")[1].startswith("kullanım: ")
    assert a_parser().format_help().startswith("usage: x ")


@pytest.mark.parametrize(
    "given",
    [
        "--lang en --help",
        "--lang=en search --help",
        "search --lang en --help",
        "search --help --lang=en",
        "search çay --count 0 --la en",
        "--lang tr search --lang en --help",
        "--config tr.yaml --tea --lang en",
    ],
)
def test_lang_counts_wherever_it_stands(ended: Ended, given: str) -> None:
    assert ended(*given.split())[1].startswith("usage: ")


def test_what_only_looks_like_lang_does_not_count(ended: Ended) -> None:
    assert ended("search", "--document=--lang=en", "--help")[1].startswith("kullanım: ")
    assert ended("search", "çay", "--tea", "--", "--lang", "en")[1].startswith("kullanım: ")


def test_the_catalog_says_the_language_unless_lang_does(ended: Ended, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text("models: []\nlanguage: en\n", encoding="utf-8")
    assert ended("--help")[1].startswith("kullanım: ")
    assert ended("--config", str(other), "--help")[1].startswith("usage: ")
    assert ended("check", f"--config={other}", "--help")[1].startswith("usage: ")
    (tmp_path / "models.yaml").write_text("language: en\n", encoding="utf-8")
    assert ended("--help")[1].startswith("usage: ")
    assert ended("--help", "--lang", "tr")[1].startswith("kullanım: ")


@pytest.mark.parametrize(
    "catalog",
    [
        b"language: en\nmodels: [1,",
        b"language: en\n\xff",
        b"language: en\na: " + b"[" * 100_000,
        b"language: de",
        b"language: [en]",
        b"- language: en",
        b"",
        None,
    ],
)
def test_a_broken_catalog_costs_the_help_nothing(
    ended: Ended, tmp_path: Path, catalog: bytes | None
) -> None:
    path = tmp_path / "models.yaml"
    path.mkdir() if catalog is None else path.write_bytes(catalog)
    code, shown = ended("--help")
    assert (code, shown.split()[0]) == (0, "kullanım:")
    assert catalog_language(path) == load_catalog(path).catalog.language == "tr"
