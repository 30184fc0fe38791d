"""What went wrong, read from whatever an SDK or an HTTP client raised.

Nothing here imports an SDK: exceptions are known by the names of their classes and by what they
carry, because openai, huggingface_hub and google-genai raise httpx2's errors and ollama httpx's,
and the two families are unrelated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.errors import ErrorKind
from providers.hardware import hardware_fault
from providers.refusals import Failure, by_error_object, by_status

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


def diagnose(error: BaseException, *, heard: bool, name: str = "") -> Failure:
    """The failure behind an exception; `heard` says whether the server had sent anything, `name`
    is the model that was asked for."""
    chain = list(_chain(error))
    for link in chain:
        refusal = _as_refusal(link, name)
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
    of_machine = hardware_fault(f"{type(error).__name__}: {error}")
    if isinstance(error, MemoryError) or (of_machine and isinstance(error, RuntimeError)):
        return Failure(of_machine or ErrorKind.NO_MEMORY, str(error))
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


def _as_refusal(error: BaseException, name: str) -> Failure | None:
    """A failure with a status or an error object, whichever SDK wrapped it."""
    if isinstance(error, HttpRefusal):
        return by_status(error.status, error.body, error.headers, name)
    response = getattr(error, "response", None)
    status = getattr(response, "status_code", None)
    if isinstance(status, int) and status >= 300:
        return by_status(status, _text_of(response), getattr(response, "headers", {}), name)
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
