"""Bytes to text: UTF-8, UTF-16, UTF-32 and windows-1254, told apart by what the bytes are."""

from __future__ import annotations

import codecs
import re

from rag.loaders.values import LoadError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 65_536
_WIDE = 0.3
"""Share of zero bytes in every second place from which on a text is taken for UTF-16."""
_STRANGE = re.compile("[\0-\x06\x0e-\x1a\x1c-\x1f\x7f�]")
_MOST_STRANGE = 0.01
_DAMAGED_SEQUENCES = 0.1
_SEQUENCE = re.compile(rb"[\xc3-\xf4][\x80-\xbf]+")


def decoded(data: bytes, declared: str = "") -> str:
    """The text. `declared` is an encoding the text names itself, used where it is no UTF. Raises
    LoadError("encoding") where the bytes are no text."""
    text = _decode(data, declared)
    if not looks_like_text(text):
        raise LoadError("encoding")
    return text


def looks_like_text(text: str) -> bool:
    """Whether hardly anything in it is a control character or could not be read."""
    sample = text[:_SAMPLE]
    return len(_STRANGE.findall(sample)) <= max(1, len(sample) * _MOST_STRANGE)


def _decode(data: bytes, declared: str) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace")
    wide = _wide(data[:_SAMPLE])
    if wide:
        return data.decode(wide, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if _mostly_utf8(data):
        return data.decode("utf-8", "replace")
    return data.decode(_known(declared) or "windows-1254", "replace")


def _wide(sample: bytes) -> str:
    """The kind of UTF-16 without a mark, by where the zero bytes of Latin letters are."""
    half = len(sample) // 2
    first, second = sample[0::2].count(0), sample[1::2].count(0)
    if half and second > half * _WIDE and first < second / 10:
        return "utf-16-le"
    if half and first > half * _WIDE and second < first / 10:
        return "utf-16-be"
    return ""


def _mostly_utf8(data: bytes) -> bool:
    """A UTF-8 text with a few damaged places, or cut in the middle of a letter."""
    sample = data[:_SAMPLE]
    read = codecs.getincrementaldecoder("utf-8")("replace").decode(sample)
    letters = len(_SEQUENCE.findall(sample))
    return letters > 0 and read.count("�") <= letters * _DAMAGED_SEQUENCES


def _known(name: str) -> str:
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    return info.name if getattr(info, "_is_text_encoding", False) else ""
