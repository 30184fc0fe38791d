"""The numbers in a provider's sentence that says a prompt is too long."""

from __future__ import annotations

import re

_NUMBER = r"\(?\s*~?([\d][\d,_.]*)"
_LIMITS = re.compile(
    r"(?:context length (?:is|of)|context size|context window (?:is|of|size)|tokens allowed"
    r"|maximum length (?:is|of)|must be <=|limit (?:is|of))(?: only)?\s*" + _NUMBER
    + r"|tokens? > ([\d][\d,_]*) maximum",
    re.IGNORECASE,
)  # fmt: skip
_COUNTS = (
    re.compile(r"([\d][\d,_]*) (?:in the messages|of text input)", re.IGNORECASE),
    re.compile(
        r"(?:resulted in|request \(|your (?:request|prompt) (?:has|contains)|prompt is too long:"
        r"|input token count|given:)\s*" + _NUMBER,
        re.IGNORECASE,
    ),
)


def named_limit(text: str) -> int | None:
    """The tokens the provider takes, where it says so."""
    found = _LIMITS.search(text)
    return _number(found[1] or found[2]) if found else None


def named_count(text: str) -> int | None:
    """The tokens the provider counted in the prompt, where it says so."""
    return next((_number(found[1]) for rule in _COUNTS if (found := rule.search(text))), None)


def _number(digits: str) -> int | None:
    plain = re.sub(r"\D", "", digits)
    return int(plain) if plain and len(plain) <= 9 else None
