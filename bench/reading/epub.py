"""An EPUB: chapters in the order of its spine, which is not that of its file names."""

from __future__ import annotations

import zipfile
from pathlib import Path

from bench.reading.prose import turkish
from bench.reading.questions import ask, inorder, row, said

QUESTIONS = (
    ask("arici-el-kitabi.epub", "Oğul verme hangi ayda başlar?",
        said("Oğul verme mayıs ortasında başlar")),
    ask("arici-el-kitabi.epub", "Kış için kovana kaç kilo bal bırakılmalı?",
        said("her kovana en az on beş kilo bal bırakılır")),
    ask("arici-el-kitabi.epub", "Varroa bölümünde hangi ilaç öneriliyor?",
        inorder("Varroa", "oksalik asit damlatılır")),
    ask("arici-el-kitabi.epub", "Kestane balının kristalleşme süresi ne?",
        row("Kestane balı", "14 ay")),
)  # fmt: skip

_CHAPTERS = (
    ("b3", "İlkbahar bakımı", "Oğul verme mayıs ortasında başlar; memeler haftada bir aranır."),
    ("b1", "Varroa ile mücadele", "Kasım ayında, yavru yokken kovana oksalik asit damlatılır."),
    ("b2", "Kışa hazırlık", "Son hasatta her kovana en az on beş kilo bal bırakılır."),
)  # fmt: skip
_TABLE = (
    "<table><tr><th>Bal</th><th>Kristalleşme</th></tr><tr><td>Ayçiçeği balı</td><td>2 ay</td></tr>"
    "<tr><td>Kestane balı</td><td>14 ay</td></tr></table>"
)
_CONTAINER = (
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/kitap.opf" media-type="application/oebps-package+xml"/></rootfiles>'
    "</container>"
)


def write(folder: Path) -> None:
    """All files of this format."""
    with zipfile.ZipFile(folder / "arici-el-kitabi.epub", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        book.writestr("META-INF/container.xml", _CONTAINER)
        book.writestr("OEBPS/kitap.opf", _package())
        for number, (name, title, answer) in enumerate(_CHAPTERS):
            end = _TABLE if name == "b2" else ""
            book.writestr(f"OEBPS/{name}.xhtml", _chapter(title, answer, number * 3, end))


def _chapter(title: str, answer: str, first: int, end: str) -> str:
    before, *after = (f"<p>{text}</p>" for text in turkish(4, first))
    return (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head>'
        f"<title>{title}</title><style>p {{margin: 0}}</style></head><body><h1>{title}</h1>{before}"
        f"<p>{answer}</p>{''.join(after)}{end}</body></html>"
    )


def _package() -> str:
    kind = 'media-type="application/xhtml+xml"'
    items = "".join(f'<item id="{n}" href="{n}.xhtml" {kind}/>' for n in ("b1", "b2", "b3"))
    spine = "".join(f'<itemref idref="{name}"/>' for name, _, _ in _CHAPTERS)
    return (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<dc:identifier id="id">urn:x:1</dc:identifier>'
        "<dc:title>Arıcı El Kitabı</dc:title><dc:language>tr</dc:language></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
