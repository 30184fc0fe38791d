"""Telling keys and passwords from other text, so that no message repeats one."""

from __future__ import annotations

import re

HIDDEN = "…"
_ISSUED = re.compile(
    r"(?<![A-Za-z0-9])(?:sk-(?=[\w-]*\d)[\w-]{16,}|(?:nvapi-|tgp_v1_|github_pat_|AIza)[\w-]{16,}"
    r"|(?:gsk_|hf_|xai-|pplx-|r8_|csk-|ghp_)[A-Za-z0-9]{16,}|AKIA[0-9A-Z]{16}"
    r"|eyJ[\w-]{16,}\.[\w-]{8,})"
)
"""How providers begin the keys that they issue. Names of models contain "task-" and "hf_" too."""
_SCHEME = re.compile(r"(?i)\b(bearer|basic)\s+[^\s\"'“”,;]{8,}")
_TOKEN = re.compile(r"[^\s\"'“”‘’,;(){}\[\]<>=|]+")
_PIECES = re.compile(r"[^A-Za-z0-9]+")
_LONG_PIECE = 12
"""Letters and digits without a break from here on are rarely part of a model's name."""
_KEY_LENGTH = 24
"""The same without an exception."""
_SECRET_NAMES = ("auth", "key", "token", "secret", "cookie", "password")


def is_key(text: str) -> bool:
    """Whether the text holds a key as a provider issues it."""
    return bool(_ISSUED.search(text) or _SCHEME.search(text))


def may_be_key(text: str) -> bool:
    """Whether the text may hold a key or a password: too careful for refusing a value, right for
    not repeating one."""
    return without_keys(text) != text


def is_made_up(text: str) -> bool:
    """Whether the text holds a key as a provider issues it, or is too random for a name."""
    return is_key(text) or any(_is_random(token, _KEY_LENGTH) for token in _TOKEN.findall(text))


def without_keys(text: str) -> str:
    """The text with an ellipsis for each part that may be a key or a password."""
    text = _SCHEME.sub(lambda found: f"{found[1]} {HIDDEN}", text)
    return _TOKEN.sub(lambda found: HIDDEN if _is_secret(found[0]) else found[0], text)


def names_secret(name: str) -> bool:
    """Whether a header of this name carries a key, a password or a session."""
    return any(word in name.lower() for word in _SECRET_NAMES)


def _is_secret(token: str) -> bool:
    holds_password = "@" in token and ":" in token
    return holds_password or _ISSUED.search(token) is not None or _is_random(token)


def _is_random(token: str, least: int = _LONG_PIECE) -> bool:
    """Whether a long piece of the token mixes letters and digits, as made-up text does."""
    return any(
        len(piece) >= least and not piece.isalpha() and not piece.isdigit()
        for piece in _PIECES.split(token)
    )
