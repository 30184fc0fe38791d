"""Words as search sees them: without case, without diacritics, Turkish dotted and dotless i alike.

Text and query are folded character by character, so what matches never depends on a language. A
word keeps the marks that make it another one: `c++`, `c#`, `.net`. Scripts that put no space
between words are looked for by their characters, in pairs, so that any part of a line is found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u312f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Characters of Thai, Lao, Burmese, Khmer, Japanese and Chinese; ui/static/found_fold.js has the
same."""
LETTERS = (
    "a-z\x80-\u0dff\u0f00-\u0fff\u10a0-\u177f\u1800-\u3004\u3008-\u303f\u3130-\u31ef"
    "\u3200-\u33ff\u4dc0-\u4dff\ua000-\uf8ff\ufb00-\U0001ffff\U00040000-\U0010ffff"
)
"""All others: in folded text what is not ASCII is a letter, a digit, or a vowel sign."""
_IN_WORD = f"[0-9{LETTERS}]"
# It begins with its first character alone, for which `re` looks quickly.
_MARKS = re.compile(
    rf"""
    [.+\#](?:
      (?<=(\.)) (?<!\.\.) (?={_IN_WORD})            # .net, node.js
      | (?<={_IN_WORD}([+\#])) (?:
          (?<=\#) (?![{LETTERS}+\#])                # c#
          | (?<=\+) (\+) (?![{LETTERS}+\#])         # c++, c++17
          | (?<=\+) (?!{_IN_WORD}|[+\#])            # google+
      )
    )?
    """,
    re.VERBOSE,
)
"""A mark: as group 1 where it belongs to the word behind it, as 2 and 3 to the one before it."""
_RUN = re.compile(f"[{UNSPACED}]+")
_TOKEN = re.compile(f"[0-9{LETTERS}.+#]+|[{UNSPACED}]+")
_GLUED = "\x1f"
_CHUNK = re.compile(rf"(?:{_TOKEN.pattern})(?:[{_GLUED}_'&@/:-]?(?:{_TOKEN.pattern}))*")
_CUT = re.compile(r"\s")
_MOST_QUERY_CHARACTERS = 400
_MOST_WORDS = 16
_SLICE = 1 << 16


class _Folding(dict[int, str]):
    """Fills itself with every character it meets, for `str.translate`."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if character in "ıİ":
        return "i"
    if character == "’":
        return "'"
    decomposed = unicodedata.normalize("NFKD", character.casefold())
    return "".join(_letter(part) for part in decomposed)


def _letter(part: str) -> str:
    if part.isalnum() or part.isascii():
        return part
    if unicodedata.category(part) not in ("Mn", "Mc", "Me", "Cf"):
        return " "
    # Accents and invisible joiners vanish within a word; the vowels of Thai do not.
    return part if _RUN.match(part) else ""


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The text without case and accents, all but ASCII punctuation as spaces."""
    if text.isascii():
        return text.lower()
    # In slices, so that no other thread waits long for a huge text.
    slices = (text[at : at + _SLICE] for at in range(0, len(text), _SLICE))
    return "".join(part.translate(_FOLDING) for part in slices)


def lengths(text: str) -> Iterator[int]:
    """How many characters of the folded text each character is."""
    return map(len, map(_FOLDING.__getitem__, map(ord, text)))


def indexed(text: str) -> str:
    """The text as the index takes it, its tokens between spaces: `İSTANBUL'a` is `istanbul'a`,
    `node.js` is `node .js`, `東京都` is `東京 京都 都`."""
    return "".join(map(_indexed, _slices(text)))


def _slices(text: str) -> Iterator[str]:
    """Parts of a huge text that end between words; one without spaces is cut anywhere."""
    start = 0
    while start < len(text):
        space = _CUT.search(text, start + _SLICE, start + 2 * _SLICE)
        end = space.start() if space else start + 2 * _SLICE
        yield text[start:end]
        start = end


def _indexed(text: str) -> str:
    tokens = _MARKS.sub(r"\2\3 \1", fold(text))
    return tokens if tokens.isascii() else _RUN.sub(_in_pairs, tokens)


def _in_pairs(run: re.Match[str]) -> str:
    return f" {' '.join(_pairs(run[0]))} "


def _pairs(run: str) -> list[str]:
    """Each character with the one behind it; the last one is alone."""
    return [run[at : at + 2] for at in range(len(run))]


def query_words(text: str) -> tuple[str, ...]:
    """The words of a query, folded; empty where there is nothing to look for. What is written
    together and is several tokens is one word with spaces: `node .js`, `turkiye nin`."""
    folded = _MARKS.sub(rf"\2\3{_GLUED}\1", fold(text[:_MOST_QUERY_CHARACTERS]))
    chunks = _CHUNK.findall(folded)[:_MOST_WORDS]
    return tuple(" ".join(_TOKEN.findall(chunk)) for chunk in chunks)


def match_expression(words: tuple[str, ...]) -> str:
    """An FTS5 expression: all words, the last one as a beginning. Words hold no syntax."""
    last = len(words) - 1
    return " AND ".join(_phrases(word, at == last) for at, word in enumerate(words))


def is_unspaced(token: str) -> bool:
    """Whether a token of a query is found anywhere in a line, not at the start of a word alone."""
    return _RUN.match(token) is not None


def _phrases(word: str, is_beginning: bool) -> str:
    """FTS5 phrases of a word: as it is, and with the marks it may have in the text."""
    tokens = word.split(" ")
    first, last = tokens[0], tokens[-1]
    parts = [part for token in tokens[:-1] for part in _parts(token)]
    parts += _parts(last, is_last=True)
    heads = ("",) if is_unspaced(first) or first.startswith(".") else ("", ".")
    whole = is_unspaced(last) or is_beginning or last.endswith(("+", "#"))
    tails = ("",) if whole else ("", "+", "++", "#")
    star = "*" if is_beginning or is_unspaced(last) else ""
    phrase = " ".join(parts)
    ways = [f'"{head}{phrase}{tail}"{star}' for head in heads for tail in tails]
    return f"({' OR '.join(ways)})"


def _parts(token: str, is_last: bool = False) -> list[str]:
    if not is_unspaced(token):
        return [token]
    pairs = _pairs(token)
    return pairs[:-1] or pairs if is_last else pairs
