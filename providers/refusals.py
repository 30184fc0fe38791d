"""What a refusal means: the status, the error object and the words a server answers with."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import ErrorKind
from providers.hardware import hardware_fault
from providers.retry import asked_wait

_WORDS = (
    (
        ErrorKind.TOO_LONG,
        (
            "context length", "context_length", "maximum context", "context size",
            "context window", "exceed_context_size", "too many tokens", "prompt is too long",
            "input is too long", "maximum number of tokens", "input token count",
            "`max_new_tokens` must be", "messages is too long", "too_many_prompt_tokens",
        ),
    ),
    (
        ErrorKind.BAD_KEY,
        (
            "api key not valid", "api_key_invalid", "invalid api key", "invalid_api_key",
            "incorrect api key", "api key expired", "api key not found", "invalid token",
        ),
    ),
    (
        ErrorKind.NO_MODEL,
        (
            "not supported by any provider", "model_not_supported", "model_not_found",
            "is not a valid model", "does not exist", "no endpoints found",
        ),
    ),
    (
        ErrorKind.NO_CREDIT,
        (
            "insufficient_quota", "insufficient credit", "billing", "credit balance",
            "out of credit", "exceeded your current quota", "monthly included credits",
        ),
    ),
)  # fmt: skip
_BY_STATUS = {
    401: ErrorKind.BAD_KEY, 402: ErrorKind.NO_CREDIT, 403: ErrorKind.FORBIDDEN,
    405: ErrorKind.MALFORMED, 408: ErrorKind.SERVER, 409: ErrorKind.SERVER,
    413: ErrorKind.TOO_LONG, 429: ErrorKind.RATE_LIMITED, 501: ErrorKind.MALFORMED,
    503: ErrorKind.OVERLOADED, 529: ErrorKind.OVERLOADED,
}  # fmt: skip
_PATH = re.compile(r"(?<![\w.-])/\S*")
"""A path of the server, which may hold the word "models" or the name of one."""
_NOUNS = ("model", "deployment", "endpoints")
"""What the servers call the thing that `name` of an entry chooses."""


@dataclass(frozen=True, slots=True)
class Failure:
    """The provider's failure in our words. `detail` may still hold a key; `wait` is in seconds."""

    kind: ErrorKind
    detail: str = ""
    status: int | None = None
    wait: float | None = None


def by_error_object(error: object) -> Failure:
    """The failure an error object in an answer tells of."""
    inner = error.get("error", error) if isinstance(error, Mapping) else error
    code = inner.get("code") if isinstance(inner, Mapping) else None
    text = inner if isinstance(inner, str) else json.dumps({"error": inner}, default=str)
    if re.fullmatch("[3-5][0-9]{2}", str(code), re.ASCII):
        return by_status(int(str(code)), text, {})
    kind = _by_words(text) or hardware_fault(said(text)) or ErrorKind.UNKNOWN
    return Failure(kind, said(text))


def by_status(status: int, body: str, headers: Mapping[str, str], name: str = "") -> Failure:
    """The failure a status, a body and headers tell of; `name` is the model that was asked for."""
    wait = asked_wait(headers, body)
    kind = _not_found(body, name) if status == 404 else _kind_of(status, body, wait)
    return Failure(kind, said(body), status, wait)


def _not_found(body: str, name: str) -> ErrorKind:
    """A 404 that names no model is the address's fault, whatever words the server has for it."""
    by_words = _by_words(body)
    if by_words not in (None, ErrorKind.NO_MODEL):
        return by_words
    return ErrorKind.NO_MODEL if _names_a_model(body, name) else ErrorKind.MALFORMED


def _names_a_model(body: str, name: str) -> bool:
    sentence = _PATH.sub(" ", said(body)).lower()
    nouns = (*_NOUNS, name.lower()) if name else _NOUNS
    return "model_not_found" in body or any(noun in sentence for noun in nouns)


def _kind_of(status: int, body: str, wait: float | None) -> ErrorKind:
    if status < 400:
        return ErrorKind.MALFORMED
    if status == 429 and wait is not None:
        return ErrorKind.RATE_LIMITED
    by_words = _by_words(body) if status in (400, 403, 422, 429) else None
    if by_words is None and (status == 400 or status >= 500):
        by_words = _of_the_machine(body)
    if by_words is not None:
        return by_words
    return _BY_STATUS.get(status, ErrorKind.SERVER if status >= 500 else ErrorKind.BAD_REQUEST)


def _of_the_machine(body: str) -> ErrorKind | None:
    """What engines on a computer of one's own answer 500 to: its memory, or a long prompt."""
    too_long = _by_words(body) is ErrorKind.TOO_LONG
    return hardware_fault(said(body)) or (ErrorKind.TOO_LONG if too_long else None)


def _by_words(text: str) -> ErrorKind | None:
    low = text[:8000].lower()
    return next((kind for kind, words in _WORDS if any(word in low for word in words)), None)


def _is_html(body: str) -> bool:
    return body.lstrip()[:15].lower().startswith(("<!doctype", "<html"))


def said(body: str) -> str:
    """The provider's own sentence in an error body."""
    if _is_html(body):
        return "an HTML page"
    try:
        node = json.loads(body)
    except (ValueError, RecursionError):
        return body
    return _sentence(node) or body


def _sentence(node: object, depth: int = 0) -> str:
    if isinstance(node, str):
        return node
    if isinstance(node, list) and node and depth < 4:
        return _sentence(node[0], depth + 1)
    if not isinstance(node, Mapping) or depth >= 4:
        return ""
    parts = [_sentence(node.get(key), depth + 1) for key in ("error", "message", "detail", "msg")]
    metadata = node.get("metadata")
    raw = metadata.get("raw") if isinstance(metadata, Mapping) else None
    return ": ".join(filter(None, [next(filter(None, parts), ""), _sentence(raw, depth + 1)]))
