"""Scans of texts: drawn, askew, and packed as a JPEG."""

from __future__ import annotations

import io
import textwrap

from PIL import Image, ImageDraw, ImageFont

LEASE = """Madde 2 - Aylık kira bedeli 18.500,00 TL olup her ayın beşinci gününe kadar ödenir.
Madde 3 - Kiracı, ağır kusuru dışında doğan hasarlardan sorumlu değildir.
Öğle saatlerinde gürültü yapılmaz; şikâyet hâlinde yöneticiye başvurulur.
İşbu sözleşme 14/03/2024 tarihinde iki nüsha olarak düzenlenmiş ve imzalanmıştır."""
_FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"
_DPI = 150
_POINTS = 72
_MARGIN = 100


def scan(text: str, askew: float = 3.0, points: int = 11, height: int = 600) -> Image.Image:
    """A page of 150 dpi, A4 wide, turned by `askew` degrees; after JPEG of quality 60."""
    page = Image.new("L", (1240, height), 250)
    font = ImageFont.truetype(_FONT, points * _DPI // _POINTS)
    lines = [part for line in text.splitlines() for part in textwrap.wrap(line, 74)]
    ImageDraw.Draw(page).text((_MARGIN, _MARGIN), "\n".join(lines), 20, font, spacing=10)
    packed = io.BytesIO()
    page.rotate(askew, Image.Resampling.BICUBIC, fillcolor=250).save(packed, "JPEG", quality=60)
    return Image.open(packed)


def packed(image: Image.Image, kind: str, **options: object) -> bytes:
    """A picture as a file of that kind, `PDF` among them."""
    held = io.BytesIO()
    image.save(held, kind, **options)
    return held.getvalue()


def error_rate(expected: str, found: str) -> float:
    """The character error rate: changed, missing and added characters by those expected; white
    space counts as one space."""
    wanted, read = (" ".join(text.split()) for text in (expected, found))
    row = list(range(len(read) + 1))
    for at, letter in enumerate(wanted, 1):
        before, row[0] = row[0], at
        for place, other in enumerate(read, 1):
            changed = before + (letter != other)
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, changed)
    return row[-1] / len(wanted)
