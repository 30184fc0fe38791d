"""Slides: notes, a chart's numbers, a table, and boxes that were not drawn in reading order."""

from __future__ import annotations

from pathlib import Path

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.presentation import Presentation as Slides
from pptx.util import Cm

from bench.reading.prose import turkish
from bench.reading.questions import ask, inorder, row, said

QUESTIONS = (
    ask("satis-sunumu.pptx", "Sunumda bayilere hangi iskonto sözü verilecekmiş?",
        said("bayilere yıl sonuna kadar yüzde 12 iskonto sözü verin")),
    ask("satis-sunumu.pptx", "Üçüncü çeyrekte Ege bölgesinin satışı kaç?",
        row("3. çeyrek", "742"), inorder("Ege", "3. çeyrek", "742"), row("Ege", "742")),
    ask("satis-sunumu.pptx", "Pazar payı tablosunda ikinci olan marka hangisi?",
        row("2", "Yelken", "%21,4")),
    ask("satis-sunumu.pptx", "Çalıştayda saat 11.15'te hangi oturum var?",
        inorder("11.15", "Depo otomasyonu", "13.00"), row("11.15", "Depo otomasyonu")),
)  # fmt: skip

_PROGRAMME = (
    ("09.30", "Açılış"), ("10.00", "Bayi temsilcileri konuşuyor"), ("11.15", "Depo otomasyonu"),
    ("13.00", "Öğle yemeği"), ("14.00", "Değerlendirme"),
)  # fmt: skip


def write(folder: Path) -> None:
    """All files of this format."""
    made = Presentation()
    for place in range(2):
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text = ("Satış toplantısı", "Bayi ağı")[place]
        slide.placeholders[1].text = "\n".join(turkish(2, 4 * place))
    slide.notes_slide.notes_text_frame.text = (
        "Burada duraklayın ve bayilere yıl sonuna kadar yüzde 12 iskonto sözü verin."
    )
    _chart(made)
    _shares(made)
    _programme(made)
    made.save(str(folder / "satis-sunumu.pptx"))


def _chart(made: Slides) -> None:
    data = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = ["1. çeyrek", "2. çeyrek", "3. çeyrek", "4. çeyrek"]
    data.add_series("Marmara", (910, 955, 1012, 1104))  # type: ignore[no-untyped-call]
    data.add_series("Ege", (604, 688, 742, 655))  # type: ignore[no-untyped-call]
    slide = made.slides.add_slide(made.slide_layouts[5])
    slide.shapes.title.text = "Bölgelere göre satış (bin adet)"
    kind = XL_CHART_TYPE.COLUMN_CLUSTERED
    slide.shapes.add_chart(kind, Cm(2), Cm(4), Cm(20), Cm(12), data)


def _shares(made: Slides) -> None:
    slide = made.slides.add_slide(made.slide_layouts[5])
    slide.shapes.title.text = "Pazar payı"
    rows = (
        ("Sıra", "Marka", "Pay"),
        ("1", "Doruk", "%34,0"),
        ("2", "Yelken", "%21,4"),
        ("3", "Biz", "%18,9"),
    )
    table = slide.shapes.add_table(4, 3, Cm(2), Cm(4), Cm(18), Cm(6)).table
    for line, cells in enumerate(rows):
        for place, text in enumerate(cells):
            table.cell(line, place).text = text


def _programme(made: Slides) -> None:
    """Times at the left and topics at the right; the topics were drawn first, the last on top."""
    slide = made.slides.add_slide(made.slide_layouts[6])
    lines = list(enumerate(_PROGRAMME))
    for column, order in ((1, reversed(lines)), (0, iter(lines))):
        for line, cells in order:
            left, top = Cm(2 + 5 * column), Cm(5 + 2 * line)
            box = slide.shapes.add_textbox(left, top, Cm(4 + 8 * column), Cm(1.2))
            box.text_frame.text = cells[column]
    title = slide.shapes.add_textbox(Cm(2), Cm(1), Cm(20), Cm(2))
    title.text_frame.text = "Çalıştay programı"
