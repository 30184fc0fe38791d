"""Excel files: formats, leading zeros, dates, times, formulas, hidden sheets, a title above."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from openpyxl import Workbook

from bench.reading.questions import ask, row, together

QUESTIONS = (
    ask("indirimler.xlsx", "Seramik kupanın indirim oranı kaç?", row("Seramik kupa", "%7,5"),
        row("Seramik kupa", "7,5%"), row("Seramik kupa", "7.5%"), row("Seramik kupa", "%7.5")),
    ask("indirimler.xlsx", "Bakır cezvenin liste fiyatı ne kadar?",
        row("Bakır cezve", "1.234,50 TL"), row("Bakır cezve", "1,234.50 TL"),
        row("Bakır cezve", "1234,50 TL"), row("Bakır cezve", "1234.50 TL")),
    ask("personel.xlsx", "Cemre Aydoğdu'nun sicil numarası kaç?",
        together(row("Sicil No", "Adı Soyadı"), r"(?<!\d)00004507[^\n]*Cemre Aydoğdu")),
    ask("personel.xlsx", "00004511 sicil numaralı çalışan kim?", row("00004511", "Onur Şentürk")),
    ask("personel.xlsx", "Cemre Aydoğdu işe ne zaman girdi?", row("Cemre Aydoğdu", "14.03.2019")),
    ask("mesai.xlsx", "Kadir Usta mart ayında kaç saat fazla mesai yaptı?",
        row("Kadir Usta", "26:30")),
    ask("mesai.xlsx", "Fazla mesailerin toplam tutarı nasıl hesaplanıyor?",
        row("Toplam tutar", "SUM(C5:C9)"), row("Toplam tutar", "formül"),
        row("Toplam tutar", "formula")),
    ask("teklif.xlsx", "Gizli sayfadaki taban fiyat ne kadar?",
        together(row("Taban fiyat", "18.900"), "(?i:gizli|hidden)"),
        together(row("Taban fiyat", "18,900"), "(?i:gizli|hidden)")),
    ask("teklif.xlsx", "Teklif hangi tarihe kadar geçerli?",
        row("Geçerlilik tarihi", "30.06.2025")),
)  # fmt: skip

_MONEY = '#,##0.00" TL"'
_NAMES = (
    "Ahmet Güler", "Selin Karaca", "Murat Öz", "Derya Uçar", "Kemal Şahin", "Filiz Ateş",
    "Barış Yıldız", "Nilgün Er", "Tolga Demirci", "Şule Akın",
)  # fmt: skip


def write(folder: Path) -> None:
    """All files of this format."""
    _discounts(folder / "indirimler.xlsx")
    _staff(folder / "personel.xlsx")
    _overtime(folder / "mesai.xlsx")
    _offer(folder / "teklif.xlsx")


def _discounts(path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "Bahar indirimi"
    sheet.append(("Ürün", "Liste fiyatı", "İndirim"))
    items = (
        ("Seramik kupa", 189.9, 0.075), ("Cam sürahi", 320, 0.1), ("Bakır cezve", 1234.5, 0.05),
        ("Ahşap tepsi", 415, 0.125), ("Keten örtü", 560.25, 0.2), ("Porselen tabak", 98, 0.03),
    )  # fmt: skip
    for name, price, share in items:
        sheet.append((name, price, share))
        sheet.cell(sheet.max_row, 2).number_format = _MONEY
        sheet.cell(sheet.max_row, 3).number_format = "0.0%"
    book.save(path)


def _staff(path: Path) -> None:
    """A list of 160 people below the company's name and an empty line."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Personel"
    sheet.append(("AKÇAM TEKSTİL SANAYİ VE TİCARET A.Ş.",))
    sheet.append(())
    sheet.append(("Sicil No", "Adı Soyadı", "Bölüm", "Görevi", "İşe giriş", "İli"))
    for number in range(160):
        name = f"{_NAMES[number % 10]} {'ABCDEFGHIJKLMNOP'[number // 10]}."
        day = dt.date(2011, 1, 3) + dt.timedelta(days=23 * number)
        line = (
            4400 + number,
            name,
            ("Dokuma", "Boya", "Kesim")[number % 3],
            "İşçi",
            day,
            "Denizli",
        )
        sheet.append(line)
    sheet.cell(111, 2, "Cemre Aydoğdu")
    sheet.cell(111, 5, dt.date(2019, 3, 14))
    sheet.cell(115, 2, "Onur Şentürk")
    for place in range(4, 164):
        sheet.cell(place, 1).number_format = "00000000"
        sheet.cell(place, 5).number_format = "dd\\.mm\\.yyyy"
    book.save(path)


def _overtime(path: Path) -> None:
    """Hours beyond a day, and sums that no program has worked out yet."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Mart"
    sheet.append(("Fazla mesai çizelgesi",))
    sheet.append(("Atölye", "Kaynakhane"))
    sheet.append(())
    sheet.append(("Adı", "Süre", "Tutar"))
    hours = (
        ("Kadir Usta", 26.5),
        ("Recep Usta", 8),
        ("Emine Hanım", 31.25),
        ("Yavuz", 12),
        ("Cem", 4),
    )
    for name, spent in hours:
        sheet.append((name, dt.timedelta(hours=spent), spent * 310))
        sheet.cell(sheet.max_row, 2).number_format = "[h]:mm"
    sheet.append(("Toplam tutar", None, "=SUM(C5:C9)"))
    book.save(path)


def _offer(path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "Teklif"
    lines = (
        ("Müşteri", "Poyraz Otelcilik"), ("Konu", "Çamaşırhane makinesi"), ("Fiyat", 24500),
        ("Geçerlilik tarihi", dt.datetime(2025, 6, 30)), ("Teslim", "Sekiz hafta"),
    )  # fmt: skip
    for line in lines:
        sheet.append(line)
    sheet["B3"].number_format = "#,##0"
    sheet["B4"].number_format = "dd\\.mm\\.yyyy"
    inside = book.create_sheet("Maliyet")
    for line in (("Kalem", "Tutar"), ("Alış", 15200), ("Nakliye", 1100), ("Taban fiyat", 18900)):
        inside.append(line)
    inside["B4"].number_format = "#,##0"
    inside.sheet_state = "hidden"
    book.save(path)
