"""What went wrong, read from whatever an SDK or an HTTP client raised.

Nothing here imports an SDK: exceptions are known by the names of their classes and by what they
carry, because openai, huggingface_hub and google-genai raise httpx2's errors and ollama httpx's,
and the two families are unrelated.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import ErrorKind
from providers.retry import asked_wait

REFUSED = frozenset({"ConnectError", "ConnectTimeout", "ConnectionRefusedError", "gaierror"})
_UNREACHABLE = REFUSED | {"ProxyError", "UnsupportedProtocol", "InvalidURL", "ConnectionError"}
_SILENT = frozenset({"ReadTimeout", "WriteTimeout", "PoolTimeout", "TimeoutError"})
_CUT_OFF = frozenset(
    {
        "RemoteProtocolError", "ReadError", "WriteError", "CloseError", "ConnectionResetError",
        "BrokenPipeError", "IncompleteGenerationError",
    }
)  # fmt: skip
_MALFORMED = frozenset(
    {
        "JSONDecodeError", "UnicodeDecodeError", "UnknownApiResponseError", "ValidationError",
        "APIResponseValidationError", "DecodingError", "RecursionError",
    }
)  # fmt: skip
_WRONG_SHAPE = (TypeError, AttributeError, LookupError, ValueError)
_NETWORK = (
    (ErrorKind.CUT_OFF, _CUT_OFF),
    (ErrorKind.UNREACHABLE, _UNREACHABLE),
    (ErrorKind.SILENT, _SILENT),
    (ErrorKind.MALFORMED, _MALFORMED),
    (ErrorKind.TOO_MUCH_DATA, frozenset({"TooMuchData"})),
)

_WORDS = (
    (
        ErrorKind.TOO_LONG,
        (
            "context length", "context_length", "maximum context", "context size",
            "context window", "exceed_context_size", "too many tokens", "prompt is too long",
            "input is too long", "maximum number of tokens", "input token count",
            "`max_new_tokens` must be",
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
    404: ErrorKind.NO_MODEL, 413: ErrorKind.TOO_LONG, 429: ErrorKind.RATE_LIMITED,
    503: ErrorKind.OVERLOADED, 529: ErrorKind.OVERLOADED,
}  # fmt: skip


class HttpRefusal(Exception):
    """A server answered with a status other than success, read before any SDK touches it."""

    def __init__(self, status: int, headers: Mapping[str, str], body: str) -> None:
        super().__init__(f"HTTP status {status}")
        self.status = status
        self.headers = headers
        self.body = body


class ErrorInAnswer(Exception):
    """An answer carried an error object where its text should be."""

    def __init__(self, error: object) -> None:
        super().__init__("the answer carries an error")
        self.error = error


@dataclass(frozen=True, slots=True)
class Failure:
    """The provider's failure in our words. `detail` may still hold a key; `wait` is in seconds."""

    kind: ErrorKind
    detail: str = ""
    status: int | None = None
    wait: float | None = None


def diagnose(error: BaseException, *, heard: bool) -> Failure:
    """The failure behind an exception; `heard` says whether the server had sent anything."""
    chain = list(_chain(error))
    for link in chain:
        refusal = _as_refusal(link)
        if refusal is not None:
            return refusal
    return _of_network(error, chain) or _other(error, heard)


def is_refused_connection(error: BaseException) -> bool:
    """Whether nothing listened at the address at all."""
    return any(REFUSED & _names(link) for link in _chain(error))


def _of_network(error: BaseException, chain: Sequence[BaseException]) -> Failure | None:
    if is_refused_connection(error):
        return Failure(ErrorKind.UNREACHABLE, str(error))
    for link in chain:
        for kind, names in _NETWORK:
            if names & _names(link):
                return Failure(kind, str(link))
    return None


def _other(error: BaseException, heard: bool) -> Failure:
    if isinstance(error, ImportError):
        return Failure(ErrorKind.NO_PACKAGE, error.name or str(error))
    if heard and isinstance(error, _WRONG_SHAPE):
        return Failure(ErrorKind.MALFORMED, str(error))
    return Failure(ErrorKind.UNKNOWN, f"{type(error).__name__}: {error}")


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    for _ in range(6):
        if link is None:
            return
        yield link
        link = link.__cause__ or link.__context__


def _names(error: BaseException) -> frozenset[str]:
    return frozenset(cls.__name__ for cls in type(error).__mro__)


def _as_refusal(error: BaseException) -> Failure | None:
    """A failure with a status or an error object, whichever SDK wrapped it."""
    if isinstance(error, HttpRefusal):
        return by_status(error.status, error.body, error.headers)
    response = getattr(error, "response", None)
    status = getattr(response, "status_code", None)
    if isinstance(status, int) and status >= 300:
        return by_status(status, _text_of(response), getattr(response, "headers", {}))
    found = _error_object(error)
    return by_error_object(found) if found is not None else None


def _error_object(error: BaseException) -> object:
    """The error object an SDK found in a stream, in the attribute that SDK keeps it in."""
    names = _names(error)
    if isinstance(error, ErrorInAnswer):
        return error.error
    if "ResponseError" in names:
        return getattr(error, "error", None) or str(error)
    if "TextGenerationError" in names or type(error).__name__ == "UnknownError":
        return error.args[0] if error.args else str(error)
    if "APIError" in names:
        return getattr(error, "body", None) or getattr(error, "details", None)
    return None


def _text_of(response: Any) -> str:
    try:
        return str(response.text)
    except Exception:  # an unread stream has no text, and each client says so in its own way
        return ""


def by_error_object(error: object) -> Failure:
    """The failure an error object in an answer tells of."""
    inner = error.get("error", error) if isinstance(error, Mapping) else error
    code = inner.get("code") if isinstance(inner, Mapping) else None
    text = inner if isinstance(inner, str) else json.dumps({"error": inner}, default=str)
    if str(code).isdigit() and 300 <= int(str(code)) < 600:
        return by_status(int(str(code)), text, {})
    return Failure(_by_words(text) or ErrorKind.UNKNOWN, said(text))


def by_status(status: int, body: str, headers: Mapping[str, str]) -> Failure:
    """The failure a status, a body and headers tell of."""
    wait = asked_wait(headers, body)
    return Failure(_kind_of(status, body, wait), said(body), status, wait)


def _kind_of(status: int, body: str, wait: float | None) -> ErrorKind:
    if status < 400 or (status in (404, 405) and _is_no_route(body)):
        return ErrorKind.MALFORMED
    if status == 429 and wait is not None:
        return ErrorKind.RATE_LIMITED
    if status in (400, 403, 404, 422, 429):
        by_words = _by_words(body)
        if by_words is not None:
            return by_words
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    return ErrorKind.SERVER if status >= 500 else ErrorKind.BAD_REQUEST


def _by_words(text: str) -> ErrorKind | None:
    low = text[:8000].lower()
    return next((kind for kind, words in _WORDS if any(word in low for word in words)), None)


def _is_no_route(body: str) -> bool:
    """Whether the address itself is unknown there, rather than the model."""
    words = said(body).strip(" .").lower()
    return _is_html(body) or words in ("", "not found", "404 not found", "404 page not found")


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
