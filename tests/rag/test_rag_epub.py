"""Books are read in the order of their chapters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rag.loaders.formats import parts
from rag.loaders.values import LoadError, LoadLimits, Piece, Source
from rag.values import Part
from tests.support import documents

Read = Callable[[dict[str, str]], list[Piece]]
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)
ITEMS = "".join(
    f'<item id="{name}" href="{name}%20.xhtml" media-type="application/xhtml+xml"/>'
    for name in "abc"
)
SPINE = '<spine><itemref idref="b"/><itemref idref="a"/><itemref idref="yok"/></spine>'


def package(spine: str = SPINE) -> str:
    about = (
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Çay Kitabı</dc:title>'
        "<dc:creator>Ece Örnek</dc:creator></metadata>"
    )
    space = "http://www.idpf.org/2007/opf"
    return f'<package xmlns="{space}">{about}<manifest>{ITEMS}</manifest>{spine}</package>'


def chapter(title: str, text: str) -> str:
    space = "http://www.w3.org/1999/xhtml"
    return (
        f'<?xml version="1.0"?><html xmlns="{space}"><head><title/></head><body><a id="x"/>'
        f"<h1>{title}</h1><p>{text}</p><aside>dipnot {title}</aside></body></html>"
    )


BOOK = {
    "META-INF/container.xml": CONTAINER,
    "OEBPS/book.opf": package(),
    "OEBPS/a .xhtml": chapter("Hasat", "Mayısta toplanır."),
    "OEBPS/b .xhtml": chapter("Giriş", "Rize'de yetişir."),
    "OEBPS/c .xhtml": chapter("Ek", "Sayfa dışı."),
}


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(files: dict[str, str]) -> list[Piece]:
        path = tmp_path / "file"
        path.write_bytes(documents.zipped({name: text.encode() for name, text in files.items()}))
        return list(parts(Source(path, "a.epub", LoadLimits())))

    return read


def test_chapters_stand_in_the_order_of_the_spine(read: Read) -> None:
    found = [one for one in read(BOOK) if isinstance(one, Part)]
    assert found[0] == Part("Çay Kitabı\nEce Örnek", None, ("Çay Kitabı",))
    texts = [
        (one.heading[-1], one.text) for one in found if "de yet" in one.text or "May" in one.text
    ]
    assert texts == [("Giriş", "Rize'de yetişir."), ("Hasat", "Mayısta toplanır.")]
    assert found[1].heading == ("Çay Kitabı", "Giriş")
    assert "dipnot Hasat" in [one.text for one in found]
    assert "Sayfa dışı." not in [one.text for one in found]


def test_a_book_without_a_spine_gives_all_its_pages(read: Read) -> None:
    found = read(BOOK | {"OEBPS/book.opf": package(spine="")})
    assert "Sayfa dışı." in [one.text for one in found if isinstance(one, Part)]


@pytest.mark.parametrize(
    ("files", "key"),
    [
        ({"META-INF/container.xml": "<x/>"}, "damaged"),
        ({"META-INF/encryption.xml": '<e><EncryptionMethod Algorithm="aes"/></e>'}, "encrypted"),
    ],
)
def test_a_book_that_cannot_be_read_says_why(read: Read, files: dict[str, str], key: str) -> None:
    with pytest.raises(LoadError) as error:
        read(BOOK | files)
    assert error.value.key == key
