"""Plain text: names and contents as a Mac writes them, windows-1254, UTF-16."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from bench.reading.prose import turkish
from bench.reading.questions import ask, said

_REPORT = "Çığ Raporu ğüşöç.txt"

QUESTIONS = (
    ask(_REPORT, "Çığ raporu ğüşöç dosyasında kırılma yüksekliği kaç metre?",
        said("Kırılma 2.140 metrede başladı")),
    ask("gunluk.txt", "Üzüm bağının gübresi hangi gün verildi?",
        said("Üzüm bağına gübre 9 Şubat'ta verildi")),
    ask("eski-tarif.txt", "Aşureye kaç su bardağı buğday konuyor?",
        said("üç su bardağı aşurelik buğday")),
    ask("not-defteri.txt", "Kombi servisinin telefon numarası kaç?", said("0 312 555 01 88")),
)  # fmt: skip

_AVALANCHE = "Kırılma 2.140 metrede başladı ve kar kütlesi vadiye kadar indi."
_DIARY = "Üzüm bağına gübre 9 Şubat'ta verildi, budama bir hafta sonra bitti."
_RECIPE = "Akşamdan üç su bardağı aşurelik buğday ıslatılır. Nohut ve fasulye ayrı haşlanır."
_NOTES = "Kombi servisi (Güneş Isı): 0 312 555 01 88, hafta içi 18.00'e kadar."


def write(folder: Path) -> None:
    """All files of this format."""
    name = unicodedata.normalize("NFD", _REPORT)
    (folder / name).write_text(_prose(_AVALANCHE, 0), encoding="utf-8")
    diary = unicodedata.normalize("NFD", _prose(_DIARY, 3))
    (folder / "gunluk.txt").write_text(diary, encoding="utf-8")
    (folder / "eski-tarif.txt").write_bytes(_prose(_RECIPE, 7).encode("cp1254"))
    (folder / "not-defteri.txt").write_bytes(_prose(_NOTES, 5).encode("utf-16"))


def _prose(answer: str, first: int) -> str:
    before, *after = turkish(4, first)
    return "\n\n".join((before, answer, *after))
