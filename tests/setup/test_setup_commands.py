"""The commands of the README: make, scripts/install.py, scripts/check."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


def run(folder: Path, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A command in a folder, with its output as text; keywords are environment variables."""
    return subprocess.run(
        command, cwd=folder, env=os.environ | env, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_has_a_lower_bound_and_a_cap(name: str) -> None:
    lines = (PROJECT / name).read_text(encoding="utf-8").splitlines()
    wanted = [line.split("#")[0].strip() for line in lines]
    wanted = [line for line in wanted if line and not line.startswith("-r ")]
    loose = [
        line for line in wanted if not re.fullmatch(r"[\w.-]+(?:\[\w+\])?>=[\d.]+,<[\d.]+", line)
    ]
    assert wanted
    assert loose == []


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
@pytest.mark.parametrize("target", ["install", "run", "test", "bench", "lint"])
def test_make_knows_the_targets_of_the_readme(target: str) -> None:
    done = run(PROJECT, "make", "-n", target, "TORCH=cuda")
    assert done.returncode == 0, done.stderr
    assert "scripts/install.py" in done.stdout
    assert "--torch cuda" in done.stdout


def test_install_makes_the_environment_once_and_again_after_a_change(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    shutil.copy(PROJECT / "scripts" / "install.py", tmp_path / "scripts")
    wanted = tmp_path / "requirements.txt"
    wanted.write_text("# nothing\n", encoding="utf-8")
    command = (sys.executable, "scripts/install.py", "--torch", "cuda", "--no-model")

    first = run(tmp_path, *command)
    assert first.returncode == 0, first.stderr
    assert "Making .venv" in first.stdout
    again = run(tmp_path, *command)
    assert (again.returncode, again.stdout) == (0, "")
    wanted.write_text("# nothing yet\n", encoding="utf-8")
    changed = run(tmp_path, *command)
    assert changed.returncode == 0
    assert "Making .venv" not in changed.stdout
    assert "Installing the libraries" in changed.stdout

    wanted.write_text("not a requirement at all\n", encoding="utf-8")
    broken = run(tmp_path, *command)
    assert broken.returncode == 1
    assert "not a requirement at all" in broken.stderr
    assert run(tmp_path, *command).returncode == 1


CHECKED = {
    "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "-q"\n',
    "good.py": '"""Good."""\n',
    "test_good.py": "def test_good() -> None:\n    assert True\n",
}


@pytest.fixture(scope="module")
def mypy_cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One cache for all runs of mypy here: the first one fills it."""
    return str(tmp_path_factory.mktemp("mypy"))


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
@pytest.mark.parametrize(
    ("broken", "content"),
    [
        ("good.py", "x  =  1\n"),
        ("good.py", "import os\n"),
        ("good.py", 'x: int = "text"\n'),
        ("test_good.py", "def test_good() -> None:\n    raise AssertionError\n"),
        (None, ""),
    ],
    ids=["format", "lint", "types", "tests", "nothing"],
)
def test_check_fails_if_anything_fails_and_ends_with_the_line_of_pytest(
    tmp_path: Path, mypy_cache: str, broken: str | None, content: str
) -> None:
    (tmp_path / "scripts").mkdir()
    shutil.copy(PROJECT / "scripts" / "check", tmp_path / "scripts")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    python = tmp_path / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    for name, text in CHECKED.items():
        (tmp_path / name).write_text(content if name == broken else text, encoding="utf-8")
    done = run(tmp_path, "scripts/check", MYPY_CACHE_DIR=mypy_cache)
    assert (done.returncode == 0) is (broken is None), done.stdout
    last = done.stdout.strip().splitlines()[-1]
    assert re.match(r"1 (passed|failed) in", last)


@pytest.mark.skipif(shutil.which("bash") is None, reason="a shell script")
@pytest.mark.parametrize("script", [".ci/run", "scripts/check"])
def test_scripts_can_be_started_and_read_by_bash(script: str) -> None:
    path = PROJECT / script
    assert os.access(path, os.X_OK)
    assert run(PROJECT, "bash", "-n", str(path)).returncode == 0
