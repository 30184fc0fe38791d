"""`.env` is read as shells and editors write it; what cannot be understood is named, not shown."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest

from core.env_file import EnvFile, read_env
from core.keys import Keys
from core.texts import LANGUAGES

KEY = "sk-canary-0123456789"


@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF16_LE + f"A_KEY={KEY}\r\n".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + f"A_KEY={KEY}\r\n".encode("utf-16-be"),
        codecs.BOM_UTF8 + f"A_KEY={KEY}\r\n".encode(),
        f"# anahtarım, şifreli değil\nA_KEY={KEY}\n".encode("iso8859-9"),
        f"A_KEY={KEY}\n# anahtarım, şifreli değil\n".encode("cp1254"),
        b"\x81\x8d\xff\nA_KEY=" + KEY.encode() + b"\n",
        codecs.BOM_UTF16_LE + f"A_KEY={KEY}\n".encode("utf-16-le") + b"\x00",
    ],
    ids=["utf-16-le", "utf-16-be", "utf-8-sig", "iso8859-9", "cp1254", "bytes", "odd utf-16"],
)
def test_a_key_is_found_in_any_encoding(tmp_path: Path, data: bytes) -> None:
    (tmp_path / ".env").write_bytes(data)
    assert Keys(tmp_path / ".env", {}).get("A_KEY") == KEY


def test_each_line_has_its_own_encoding(tmp_path: Path) -> None:
    lines = "PASSWORD=şifre\n".encode("cp1254") + "OTHER=ğüş\n".encode()
    (tmp_path / ".env").write_bytes(lines)
    assert dict(read_env(tmp_path / ".env").values) == {"PASSWORD": "şifre", "OTHER": "ğüş"}


@pytest.mark.parametrize(
    ("text", "number", "name"),
    [
        (f"GOOD=1\nA_KEY: {KEY}\n", 2, "A_KEY"),
        (f"GOOD=1\n\n\nA_KEY='{KEY}\n", 4, "A_KEY"),
        (f"A_KEY='{KEY}\nGOOD=1\n", 1, "A_KEY"),
        (f'export A_KEY="{KEY}\nGOOD=1\n', 1, "A_KEY"),
        (f"GOOD=1\n{KEY}\n", 2, ""),
        (f"GOOD=1\n{KEY}: x\n", 2, ""),
        ("GOOD=1\n8f14e45fceea167a5a36dedd4bea2543\n", 2, ""),
        ("GOOD=1\nf14e45fceea167a5a36dedd4bea2543: x\n", 2, ""),
    ],
)
def test_a_line_that_says_nothing_is_told_by_number_and_name_and_the_others_hold(
    tmp_path: Path, text: str, number: int, name: str
) -> None:
    (tmp_path / ".env").write_text(text, encoding="utf-8")
    keys = Keys(tmp_path / ".env", {})
    assert keys.get("GOOD") == "1"
    assert [(bad.number, bad.name) for bad in keys.file().bad_lines] == [(number, name)]
    for language in LANGUAGES:
        (line,) = keys.problems(language)
        assert str(number) in line
        assert name in line
        assert KEY not in line
        assert "4e45fceea167" not in line


def test_a_file_without_fault_has_no_problems(tmp_path: Path) -> None:
    text = "# a comment\n\nA=1\nexport B='two words'\nC=\nD=$A\n"
    (tmp_path / ".env").write_text(text, encoding="utf-8")
    assert Keys(tmp_path / ".env", {}).problems("en") == ()
    assert Keys(tmp_path / "none", {}).problems("en") == ()


def test_a_file_that_the_disk_refuses_is_said_and_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    keys = Keys(tmp_path / ".env", {"A_KEY": "from-environment"})
    assert keys.get("A_KEY") == "from-environment"
    assert keys.get("B_KEY") is None
    assert "cannot be read" in keys.problems("en")[0]


def test_the_file_is_read_again_only_once_it_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / ".env"
    path.write_text("A_KEY=before\n", encoding="utf-8")
    read: list[Path] = []

    def counted(path: Path) -> EnvFile:
        read.append(path)
        return read_env(path)

    monkeypatch.setattr("core.keys.read_env", counted)
    keys = Keys(path, {})
    assert [keys.get("A_KEY") for _ in range(5)] == ["before"] * 5
    assert len(read) == 1
    path.write_text("A_KEY=after1\n", encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert keys.get("A_KEY") == "after1"


def test_a_key_that_stands_elsewhere_is_kept_out_of_texts_too(tmp_path: Path) -> None:
    keys = Keys(tmp_path / ".env", {})
    keys.remember({"", KEY})
    assert KEY not in keys.redact(f"refused {KEY}!")
