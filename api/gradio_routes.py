"""Gradio's own routes: which ones the page needs, and who may use which Gradio session.

Everything below Gradio's prefix is shut unless it is listed, so a route that a new version brings
stays shut until somebody has looked at it.
"""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from urllib.parse import parse_qs, unquote_to_bytes

PREFIX = "/gradio_api"

_OPEN = re.compile(
    PREFIX
    + r"/(?:info|app_id|user|login_check|startup-events|theme\.css|reset|cancel"
    + r"|component_server|queue/(?:join|data|status)|heartbeat/[^/]+"
    + r"|(?:run|api|call)/[^/]+|call/v2/[^/]+|call(?:/v2)?/[^/]+/[^/]+)/?"
)
_SHUT_ELSEWHERE = re.compile(r"/(?:docs|redoc|openapi\.json|monitoring|proxy=|file=|file/)")
_JSON_WITH_SESSION = re.compile(
    PREFIX + r"/(?:queue/join|cancel|component_server|reset|(?:run|api|call)/.+)"
)
_SESSION_IN_PATH = re.compile(PREFIX + r"/(?:heartbeat|call(?:/v2)?/[^/]+)/(?P<session>[^/]+)")
"""`call/NAME/EVENT` too: Gradio takes an event id it does not know for the name of a session."""
_BEGINS_EVENT = re.compile(PREFIX + r"/call/(?:v2/)?[^/]+/?")
_LONGEST_EVENT = 4096
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_MOST_VALUES = 100_000
_MOST_SESSIONS = 20_000
_LONGEST_PATH = 1000
_LONGEST_NAME = 255


def is_shut(path: str, query: bytes) -> bool:
    """Whether nobody may use this address of Gradio's.

    Shut are the routes that show another session's texts (deep links), fetch other addresses
    (proxy, file=http...), take and serve files, or edit and watch the program; and what no file
    can be called, which Gradio's own routes would stumble over.
    """
    if len(path) > _LONGEST_PATH or "\0" in path or _longest_name(path) > _LONGEST_NAME:
        return True
    if path == PREFIX or path.startswith(PREFIX + "/"):
        return not _OPEN.fullmatch(path)
    return bool(_SHUT_ELSEWHERE.match(path)) or b"deep_link" in unquote_to_bytes(query)


def _longest_name(path: str) -> int:
    """The bytes of the longest part of an address."""
    return max(len(name.encode("utf-8", "replace")) for name in path.split("/"))


def carries_session(path: str, method: str) -> bool:
    """Whether the request's JSON body names a Gradio session."""
    return method == "POST" and bool(_JSON_WITH_SESSION.fullmatch(path))


def session_in_address(path: str, query: bytes) -> str | None:
    """The Gradio session that the address names."""
    found = _SESSION_IN_PATH.fullmatch(path.rstrip("/"))
    if found:
        return found["session"]
    return parse_qs(query.decode("latin-1")).get("session_hash", [None])[-1]


def session_in_body(body: bytes) -> str | None:
    """The Gradio session that a JSON body names. Raises ValueError where it is no JSON object, or
    one of more values than an event of the page has: reading millions stops everybody else."""
    if _values(body) > _MOST_VALUES:
        raise ValueError("too many values")
    try:
        parsed = json.loads(body or b"{}")
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(parsed, dict):
        raise ValueError("not an object")
    session = parsed.get("session_hash")
    return session if isinstance(session, str) else None


def _values(body: bytes) -> int:
    """About how many values JSON holds, without reading it."""
    marks = _STRING.sub(b"", body)
    return sum(map(marks.count, (b",", b"[", b"{")))


def begins_event(path: str, method: str) -> bool:
    """Whether the answer to the request names an event, whose stream has an address of its own."""
    return method == "POST" and bool(_BEGINS_EVENT.fullmatch(path))


def event_in(answer: bytes) -> str | None:
    """The event that such an answer names; None where it names none."""
    try:
        event = json.loads(answer[:_LONGEST_EVENT]).get("event_id")
    except (ValueError, AttributeError, RecursionError):
        return None
    return event if isinstance(event, str) else None


class GradioSessions:
    """Which user a Gradio session belongs to: the one who used it first. An event belongs to the
    one who began it.

    A browser makes up the name of its session, so the name is no identity: without this, whoever
    learns the name could read the session's answers and use its state.
    """

    def __init__(self, most: int = _MOST_SESSIONS) -> None:
        self._owners: OrderedDict[str, str] = OrderedDict()
        self._most = most

    def may_use(self, session: str | None, owner: str) -> bool:
        """Whether the owner may use the session; a session nobody used becomes the owner's."""
        if session is None:
            return True
        if len(session) > 128:
            return False
        first = self._owners.setdefault(session, owner)
        self._owners.move_to_end(session)
        while len(self._owners) > self._most:
            self._owners.popitem(last=False)
        return first == owner
