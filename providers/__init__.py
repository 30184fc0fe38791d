"""The wire formats Divan speaks: one file and one line here for each."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import cast

from core.request import Connector

FORMATS: Mapping[str, str] = {
    "embedded": "providers.embedded",
    "gemini": "providers.gemini",
    "huggingface": "providers.huggingface",
    "ollama": "providers.ollama",
    "openai_compatible": "providers.openai_compatible",
}


def connector(wire_format: str) -> Connector:
    """The module that speaks this format, imported when first asked for.

    Raises KeyError for a format that has no line above.
    """
    return cast(Connector, importlib.import_module(FORMATS[wire_format]))
