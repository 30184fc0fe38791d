"""PDFs with a text layer: columns, hyphens, running heads, a form, notes, tables, turned pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fpdf import FPDF
from pypdf import PdfReader, PdfWriter

from bench.reading.fonts import font
from bench.reading.pdf_form import write_form
from bench.reading.pdf_texts import ABSTRACT, LEFT, METHODS, PRICES, RIGHT, TRIPS
from bench.reading.prose import english, turkish
from bench.reading.questions import ask, row, said, together

QUESTIONS = (
    ask("bulten.pdf", "Sürdürülebilirlik ödülünü hangi okul aldı?",
        said("sürdürülebilirlik ödülü bu yıl Kadriye Moroğlu Ortaokuluna verildi")),
    ask("bulten.pdf", "Gıda bankasından kaç aile yararlandı?",
        said("Gıda bankamızdan yıl boyunca 318 aile yararlandı")),
    ask("bulten.pdf", "Burs başvuruları hangi öğretim yılı için alınıyor?",
        r"2025-\s?2026\s+öğretim yılı"),
    ask("prosedur.pdf", "Satın alma prosedürünün doküman numarası ve revizyonu nedir?",
        said("KYS-PR-014") + ".{0,40}" + said("Rev. 03")),
    ask("prosedur.pdf", "Kaç liranın üstündeki alımlarda üç teklif istenir?",
        said("85.000 TL üzerindeki alımlarda en az üç yazılı teklif alınır")),
    ask("basvuru-formu.pdf", "Kurs başvuru formunda aylık gelir ne kadar yazılmış?",
        row("gelir", "41.300 TL")),
    ask("basvuru-formu.pdf", "Formu dolduran kişinin adı soyadı nedir?",
        row("ad", "Sevgi Tandoğan")),
    ask("basvuru-formu.pdf", "Başvuran hangi kursu seçmiş?", row("kurs", "Seramik (hafta sonu)")),
    ask("basvuru-formu.pdf", "Başvuran kişisel verilerin işlenmesine onay vermiş mi?",
        r"(?i:onay( veriyorum)?\W{1,4}(evet|yes|işaretli|✓|☑|☒|x\b))", r"[☑☒✓]\s*Kişisel veri"),
    ask("protokol.pdf", "Avukatın protokol taslağına düştüğü notta cezai şart için ne deniyor?",
        said("cezai şart tavanı sözleşme bedelinin %20'si olsun")),
    ask("toptan-fiyatlar.pdf", "25 kilogramlık kırmızı mercimek çuvalı kaç lira?",
        row("Kırmızı mercimek", "25 kg", "1.187,50")),
    ask("toptan-fiyatlar.pdf", "Kuru incirin stok durumu nedir?", row("Kuru incir", "tükendi")),
    ask("sevkiyat.pdf", "Gaziantep sevkiyatı hangi plakalı araçla yapılacak?",
        row("Gaziantep", "16 ABK 552")),
    ask("bordrolar.pdf", "Nuray Köse'nin bordrosunda net ödenecek tutar kaç lira?",
        together(said("Nuray Köse"), row("Net ödenecek", "38.417,20"))),
    ask("irrigation.pdf", "How much water did subsurface drip irrigation save?",
        said("subsurface drip lines used 37 percent less water than sprinklers")),
    ask("irrigation.pdf", "Which sensor was used for soil moisture?",
        said("capacitance probes of type HydraSense 4 were buried")),
)  # fmt: skip


class _Pages(FPDF):
    """Pages with a running head, and the number of the page at the foot."""

    def __init__(self, head: str = "") -> None:
        super().__init__()
        self._head = head
        self.add_font("Text", "", font())
        self.set_font("Text", size=10)

    def header(self) -> None:
        """The running head."""
        self.set_font("Text", size=8)
        self.cell(0, 8, self._head, new_x="LMARGIN", new_y="NEXT")
        self.set_font("Text", size=10)

    def footer(self) -> None:
        """The number of the page."""
        self.set_y(-15)
        self.cell(0, 8, f"Sayfa {self.page_no()}", align="C")

    def prose(self, paragraphs: Sequence[str]) -> None:
        """Paragraphs over the whole width."""
        for one in paragraphs:
            self.multi_cell(0, 5.5, one, new_x="LMARGIN", new_y="NEXT")
            self.ln(3)

    def columns(self, left: Sequence[str], right: Sequence[str], crossing: bool = False) -> None:
        """Two columns, written one after the other, or line by line across both."""
        top = self.get_y()
        lines = [(15, top + 5.5 * n, text) for n, text in enumerate(left, 1)]
        lines += [(110, top + 5.5 * n, text) for n, text in enumerate(right, 1)]
        for x, y, text in sorted(lines, key=lambda line: line[1]) if crossing else lines:
            self.text(x, y, text)
        self.set_y(top + 5.5 * (max(len(left), len(right)) + 2))


def write(folder: Path) -> None:
    """All files of this format."""
    _newsletter(folder / "bulten.pdf")
    _procedure(folder / "prosedur.pdf")
    _protocol(folder / "protokol.pdf")
    _prices(folder / "toptan-fiyatlar.pdf")
    _trips(folder / "sevkiyat.pdf")
    _payslips(folder / "bordrolar.pdf")
    _paper(folder / "irrigation.pdf")
    write_form(folder / "basvuru-formu.pdf")


def _newsletter(path: Path) -> None:
    pages = _Pages("Deniz Feneri Eğitim Derneği - Üç Aylık Bülten")
    pages.add_page()
    pages.prose(["Yılın ardından"])
    pages.columns(LEFT, RIGHT)
    pages.prose(turkish(3))
    pages.add_page()
    pages.prose(turkish(5, 3))
    pages.output(str(path))


def _procedure(path: Path) -> None:
    pages = _Pages("Satın Alma Prosedürü   Doküman No: KYS-PR-014   Rev. 03   Yayın: 12.01.2025")
    for number in range(3):
        pages.add_page()
        if number == 1:
            pages.prose(
                ["4. Teklif alma", "85.000 TL üzerindeki alımlarda en az üç yazılı teklif alınır; "
                 "teklifler satın alma komisyonunca karşılaştırılır."]
            )  # fmt: skip
        pages.prose(turkish(4, number * 3))
    pages.output(str(path))


def _protocol(path: Path) -> None:
    pages = _Pages()
    pages.add_page()
    pages.prose(["İŞ BİRLİĞİ PROTOKOLÜ (TASLAK)", *turkish(4, 1)])
    pages.text_annotation(
        150,
        60,
        "Av. Dilek: cezai şart tavanı sözleşme bedelinin %20'si olsun, yoksa imzalamayalım.",
    )
    pages.output(str(path))


def _prices(path: Path) -> None:
    pages = _Pages("Ova Gıda Toptan")
    pages.add_page()
    pages.prose(["Toptan fiyat listesi, Mart", *turkish(1, 3)])
    _table(pages, PRICES)
    pages.prose(["Fiyatlara KDV dahildir.", *turkish(2, 9)])
    pages.output(str(path))


def _table(pages: _Pages, rows: Sequence[Sequence[str]]) -> None:
    with pages.table(first_row_as_headings=False) as table:
        for cells in rows:
            line = table.row()
            for cell in cells:
                line.cell(cell)
    pages.ln(4)


def _trips(path: Path) -> None:
    """A page that lies on its side: drawn upwards, and turned by the viewer."""
    pages = _Pages()
    pages.add_page()
    pages.prose(["Haftalık sevkiyat planı ektedir.", *turkish(2, 3)])
    pages.add_page()
    with pages.rotation(90, 105, 148):
        for line, cells in enumerate(TRIPS):
            for place, cell in enumerate(cells):
                pages.text(5 + 34 * place, 80 + 9 * line, cell)
    pages.output(str(path))
    writer = PdfWriter(clone_from=PdfReader(path))
    writer.pages[1].rotate(90)
    writer.write(path)


def _payslips(path: Path) -> None:
    """A page for each person, alike but for the name and the numbers."""
    pages = _Pages("Akçam Tekstil - Ücret bordrosu - Mart 2025")
    people = (("Aslı Kurt", "41.902,75"), ("Nuray Köse", "38.417,20"), ("Veli Taş", "36.120,00"))
    for number, (name, paid) in enumerate(people):
        pages.add_page()
        pages.prose([f"Sicil: 0044{number}7", f"Adı soyadı: {name}", "Gün: 30"])
        pages.text(15, 270, f"Net ödenecek: {paid} TL")
    pages.output(str(path))


def _paper(path: Path) -> None:
    pages = _Pages("Journal of Orchard Studies 12 (2024) 55-58")
    pages.add_page()
    pages.prose(["Water use of almond orchards under three irrigation systems", "Abstract"])
    pages.columns(ABSTRACT, METHODS, crossing=True)
    pages.prose(english(3))
    pages.add_page()
    pages.prose(english(6, 1))
    pages.output(str(path))
