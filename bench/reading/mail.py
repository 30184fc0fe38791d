"""Saved mails: headers, plain and HTML bodies, Turkish encodings, attachments."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

from bench.reading.prose import english, turkish
from bench.reading.questions import ask, row, said, together

QUESTIONS = (
    ask("teslimat.eml", "Teslimatın gecikeceğini kim yazdı?",
        together(said("Şebnem Öztaş"), said("on iki gün gecikecek"))),
    ask("teslimat.eml", "Gecikme bildirilen e-postanın konusu ne?",
        said("Ynt: 4471 numaralı siparişin teslimatı")),
    ask("teslimat.eml", "Sipariş e-postasının ekindeki dosyanın adı nedir?",
        said("irsaliye-4471.pdf")),
    ask("davet.eml", "Nikâh saat kaçta?", said("nikâhımız saat 18.45'te")),
    ask("booking.eml", "What is the booking reference of the hotel in Porto?",
        row("Booking reference", "PQX-88213")),
)  # fmt: skip


def write(folder: Path) -> None:
    """All files of this format."""
    _delay(folder / "teslimat.eml")
    _invitation(folder / "davet.eml")
    _booking(folder / "booking.eml")


def _mail(sender: str, subject: str, date: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = "Satın Alma <satinalma@ornek.example>"
    mail["Subject"] = subject
    mail["Date"] = date
    return mail


def _delay(path: Path) -> None:
    sender = "Şebnem Öztaş <sebnem@tedarik.example>"
    mail = _mail(
        sender, "Ynt: 4471 numaralı siparişin teslimatı", "Tue, 04 Mar 2025 09:12:00 +0300"
    )
    mail.set_content(
        "Merhaba,\n\nGümrükteki yoğunluk yüzünden sevkiyat on iki gün gecikecek. İrsaliye ekte.\n\n"
        + turkish(1, 3)[0]
        + "\n\nSaygılarımla\n\n> 3 Mart, Satın Alma:\n> Malzeme ne zaman gelir?\n",
        charset="windows-1254", cte="quoted-printable",
    )  # fmt: skip
    mail.add_attachment(
        b"%PDF-1.4 empty", maintype="application", subtype="pdf", filename="irsaliye-4471.pdf"
    )
    path.write_bytes(bytes(mail))


def _invitation(path: Path) -> None:
    """The same text twice, as mail programs send it: plain, and as HTML."""
    mail = _mail(
        "Gökçe ve Mert <gokce@ornek.example>", "Davetlisiniz", "Sat, 03 May 2025 20:00:00 +0300"
    )
    text = "Sevgili dostlar, nikâhımız saat 18.45'te Moda sahnesinde kıyılacak."
    mail.set_content(f"{text}\n\n{turkish(1)[0]}\n", cte="base64")
    mail.add_alternative(
        f"<html><body><p>{text}</p><p>{turkish(1)[0]}</p></body></html>", subtype="html"
    )
    path.write_bytes(bytes(mail))


def _booking(path: Path) -> None:
    """Nothing but HTML, as shops send it."""
    mail = _mail(
        "Ribeira Stay <stay@hotel.example>", "Your stay in Porto", "Mon, 02 Jun 2025 08:00:00 +0000"
    )
    rows = "<tr><td>Booking reference</td><td>PQX-88213</td></tr><tr><td>Nights</td><td>4</td></tr>"
    paragraphs = "".join(f"<p>{text}</p>" for text in english(3, 3))
    mail.set_content(
        f"<html><head><style>td {{padding: 2px}}</style></head><body><h2>Your stay</h2>"
        f"<table>{rows}</table>{paragraphs}<img src='https://hotel.example/pixel.gif'></body></html>",
        subtype="html",
    )  # fmt: skip
    path.write_bytes(bytes(mail))
