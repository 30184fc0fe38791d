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
@pytest.mark.parametrize("target", ["install", "run", "check", "test", "bench", "lint"])
def test_make_knows_the_targets_of_the_readme(target: str) -> None:
    done = run(PROJECT, "make", "-n", target, "TORCH=cuda")
    assert done.returncode == 0, done.stderr
    assert "scripts/install.py" in done.stdout
    assert "--torch cuda" in done.stdout
    assert ("scripts/check --all" in done.stdout) is (target == "test")


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


ONE_STEP_FAILS = """#!/bin/sh
echo "$@" >> steps.txt
test "$2" != pytest || echo "7 passed in 1.23s"
test "$2 $3" != "$FAILING"
"""


def project_of(folder: Path, python: str) -> Path:
    """A folder with scripts/check, and this shell script in place of Python."""
    (folder / "scripts").mkdir()
    shutil.copy(PROJECT / "scripts" / "check", folder / "scripts")
    place = folder / ".venv" / "bin" / "python"
    place.parent.mkdir(parents=True)
    place.write_text(python, encoding="utf-8")
    place.chmod(0o755)
    return folder


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
@pytest.mark.parametrize("failing", ["ruff format", "ruff check", "mypy .", "pytest -n", "nothing"])
def test_check_takes_every_step_and_fails_if_one_fails(tmp_path: Path, failing: str) -> None:
    project = project_of(tmp_path, ONE_STEP_FAILS)
    done = run(project, "scripts/check", FAILING=failing)
    assert (done.returncode == 0) is (failing == "nothing"), done.stdout
    steps = (project / "steps.txt").read_text(encoding="utf-8").splitlines()
    assert {" ".join(step.split()[1:3]) for step in steps} == {
        *("ruff format", "ruff check", "mypy .", "pytest -n"),
    }
    last = "== failed: mypy ." if failing == "mypy ." else "7 passed in 1.23s"
    assert done.stdout.strip().splitlines()[-1] == last
    assert "7 passed in 1.23s" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
def test_check_leaves_tests_out_unless_all_are_wanted(tmp_path: Path) -> None:
    project = project_of(tmp_path, ONE_STEP_FAILS)
    for arguments in ((), ("--all",), ("-k", "word"), ("--all", "-k", "word")):
        assert run(project, "scripts/check", *arguments).returncode == 0
    steps = (project / "steps.txt").read_text(encoding="utf-8").splitlines()
    chosen = [step for step in steps if " pytest " in step]
    assert ["not browser" in step for step in chosen] == [True, False, True, False]
    assert [step.endswith("-k word") for step in chosen] == [False, False, True, True]


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
def test_check_names_what_the_real_tools_find(tmp_path: Path) -> None:
    project = project_of(tmp_path, f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    for name, text in {
        "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "-q"\nmarkers = ["browser"]\n',
        "unformatted.py": "x  =  1\n",
        "unused.py": "import os\n",
        "untyped.py": 'x: int = "text"\n',
        "test_bad.py": "def test_bad() -> None:\n    raise AssertionError\n",
    }.items():
        (project / name).write_text(text, encoding="utf-8")
    done = run(project, "scripts/check")
    assert done.returncode == 1
    for found in ("unformatted.py", "F401", "untyped.py:1: error", "FAILED test_bad.py"):
        assert found in done.stdout
    assert re.search(r"^1 failed in", done.stdout, re.MULTILINE)


@pytest.mark.skipif(shutil.which("bash") is None, reason="a shell script")
@pytest.mark.parametrize("script", [".ci/run", "scripts/check"])
def test_scripts_can_be_started_and_read_by_bash(script: str) -> None:
    path = PROJECT / script
    assert os.access(path, os.X_OK)
    assert run(PROJECT, "bash", "-n", str(path)).returncode == 0
