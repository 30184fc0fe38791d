"""The form a server takes a request in: what it refuses by name is renamed or left out.

Servers of one format differ in the parameters they take, and some take no system prompt. A refusal
that names a parameter is an instruction: the request is sent once more without it, and what was
learned holds for that model at that address as long as the program runs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from core.events import Notice
from providers.failures import HttpRefusal
from providers.refusals import said

_T = TypeVar("_T")
Body = Mapping[str, Any]
_Form = dict[str, str]
"""The server's names by ours; an empty one is left out."""

_STATUSES = frozenset({400, 422, 500, 501})
_NEEDED = frozenset({"model", "messages", "stream", "tools"})
_SYSTEM = "system"
_OTHER_NAMES = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}
_SETTINGS = {"max_completion_tokens": "max_tokens", "reasoning_effort": "reasoning"}
_CODES = frozenset({"unsupported_parameter", "unsupported_value", "unknown_parameter"})
_TYPES = frozenset({"extra_forbidden", "value_error.extra"})
_REFUSES = re.compile(
    r"unsupported|not (?:\w+ )?support|n['’]t (?:\w+ )?support|only the default|deprecated|unknown"
    r"|unrecogni[sz]ed|unexpected|not permitted|not allowed|not accept|not a valid|cannot both",
    re.IGNORECASE,
)
_NAMES_SYSTEM = re.compile(
    r"system (?:role|message|prompt|instruction)|['\"`]system['\"`]|developer instruction"
    r"|roles must alternate",
    re.IGNORECASE,
)
_REFUSES_SYSTEM = re.compile(f"{_REFUSES.pattern}|not enabled|must alternate", re.IGNORECASE)
_known: dict[tuple[str, str], _Form] = {}

UNLIMITED = Notice("unused.max_tokens")
"""Says that the limit on the length of the answer was not sent."""


async def asked(
    address: str, body: Body, send: Callable[[dict[str, Any]], Awaitable[_T]]
) -> tuple[_T, Sequence[Notice]]:
    """What `send` answers to the body in the form the server takes, and what of it was not used.

    Each parameter is renamed once and left out once at most. Raises what `send` raises.
    """
    key = (address, str(body["model"]))
    form = dict(_known.get(key, {}))
    while True:
        sent = _shaped(body, form)
        try:
            answer = await send(sent)
        except Exception as error:
            refusal = _refusal(error)
            learned = _learned(refusal, body, sent, form) if refusal else None
            if learned is None:
                raise
            form.update(learned)
            continue
        if form:
            _known[key] = form
        return answer, _notices(body, form)


def _shaped(body: Body, form: _Form) -> dict[str, Any]:
    sent = {form.get(name, name): value for name, value in body.items()}
    sent.pop("", None)
    if _SYSTEM in form:
        sent["messages"] = _without_system(body["messages"])
    return sent


def _without_system(messages: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The messages with the system prompt at the head of the first question."""
    system = "\n\n".join(m["content"] for m in messages if m["role"] == "system")
    others = [m for m in messages if m["role"] != "system"]
    place = next((n for n, m in enumerate(others) if m["role"] == "user"), None)
    if place is None:
        return [{"role": "user", "content": system}, *others]
    question = others[place]["content"]
    text = f"{system}\n\n{question}"
    head = text if isinstance(question, str) else [{"type": "text", "text": system}, *question]
    return [*others[:place], {**others[place], "content": head}, *others[place + 1 :]]


def _notices(body: Body, form: _Form) -> Sequence[Notice]:
    """What was wished for and not sent; `stream_options` are no setting of the person's."""
    left_out = [name for name in body if form.get(name) == "" and name != "stream_options"]
    notices = [Notice(f"unused.{_SETTINGS.get(name, name)}") for name in left_out]
    if _SYSTEM in form and _has_system(body):
        notices.append(Notice("system_in_question"))
    return notices


def _has_system(body: Body) -> bool:
    return any(message["role"] == "system" for message in body["messages"])


def _refusal(error: BaseException) -> HttpRefusal | None:
    """The refusal behind an exception, whichever SDK wrapped it."""
    link: BaseException | None = error
    while link is not None and not isinstance(link, HttpRefusal):
        link = link.__cause__ or link.__context__
    return link


def _learned(refusal: HttpRefusal, body: Body, sent: Body, form: _Form) -> _Form | None:
    """The change of the form that the refusal asks for; None where it is about something else."""
    if refusal.status not in _STATUSES:
        return None
    words = said(refusal.body)
    if _SYSTEM not in form and _has_system(body) and _is_about_system(words):
        return {_SYSTEM: ""}
    free = [name for name in sent if name not in _NEEDED]
    refused = _by_structure(refusal.body, free) or _by_words(words, free)
    if refused is None:
        return None
    ours = next(name for name in body if form.get(name, name) == refused)
    return {ours: "" if ours in form else _other_name(refused, words)}


def _other_name(name: str, words: str) -> str:
    """The name that the server wants a parameter to have instead, if it says so."""
    other = _OTHER_NAMES.get(name, "")
    return other if other and re.search(rf"\b{other}\b", words) else ""


def _is_about_system(words: str) -> bool:
    return bool(_NAMES_SYSTEM.search(words) and _REFUSES_SYSTEM.search(words))


def _by_structure(body: str, names: Sequence[str]) -> str | None:
    """The parameter that the fields of an error object say is unsupported."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return next((name for name in _named(answer) if name in names), None)


def _named(answer: Any) -> Iterator[str]:
    if not isinstance(answer, Mapping):
        return
    error = answer.get("error", answer)
    if isinstance(error, Mapping) and str(error.get("code")) in _CODES:
        yield _first_part(error.get("param"))
    details = answer.get("detail")
    for detail in details if isinstance(details, list) else ():
        if isinstance(detail, Mapping) and detail.get("type") in _TYPES:
            yield from map(str, detail.get("loc") or ())


def _first_part(param: object) -> str:
    """`reasoning` of `reasoning.effort`."""
    return re.split(r"\W", str(param), maxsplit=1)[0]


def _by_words(words: str, names: Sequence[str]) -> str | None:
    """The parameter that a sentence names: in quotation marks, after a colon or as a parameter."""
    if not _REFUSES.search(words):
        return None
    places = ((_place(words, name), name) for name in names)
    found = [(place, name) for place, name in places if place >= 0]
    return min(found)[1] if found else None


def _place(words: str, name: str) -> int:
    noun = r"\b(?:parameter|argument|field|property|option|setting)s?\s+"
    pattern = rf"['\"`‘“]{name}['\"`’”]|:\s*{name}\b|{noun}{name}\b"
    found = re.search(pattern, words, re.IGNORECASE)
    return found.start() if found else -1
