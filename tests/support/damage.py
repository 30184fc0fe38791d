"""Files as a bad disk, a broken download or an attacker would leave them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from random import Random
from zipfile import BadZipFile, ZipFile

from tests.support import documents
from tests.support.opendocument import opendocument

Files = Iterator[tuple[str, bytes]]
_ENDINGS = (
    ".pdf",
    ".docx",
    ".pptx",
    ".xlsx",
    ".odt",
    ".rtf",
    ".html",
    ".md",
    ".csv",
    ".txt",
    ".py",
    "",
)


def whole_files() -> dict[str, bytes]:
    """A small file of every format."""
    text = "\n".join(documents.TURKISH)
    html = f"<title>a</title><h1>Baş</h1><p>{text}<table><tr><td>1<td>2</table><pre>x</pre>"
    return {
        "a.pdf": documents.pdf(documents.TURKISH, ["Giriş", "Son"]),
        "scan.pdf": documents.scanned_pdf(),
        "locked.pdf": documents.locked_pdf(""),
        "a.docx": documents.docx(),
        "a.pptx": documents.pptx(),
        "a.xlsx": documents.xlsx(),
        "a.odt": opendocument("text", "<text:h>Baş</text:h><text:p>söz</text:p>" * 20),
        "a.rtf": b"{\\rtf1\\ansicpg1254 \\'fe\\u304?\\par \\trowd a\\cell b\\cell\\row}",
        "a.html": html.encode(),
        "a.md": f"# Bir\n{text}\n## İki\n```py\nx = 1\n```\n".encode(),
        "a.txt": text.encode(),
        "old.txt": text.encode("windows-1254"),
        "wide.txt": text.encode("utf-16"),
        "a.csv": "Ad;Yaş\nAli;5\n".encode() * 40,
        "a.py": b"def f():\n    return 1\n" * 20,
    }


def damaged_files(count: int, whole: Mapping[str, bytes], seed: int) -> Files:
    """Names and contents; every tenth has an extension it did not have."""
    random = Random(seed)
    names = list(whole)
    for index in range(count):
        name = names[index % len(names)]
        data = random.choice(_WAYS)(random, whole[name])
        yield (f"a{random.choice(_ENDINGS)}" if index % 10 == 0 else name), data


def _cut(random: Random, data: bytes) -> bytes:
    return data[: random.randrange(1, len(data) + 1)]


def _tail(random: Random, data: bytes) -> bytes:
    return data[random.randrange(len(data)) :]


def _flipped(random: Random, data: bytes) -> bytes:
    made = bytearray(data)
    for _ in range(random.choice([1, 5, 50, 500])):
        made[random.randrange(len(made))] = random.randrange(256)
    return bytes(made)


def _other_numbers(random: Random, data: bytes) -> bytes:
    """Lengths, offsets and counts that are not so."""
    made = bytearray(data)
    digits = [at for at, byte in enumerate(made) if chr(byte).isdecimal()]
    for at in random.sample(digits, min(len(digits), random.choice([1, 3, 20]))):
        made[at] = random.choice(b"0123456789")
    return bytes(made)


def _shuffled(random: Random, data: bytes) -> bytes:
    first, last = sorted(random.randrange(len(data)) for _ in range(2))
    return data[:first] + data[last:] + data[first:last]


def _repeated(random: Random, data: bytes) -> bytes:
    first, last = sorted(random.randrange(len(data)) for _ in range(2))
    return data[:last] + data[first : min(last, first + 20_000)] * 5 + data[last:]


def _noise(random: Random, data: bytes) -> bytes:
    return random.randbytes(random.randrange(1, 5000))


def _inside(random: Random, data: bytes) -> bytes:
    """Damage in one file of an archive whose checksums are right."""
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            name = random.choice(archive.namelist())
            inner = archive.read(name) or b"x"
    except BadZipFile:
        return _flipped(random, data)
    way = random.choice([_cut, _flipped, _shuffled, _repeated, _other_numbers])
    return documents.replaced(data, name, way(random, inner))


_WAYS: list[Callable[[Random, bytes], bytes]] = [
    _cut, _tail, _flipped, _flipped, _other_numbers, _shuffled, _repeated, _noise, _inside, _inside,
]  # fmt: skip


def slow_docx() -> bytes:
    """A file of 50 KB within every cap that takes longer than ten seconds and much memory."""
    return _in_docx("<w:p/>" * 4_500_000)


def docx_asking_for(path: str) -> bytes:
    """A DOCX that wants another file's content in its text."""
    entity = f'<!DOCTYPE x [<!ENTITY l SYSTEM "file://{path}">]>'
    return _in_docx("<w:p><w:r><w:t>before &l; after</w:t></w:r></w:p>", entity)


_LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {new} "{f"&{old};" * 10}">'
        for old, new in zip("abcdefghijk", "bcdefghijkl", strict=True)
    )
    + "]>"
)


def _word(body: str, head: str = "") -> bytes:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return f'{head}<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'.encode()


def _sheet(value: str, head: str = "") -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    cell = f'<c r="A1" t="str"><v>{value}</v></c>'
    return (
        f'{head}<worksheet xmlns="{space}"><sheetData><row>{cell}</row></sheetData></worksheet>'
    ).encode()


def _pdf_of(content: bytes) -> bytes:
    """A page with this content, and a form on it that draws itself twice."""
    resources = b"/Resources<</XObject<</G 5 0 R>>>>"
    return b"\n".join(
        [
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
            b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj",
            b"3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R" + resources + b">>endobj",
            b"4 0 obj<</Length %d>>stream" % len(content),
            content + b"\nendstream endobj",
            b"5 0 obj<</Subtype/Form/Length 11" + resources + b">>stream\n/G Do /G Do",
            b"endstream endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF",
        ]
    )


def _in_docx(body: str, head: str = "") -> bytes:
    return documents.replaced(documents.docx(), "word/document.xml", _word(body, head))


def _in_xlsx(sheet: bytes) -> bytes:
    return documents.replaced(documents.xlsx(), "xl/worksheets/sheet1.xml", sheet)


def _many_entries() -> bytes:
    return documents.zipped({"word/document.xml": b"", **{str(n): b"" for n in range(10_001)}})


BOMBS: dict[str, Callable[[], bytes]] = {
    "unpacked.docx": lambda: _in_docx("<w:p/>" * 20_000_000),
    "entries.docx": _many_entries,
    "laughs.docx": lambda: _in_docx("<w:p><w:r><w:t>&l;</w:t></w:r></w:p>", _LAUGHS),
    "deep.docx": lambda: _in_docx("<w:sdt>" * 100_000),
    "laughs.xlsx": lambda: _in_xlsx(_sheet("&l;", _LAUGHS)),
    "far.xlsx": lambda: _in_xlsx(_sheet("1").replace(b"A1", b"XFD1048576")),
    "deep.html": lambda: b"<div><table><tr><td><b>" * 300_000,
    "angles.html": lambda: b"<" * 3_000_000,
    "laughs.xml": lambda: _LAUGHS.encode() + b"<x>&l;</x>",
    "line.txt": lambda: b"x" * 15_000_000,
    "line.md": lambda: b"#" * 5_000_000,
    "titles.md": lambda: b"a\n---\n" * 100_000,
    "quotes.csv": lambda: b'"' * 5_000_000,
    "brackets.pdf": lambda: _pdf_of(b"BT " + b"[" * 200_000),
    "loop.pdf": lambda: _pdf_of(b"/G Do /G Do"),
}
"""Small files that want to be large, deep or endless, by a name that says how."""
