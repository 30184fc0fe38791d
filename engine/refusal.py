"""What a provider says that finds a prompt too long, and what can be learned from it."""

from __future__ import annotations

import logging
import re

from core.catalog import Model
from core.errors import ProviderError
from engine.calibration import Calibration

log = logging.getLogger(__name__)

_LEAST_WINDOW = 128
"""No model takes less: a smaller number is no window, and would keep every question out."""
_NUMBER = r"\(?\s*~?([\d][\d,_.]*)"
_LIMITS = re.compile(
    r"(?:context length (?:is|of)|context size|context window (?:is|of|size)|tokens allowed"
    r"|maximum length (?:is|of)|must be <=|limit (?:is|of))(?: only)?\s*" + _NUMBER
    + r"|(?:tokens? >|with) ([\d][\d,_]*) maximum",
    re.IGNORECASE,
)  # fmt: skip
_COUNTS = (
    re.compile(r"([\d][\d,_]*) (?:in the messages|of text input)", re.IGNORECASE),
    re.compile(
        r"(?:resulted in|request \(|(?:request|prompt) (?:has|contains)|prompt is too long:"
        r"|input token count|given:)\s*" + _NUMBER,
        re.IGNORECASE,
    ),
)


def heed(error: ProviderError, model: Model, estimated: int, calibration: Calibration) -> None:
    """Learn from the numbers of a refusal; `estimated` is our rough count of what was sent."""
    detail = error.card.params.get("detail", "")
    limit, counted = named_limit(detail), named_count(detail)
    log.info("%s refused a prompt of about %d tokens as too long", model.id, estimated)
    if counted:
        calibration.learn(model.id, estimated, counted)
    known = calibration.window(model)
    if limit and limit >= _LEAST_WINDOW and (known is None or limit < known):
        calibration.narrow(model, limit)


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
