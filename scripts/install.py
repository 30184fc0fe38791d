"""Make `.venv` and everything in it: `python3 scripts/install.py [--dev] [--torch cpu|cuda]`.

Needs Python 3.11 or newer and nothing else. What is there already is not done again, so that a
second run ends at once. Works the same on Linux, macOS and Windows.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
MODEL = ROOT / "data" / "models" / "smollm2-135m-instruct" / "config.json"
TORCH = "torch>=2.13,<2.14"
CPU_TORCH_INDEX = "https://download.pytorch.org/whl/cpu"
OLDEST = (3, 11)
_SHOWN_LINES = 15


def main() -> int:
    """Do what is missing. Exit code 1 where something could not be done, said in words."""
    options = _options()
    if sys.version_info[:2] < OLDEST:
        return _give_up("Divan needs Python 3.11 or newer; this is " + sys.version.split()[0])
    started = time.monotonic()
    try:
        fresh = _install(options.dev, options.torch)
    except subprocess.CalledProcessError as error:
        return _give_up(f"That did not work (exit code {error.returncode}); see above.")
    if not MODEL.is_file() and not options.no_model:
        _fetch_model()
    if fresh:
        _say(f"Ready after {time.monotonic() - started:.0f} s.")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Set Divan up in .venv.")
    parser.add_argument("--dev", action="store_true", help="also what the tests need")
    parser.add_argument(
        "--torch",
        choices=("cpu", "cuda"),
        default=os.environ.get("TORCH") or "cpu",
        help="cuda: torch with its CUDA libraries (several GB), for a machine with such a card",
    )
    parser.add_argument("--no-model", action="store_true", help="do not fetch the embedded model")
    return parser.parse_args()


def _install(dev: bool, torch: str) -> bool:
    """Whether anything had to be installed."""
    wanted = _fingerprint(dev, torch)
    stamp = VENV / ("divan-dev.stamp" if dev else "divan.stamp")
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted and PYTHON.is_file():
        return False
    _make_venv()
    if torch == "cpu":
        _install_cpu_torch()
    elif _has_cpu_torch():
        _pip("uninstall", "--yes", "torch")
    _say("Installing the libraries (about a minute, longer on a slow line) ...")
    _install_packages("-r", str(ROOT / ("requirements-dev.txt" if dev else "requirements.txt")))
    stamp.write_text(wanted, encoding="utf-8")
    if dev:
        (VENV / "divan.stamp").write_text(_fingerprint(False, torch), encoding="utf-8")
    return True


def _fingerprint(dev: bool, torch: str) -> str:
    names = ["requirements.txt", *(["requirements-dev.txt"] if dev else [])]
    digest = hashlib.sha256(torch.encode())
    for name in names:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def _make_venv() -> None:
    if PYTHON.is_file():
        return
    _say(f"Making .venv with Python {sys.version.split()[0]} ...")
    try:
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    except subprocess.CalledProcessError:
        shutil.rmtree(VENV, ignore_errors=True)
        _say("Python's venv module is incomplete. On Debian and Ubuntu:")
        _say("  sudo apt install python3-venv")
        raise


def _install_cpu_torch() -> None:
    """Only Linux needs another index: elsewhere the plain build is the CPU's."""
    _say("Installing torch for the CPU (190 MB) ...")
    index = ["--extra-index-url", CPU_TORCH_INDEX] if sys.platform == "linux" else []
    try:
        # Impatient at first, because where that index is out of reach pip would try it for long.
        _install_packages(
            "--retries", "0", "--timeout", "15", "--no-deps", *index, TORCH, loud=False
        )
    except subprocess.CalledProcessError:
        _say("Once more, with patience ...")
        _install_packages("--no-deps", *index, TORCH)


def _has_cpu_torch() -> bool:
    """A CPU build counts as torch for pip, so it has to go before another one comes."""
    ask = "import importlib.metadata as m, sys; sys.exit(m.version('torch').endswith('+cpu'))"
    return (
        subprocess.run([str(PYTHON), "-c", ask], capture_output=True, check=False).returncode == 1
    )


def _install_packages(*arguments: str, loud: bool = True) -> None:
    """Without compiling everything beforehand, which would take as long as all the rest; Python
    compiles what is used when it is first used."""
    _pip("install", "--no-compile", *arguments, loud=loud)


def _pip(*arguments: str, loud: bool = True) -> None:
    """Run pip with one changing line on a terminal; its words are shown only where it fails."""
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", *arguments]
    lines: list[str] = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as pip:
        for line in pip.stdout or ():
            lines.append(line.rstrip())
            _show_passing(lines[-1])
    _show_passing("")
    if pip.returncode:
        if loud:
            print("\n".join(lines[-_SHOWN_LINES:]), file=sys.stderr)
        raise subprocess.CalledProcessError(pip.returncode, command)


def _show_passing(line: str) -> None:
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns - 3
        print("\r\033[K" + ("  " + line.strip())[:width], end="\r", flush=True)


def _fetch_model() -> None:
    """Not worth failing for: the other models work without it."""
    done = subprocess.run([str(PYTHON), str(ROOT / "scripts" / "fetch_model.py")], check=False)
    if done.returncode:
        _say("Divan starts without the embedded model; run scripts/fetch_model.py to try again.")


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _give_up(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
