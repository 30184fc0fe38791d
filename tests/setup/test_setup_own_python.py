"""`python app.py` typed with a Python without packages, as after `make run` on a fresh clone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
CODE = ("api", "core", "engine", "providers", "rag", "storage", "ui")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The program in a folder of its own, without `.venv`."""
    for name in CODE:
        ignored = shutil.ignore_patterns("__pycache__", "static")
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=ignored)
    for name in ("app.py", "models.yaml"):
        shutil.copy(PROJECT / name, tmp_path / name)
    return tmp_path


def bare(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program with a Python that finds the standard library alone."""
    return subprocess.run(
        [sys.executable, "-S", str(folder / "app.py"), *arguments],
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        cwd=folder.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_python_of_the_venv_takes_over_with_the_same_arguments(clone: Path) -> None:
    (clone / ".venv").symlink_to(sys.prefix)
    file = clone / "çay.md"
    file.write_text("# Çay\n\nÇay demlenir.\n", encoding="utf-8")
    done = bare(clone, "--lang", "tr", "index", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert "çay.md" in done.stdout
    missing = bare(clone, "index", str(clone / "yok.pdf"))
    assert missing.returncode in (1, 2)
    assert "yok.pdf" in missing.stderr


def test_without_a_venv_it_says_what_to_do(clone: Path) -> None:
    done = bare(clone, "search", "çay")
    assert done.returncode == 2
    assert "make run" in done.stderr
    assert "scripts/install.py" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_venv_without_the_packages_is_told_once(clone: Path) -> None:
    (clone / ".venv" / "bin").mkdir(parents=True)
    empty = clone / ".venv" / "bin" / "python"
    empty.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n', encoding="utf-8")
    empty.chmod(0o755)
    done = bare(clone, "check")
    assert done.returncode == 2
    assert done.stderr.count("make run") == 1
