"""Every sentence a person reads, in Turkish and English: `tr.yaml` and `en.yaml` beside this file.

Keys are dotted paths (`error.no_key.hint`); `{name}` in a sentence is filled from parameters.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("tr", "en")
DEFAULT_LANGUAGE = "tr"
FAST_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Ten times as fast where PyYAML has it."""


class _Gaps(dict[str, str]):
    """A parameter nobody knows becomes an ellipsis instead of an error about an error."""

    def __missing__(self, key: str) -> str:
        return "…"


def _flatten(prefix: str, node: Any) -> list[tuple[str, str]]:
    if not isinstance(node, dict):
        return [(prefix, str(node).strip())]
    return [
        row
        for key, value in node.items()
        for row in _flatten(f"{prefix}.{key}" if prefix else str(key), value)
    ]


def _read(language: str) -> dict[str, str]:
    text = (Path(__file__).parent / f"{language}.yaml").read_text(encoding="utf-8")
    return dict(_flatten("", yaml.load(text, FAST_LOADER)))  # noqa: S506 - both loaders are safe ones


# Read with the module: the first to need a sentence may be in an event loop.
_TABLES = {language: _read(language) for language in LANGUAGES}


def table(language: str) -> dict[str, str]:
    """All texts of one language by dotted key; an unknown language reads Turkish."""
    return _TABLES[language if language in LANGUAGES else DEFAULT_LANGUAGE]


def translate(language: str, key: str, /, **params: str) -> str:
    """The sentence for `key`; an error kind this version does not know reads as `unknown`."""
    texts = table(language)
    if key in texts:
        return texts[key].format_map(_Gaps(params))
    parts = key.split(".")
    fallback = texts.get(f"{parts[0]}.unknown.{parts[-1]}", key) if len(parts) == 3 else key
    return fallback.format_map(_Gaps(params))
