"""Letters say who wrote what to whom, and what is attached."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from rag.loaders.formats import parts
from rag.loaders.values import LoadLimits, Source
from rag.values import Part

Read = Callable[..., list[Part]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(message: EmailMessage | bytes, name: str = "a.eml") -> list[Part]:
        path = tmp_path / "file"
        path.write_bytes(message if isinstance(message, bytes) else bytes(message))
        found = list(parts(Source(path, name, LoadLimits())))
        return [one for one in found if isinstance(one, Part)]

    return read


def letter(subject: str = "Çay siparişi") -> EmailMessage:
    made = EmailMessage()
    made["Subject"] = subject
    made["From"] = "Şule Iğdır <sule@example.org>"
    made["To"] = "Ece Örnek <ece@example.org>"
    made["Date"] = "Sun, 15 Mar 2026 14:20:30 +0300"
    made.set_content("Merhaba,\n> 20 koli mi?\nEvet, yirmi koli.\n", cte="base64")
    return made


def test_a_letter_has_its_head_its_text_and_the_names_of_its_files(read: Read) -> None:
    made = letter()
    made.add_alternative("<p>Biçimli <b>metin</b>", subtype="html")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="fatura ğ.pdf")
    made.add_attachment("Ürün;Adet\nÇay;1,5\n", subtype="csv", filename="liste.csv")
    found = read(made)
    assert [(one.text.strip(), one.heading) for one in found] == [
        (
            "From: Şule Iğdır <sule@example.org>\nTo: Ece Örnek <ece@example.org>\n"
            "Date: 2026-03-15 14:20+03:00\nSubject: Çay siparişi\n"
            "Attachments: fatura ğ.pdf, liste.csv",
            ("Çay siparişi",),
        ),
        ("Merhaba,\n> 20 koli mi?\nEvet, yirmi koli.", ("Çay siparişi",)),
        ("Ürün | Adet\nÇay | 1,5", ("Çay siparişi", "liste.csv")),
    ]


def test_a_letter_of_html_alone_is_read_whole(read: Read) -> None:
    made = letter()
    made.set_content("<div>Sayın Ece,</div><footer>Saygılarımla</footer>", subtype="html")
    assert "Saygılarımla" in "\n".join(one.text for one in read(made))


@pytest.mark.parametrize("encoding", ["windows-1254", "iso-8859-9", "utf-8"])
def test_turkish_letters_in_any_encoding(read: Read, encoding: str) -> None:
    head = f"From: a@b.c\nSubject: =?{encoding}?Q?"
    subject = "".join(f"={byte:02X}" for byte in "Şişli".encode(encoding))
    typed = f"Content-Type: text/plain; charset={encoding}\nContent-Transfer-Encoding: 8bit"
    data = f"{head}{subject}?=\n{typed}\n\n".encode() + "ığdır çöşü".encode(encoding)
    about, body = read(data)
    assert about.heading == ("Şişli",)
    assert body.text == "ığdır çöşü"


def test_headers_and_names_against_the_standard_are_read(read: Read) -> None:
    name = "=?iso-8859-9?Q?=FEehir.pdf?="
    data = (
        b"From: a@b.c\nSubject: " + "Iğdır'a sevk".encode("windows-1254") + b"\n"
        b"Content-Type: multipart/mixed; boundary=B\n\n--B\n\nmetin\n--B\n"
        b'Content-Type: application/pdf; name="' + name.encode() + b'"\n\nx\n--B--\n'
    )
    about, body = read(data)
    assert about.text == "From: a@b.c\nSubject: Iğdır'a sevk\nAttachments: şehir.pdf"
    assert body.text == "metin"


def test_a_letter_in_a_letter_stands_under_both_subjects(read: Read) -> None:
    made = letter("İlet")
    made.add_attachment(letter("Asıl"))
    found = read(made)
    assert "Attachments: Asıl" in found[0].text
    assert found[-1].heading == ("İlet", "Asıl")
    assert "yirmi koli" in found[-1].text


def test_a_saved_page_gives_its_article(read: Read) -> None:
    made = EmailMessage()
    made["Subject"] = "Sayfa"
    made.set_content(
        f"<nav>menü</nav><main>{'Çay. ' * 9}</main><footer>künye</footer>", subtype="html"
    )
    text = "\n".join(one.text for one in read(made, "a.mhtml"))
    assert "Çay." in text
    assert "künye" not in text


def test_a_hundred_messages_in_each_other_and_odd_headers_end_well(read: Read) -> None:
    made = letter("en içte")
    for n in range(100):
        outer = letter(f"{n}")
        outer.add_attachment(made)
        made = outer
    assert read(made)[0].heading == ("99",)
    many = b"From: " + b"a," * 1_000_000 + b"\n\nuzun"
    assert read(many)[-1].text == "uzun"
    odd = b"Subject: =?x?Q?=?=\nDate: dun\nFrom: <<@>>\nContent-Type: a/b/c; charset=yok\n\nmetin"
    assert "metin" in read(odd)[-1].text
