"""E-mail and saved web pages (MHTML): who wrote what to whom, the text, and what is attached."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from itertools import islice

from rag.loaders.csv import csv_parts
from rag.loaders.encodings import decoded
from rag.loaders.html import html_parts
from rag.loaders.values import LoadError, Source
from rag.values import Part

_HEADERS = ("From", "To", "Cc", "Date", "Subject")
_DEEPEST = 20
"""Messages in messages that are read."""
_BYTES_OF_A_CHARACTER = 8
_LONGEST_HEADER = 20_000
_MOST_PARTS = 1_000
"""Pieces of one message that are looked at."""


def parts(source: Source) -> Iterator[Part]:
    """The parts of a message under its subject. Raises LoadError."""
    size = source.path.stat().st_size
    if size > source.limits.characters * _BYTES_OF_A_CHARACTER:
        raise LoadError("too_large", f"{size} bytes")
    with source.path.open("rb") as file:
        # The newer policy takes minutes for a header of megabytes.
        message = BytesParser(policy=compat32).parse(file)
    yield from _message(message, ())


def _message(message: Message, above: tuple[str, ...]) -> Iterator[Part]:
    subject = _header(message, "Subject")
    heading = (*above, subject) if subject else above
    body = _body(message)
    leaves = islice(_leaves(message), _MOST_PARTS)
    files = [one for one in leaves if one is not body and _is_attached(one)]
    yield Part("\n".join(_about(message, files)), None, heading)
    if body is not None:
        yield from _readable(body, heading, whole=not _is_page(message))
    for one in files:
        yield from _attached(one, heading)


def _about(message: Message, files: list[Message]) -> Iterator[str]:
    """The headers people read, by their names, and the names of what is attached."""
    for name in _HEADERS:
        value = _date(message) if name == "Date" else _header(message, name)
        if value:
            yield f"{name}: {value}"
    names = [_name(one) or _header(_inner(one), "Subject") for one in files]
    if any(names):
        yield f"Attachments: {', '.join(filter(None, names))}"


def _header(message: Message | None, name: str) -> str:
    """A header in letters."""
    if message is None:
        return ""
    raw = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
    return _in_letters(str(raw))


def _in_letters(raw: str) -> str:
    """A header or name with what is encoded in it, read as far as it goes."""
    raw = raw[:_LONGEST_HEADER]
    with suppress(MessageError, LookupError, ValueError, LoadError):
        if not raw.isascii():  # bytes where the standard allows none, kept as half surrogates
            raw = decoded(raw.encode("utf-8", "surrogateescape"))
        raw = str(make_header(decode_header(raw)))
    return " ".join(raw.split())


def _date(message: Message) -> str:
    written = _header(message, "Date")
    try:
        return parsedate_to_datetime(written).isoformat(" ", "minutes")
    except (ValueError, TypeError, IndexError, OverflowError):
        return written


def _is_page(message: Message) -> bool:
    """Whether it is a web page that was saved, not a letter."""
    return not _header(message, "From") or bool(_header(message, "Snapshot-Content-Location"))


def _body(message: Message) -> Message | None:
    """The text of a message: its plain form, or the only one it has."""
    for kind in ("text/plain", "text/html"):
        for one in islice(_leaves(message), _MOST_PARTS):
            if one.get_content_type() == kind and not _is_named(one) and _bytes(one).strip():
                return one
    return None


def _leaves(message: Message) -> Iterator[Message]:
    """The pieces of a message that hold something, without those of messages in it."""
    waiting = [message]
    while waiting:
        one = waiting.pop()
        if one.get_content_maintype() == "multipart" and one.is_multipart():
            waiting += [part for part in one.get_payload() if isinstance(part, Message)][::-1]
        else:
            yield one


def _name(one: Message) -> str:
    """The name of an attached file, "" where it has none."""
    return _in_letters(one.get_filename() or "")


def _is_named(one: Message) -> bool:
    return one.get_content_disposition() == "attachment" or bool(_name(one))


def _is_attached(one: Message) -> bool:
    """Whether it is something of its own; pictures in the text are not."""
    return (_is_named(one) and "Content-ID" not in one) or _inner(one) is not None


def _inner(one: Message) -> Message | None:
    """A message that is attached, or None."""
    if one.get_content_type() != "message/rfc822" or not one.is_multipart():
        return None
    found = one.get_payload(0)
    return found if isinstance(found, Message) else None


def _attached(one: Message, heading: tuple[str, ...]) -> Iterator[Part]:
    """What an attachment says, where it is a message or a text."""
    inner = _inner(one)
    if inner is not None and len(heading) < _DEEPEST:
        yield from _message(inner, heading)
    elif one.get_content_maintype() == "text":
        name = _name(one)
        yield from _readable(one, (*heading, name) if name else heading)


def _readable(one: Message, heading: tuple[str, ...], whole: bool = False) -> Iterator[Part]:
    text = _text(one)
    kind = one.get_content_subtype()
    if kind == "html":
        for part in html_parts(text, whole):
            below = part.heading[part.heading[:1] == heading[-1:] :]
            yield Part(part.text, None, (*heading, *below), part.kind)
    elif kind in ("csv", "tab-separated-values"):
        yield from csv_parts(text, heading)
    else:
        yield Part(text, None, heading)


def _text(one: Message) -> str:
    """The text by its bytes: the encoding that a message names is often wrong, or none at all."""
    try:
        return decoded(_bytes(one), one.get_content_charset() or "")
    except LoadError:
        return ""


def _bytes(one: Message) -> bytes:
    try:
        found = one.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        return b""
    return found if isinstance(found, bytes) else b""
