"""Scans: pages at 150 dpi, 3 degrees askew, saved as JPEG of quality 60, and pictures."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont
from pypdf import PdfReader, PdfWriter

from bench.reading.fonts import font
from bench.reading.prose import turkish
from bench.reading.questions import ask, row, said

QUESTIONS = (
    ask("tutanak-tarama.pdf", "Aidat kaç liraya çıkarıldı?",
        said("aidatın aylık 875 liraya çıkarılmasına")),
    ask("tutanak-tarama.pdf", "Asansör bakımını hangi firma yapacak?",
        said("Yükselen Teknik firmasına verilmesine")),
    ask("tutanak-tarama.pdf", "Çatı onarımı ne zaman bitecek?",
        said("onarımın en geç 30 Ekim tarihinde bitirilmesine")),
    ask("ekspertiz.pdf", "Ekspertiz raporuna göre aracın boyalı parçası hangisi?",
        said("sağ arka çamurluk boyalı")),
    ask("makbuz.png", "Makbuzda tahsil edilen tutar ne kadar?", row("Tahsil edilen", "2.640,00")),
    ask("pano.jpg", "Kütüphane panosuna göre hafta sonu saat kaçta kapanıyor?",
        row("Hafta sonu", "17.30"), row("Hafta sonu", "17:30")),
)  # fmt: skip

_MINUTES = (
    ("KAT MALİKLERİ KURULU TOPLANTI TUTANAĞI", "Toplantı, yöneticinin açılış konuşmasıyla başladı. "
     "Yapılan oylama sonucunda ocak ayından geçerli olmak üzere aidatın aylık 875 liraya "
     "çıkarılmasına oy çokluğuyla karar verildi.", *turkish(3)),
    ("Gündemin ikinci maddesine geçildi. Asansör bakımının yıllık sözleşmeyle Yükselen Teknik "
     "firmasına verilmesine karar verildi. Çatıdan gelen su nedeniyle onarımın en geç 30 Ekim "
     "tarihinde bitirilmesine, bedelin ortak giderlerden karşılanmasına karar verildi.",
     *turkish(3, 6)),
)  # fmt: skip
_SURVEY = (
    "ARAÇ EKSPERTİZ RAPORU", "Yapılan incelemede sağ arka çamurluk boyalı, diğer parçalar özgün "
    "bulunmuştur. Motorda yağ kaçağına rastlanmamıştır. Lastiklerin diş derinliği yeterlidir.",
    *turkish(2, 6),
)  # fmt: skip
_RECEIPT = (
    "TAHSİLAT MAKBUZU  No: 0418", "Ödeyen: Ayla Çınar", "Açıklama: Mart ayı servis ücreti",
    "Tahsil edilen: 2.640,00 TL", "Ödeme biçimi: Kredi kartı",
)  # fmt: skip
_BOARD = (
    "İLÇE HALK KÜTÜPHANESİ", "Hafta içi: 08.30 - 21.00", "Hafta sonu: 10.00 - 17.30",
    "Ödünç alınan kitaplar on beş gün içinde geri verilir.",
)  # fmt: skip


def write(folder: Path) -> None:
    """All files of this format."""
    scans = [_scanned(_page(one)) for one in _MINUTES]
    _save(folder / "tutanak-tarama.pdf", scans)
    _mixed(folder / "ekspertiz.pdf")
    _page(_RECEIPT, (900, 520), 30).save(folder / "makbuz.png", dpi=(150, 150))
    board = _scanned(_page(_BOARD, (1240, 700), 42))
    board.save(folder / "pano.jpg", quality=60, dpi=(150, 150))


def _page(
    paragraphs: Sequence[str], size: tuple[int, int] = (1240, 1754), letters: int = 25
) -> Image.Image:
    """A4 at 150 dpi, written in 12 points."""
    page = Image.new("L", size, 250)
    width = int((size[0] - 240) / (letters * 0.56))
    lines = [line for one in paragraphs for line in (*textwrap.wrap(one, width), "")]
    pen = ImageDraw.Draw(page)
    text = ImageFont.truetype(font(), letters)
    for number, line in enumerate(lines):
        pen.text((120, 110 + number * letters * 1.6), line, 25, text)
    return page


def _scanned(page: Image.Image) -> Image.Image:
    grain = Image.effect_noise(page.size, 18)
    askew = page.rotate(3, Image.Resampling.BICUBIC, fillcolor=245)
    return Image.blend(askew, grain, 0.08).filter(ImageFilter.GaussianBlur(0.5))


def _save(path: Path, scans: Sequence[Image.Image]) -> None:
    first, *rest = scans
    first.save(path, save_all=True, append_images=rest, resolution=150, quality=60)


def _mixed(path: Path) -> None:
    """A cover with a text layer, and a scan behind it."""
    from fpdf import FPDF

    cover = FPDF()
    cover.add_font("Text", "", font())
    cover.set_font("Text", size=11)
    cover.add_page()
    for text in ("Ekte aracınıza ait rapor bulunmaktadır.", *turkish(2, 8)):
        cover.multi_cell(0, 6, text, new_x="LMARGIN", new_y="NEXT")
    cover.output(str(path))
    scan = path.with_suffix(".scan")
    _save_as_pdf(scan, _scanned(_page(_SURVEY)))
    writer = PdfWriter(clone_from=PdfReader(path))
    writer.append(scan)
    writer.write(path)
    scan.unlink()


def _save_as_pdf(path: Path, scan: Image.Image) -> None:
    scan.save(path, "PDF", resolution=150, quality=60)
