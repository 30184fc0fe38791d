"""Word files: what stands in a lease, lecture notes and a technical specification."""

from __future__ import annotations

from pathlib import Path

import docx
from docx.document import Document
from docx.oxml import parse_xml

from bench.reading.prose import turkish
from bench.reading.questions import ask, inorder, row, said
from bench.reading.word_parts import (
    NAMES,
    add_footnotes,
    add_numbering,
    box,
    equation,
    numbered,
    run,
)

QUESTIONS = (
    ask("kira-sozlesmesi.docx", "MADDE 4 ne hakkında?",
        r"MADDE 4\W{1,4}" + said("Tahliye ve teslim")),
    ask("kira-sozlesmesi.docx", "3.2 maddesinde aidat için ne yazıyor?",
        r"3\.2\W{1,3}" + said("Aidat ve ortak giderler kiracıya aittir")),
    ask("kira-sozlesmesi.docx", "Kira sözleşmesinin numarası kaç?", said("HK-2291/25")),
    ask("kira-sozlesmesi.docx", "Kiralayanın tebligat adresi neresi?",
        said("Fevzipaşa Bulvarı No: 112")),
    ask("kira-sozlesmesi.docx", "Depozito ne kadar?",
        said("depozito olarak üç aylık kira bedeli")),
    ask("kira-sozlesmesi.docx", "Demirbaş listesine göre salonda kaç perde var?",
        row("Salon", "Perde", "4 adet")),
    ask("fizik-notlari.docx", "Isı miktarının formülü nedir?",
        r"Q ?= ?m ?[·⋅*]? ?c ?[·⋅*]? ?(Δ|\\Delta) ?T"),
    ask("fizik-notlari.docx", "Ortalama hız formülü ders notlarında nasıl?",
        r"v ?= ?\(?Δ ?x\)? ?/ ?\(?Δ ?t", r"v ?= ?\\frac\{(Δ|\\Delta) ?x\}\{(Δ|\\Delta) ?t\}"),
    ask("fizik-notlari.docx", "Dipnotta kalorinin tanımı için hangi sıcaklık verilmiş?",
        said("14,5 °C'den 15,5 °C'ye çıkaran ısı")),
    ask("fizik-notlari.docx", "Fizik ara sınavı hangi gün?", said("Ara sınav: 18 Nisan Cuma")),
    ask("sartname.docx", "Isı yalıtımı hangi standarda göre yapılacak?",
        said("TS-825 standardına uygun")),
    ask("sartname.docx", "Şartnamede hangi yönetmeliğe uyulması isteniyor?",
        said("Binalarda Enerji Performansı Yönetmeliğine")),
    ask("sartname.docx", "Cephe işlerinde iskele için birim fiyat nedir?",
        row("İskele kurulması", "m²", "285,00")),
    ask("sartname.docx", "Geçici kabul için kaç gün önceden yazı verilir?",
        inorder("Geçici kabul", "on beş gün önceden yazıyla")),
)  # fmt: skip


def write(folder: Path) -> None:
    """All files of this format."""
    _lease(folder / "kira-sozlesmesi.docx")
    _notes(folder / "fizik-notlari.docx")
    _specification(folder / "sartname.docx")


def _lease(path: Path) -> None:
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "Konut Kira Sözleşmesi\tSözleşme No: HK-2291/25"
    made.sections[0].footer.paragraphs[
        0
    ].text = "Kiralayan: Ege Yapı A.Ş., Fevzipaşa Bulvarı No: 112 Kat 3, Konak, İzmir"
    articles = add_numbering(made, ("MADDE %1 –", "%1.%2."))
    made.add_paragraph("KONUT KİRA SÖZLEŞMESİ", "Title")
    for number, (title, clauses) in enumerate(_ARTICLES):
        numbered(made, articles, 0, title)
        for clause in clauses:
            numbered(made, articles, 1, clause)
        made.add_paragraph(turkish(1, number + 1)[0])
    _changed(made)
    _inventory(made)
    made.save(str(path))


_ARTICLES = (
    ("Taraflar", ("Bu sözleşme kiralayan ile kiracı arasında yapılmıştır.",)),
    ("Kira bedeli", ("Aylık kira bedeli 27.500 TL'dir.", "Kira her ayın beşine kadar ödenir.")),
    ("Giderler", ("Su, elektrik ve doğal gaz abonelikleri kiracının üzerine alınır.",
                  "Aidat ve ortak giderler kiracıya aittir.",
                  "Emlak vergisi kiralayana aittir.")),
    ("Tahliye ve teslim", ("Konut boyalı ve temiz teslim edilir.",)),
    ("Uyuşmazlık", ("İzmir mahkemeleri ve icra daireleri yetkilidir.",)),
)  # fmt: skip


def _changed(made: Document) -> None:
    """A sentence of which a word was replaced while changes were tracked."""
    who = 'w:id="91" w:author="Ege" w:date="2025-02-11T10:00:00Z"'
    made.element.body.insert_element_before(
        parse_xml(
            f"<w:p {NAMES}>{run('Kiracı, teslimden önce depozito olarak ')}"
            f"<w:del {who}>{run('iki', deleted=True)}</w:del><w:ins {who}>{run('üç')}</w:ins>"
            f"{run(' aylık kira bedelini bankaya yatırır.')}</w:p>"
        ),
        "w:sectPr",
    )


def _inventory(made: Document) -> None:
    """A table whose first column is merged downwards, room by room."""
    made.add_paragraph("Demirbaş listesi", "Heading 1")
    things = (
        ("Salon", ("Klima", "1 adet")), ("", ("Perde", "4 adet")), ("", ("Avize", "1 adet")),
        ("Yatak odası", ("Gardırop", "1 adet")), ("", ("Perde", "2 adet")),
    )  # fmt: skip
    table = made.add_table(0, 3)
    for room, cells in (("Oda", ("Eşya", "Sayı")), *things):
        for cell, text in zip(table.add_row().cells, (room, *cells), strict=True):
            cell.text = text
    for first, last in ((1, 3), (4, 5)):
        table.cell(first, 0).merge(table.cell(last, 0))


def _notes(path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("Isı ve sıcaklık", "Heading 1")
    note = made.add_paragraph(
        "Isı birimi olarak joule ya da kalori kullanılır. "
        "Bir maddeye verilen ısı miktarı şu formülle bulunur: "
    )
    note._p.append(parse_xml(equation("Q=mcΔT")))
    made.add_paragraph(turkish(1, 5)[0])
    made.add_paragraph("Hareket", "Heading 1")
    speed = made.add_paragraph("Ortalama hız, yer değiştirmenin zamana oranıdır: ")
    speed._p.append(parse_xml(equation("v=", ("Δx", "Δt"))))
    for text in turkish(4, 4):
        made.add_paragraph(text)
    made.element.body.insert_element_before(
        parse_xml(box("Ara sınav: 18 Nisan Cuma, saat 13.30, B-204")), "w:sectPr"
    )
    made.save(str(path))
    add_footnotes(
        path, "Isı birimi", "Bir kalori, bir gram suyu 14,5 °C'den 15,5 °C'ye çıkaran ısıdır."
    )


def _specification(path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("Cephe Yenileme İşi Teknik Şartnamesi", "Title")
    made.add_paragraph(turkish(1, 3)[0])
    insulation = made.add_paragraph("Dış cephede ısı yalıtımı, TS")
    insulation._p.append(parse_xml(f"<w:r {NAMES}><w:noBreakHyphen/><w:t>825</w:t></w:r>"))
    insulation.add_run(" standardına uygun olarak yapılacaktır.")
    rule = made.add_paragraph("Yüklenici, Binalarda Enerji Perfor")
    rule._p.append(parse_xml(f"<w:r {NAMES}><w:softHyphen/><w:t>mansı Yönet\u00ad</w:t></w:r>"))
    rule.add_run("meliğine uymakla yükümlüdür.")
    for text in turkish(3, 6):
        made.add_paragraph(text)
    made.add_paragraph("Geçici kabul", "Heading 1")
    made.add_paragraph("İş bitiminde idareye on beş gün önceden yazıyla başvurulur.")
    _unit_prices(made)
    made.save(str(path))


def _unit_prices(made: Document) -> None:
    """A table with a title cell over its whole width."""
    rows = (
        ("CEPHE İŞLERİ", "", ""), ("İş kalemi", "Birim", "Birim fiyat (TL)"),
        ("İskele kurulması", "m²", "285,00"), ("Taş yünü levha, 6 cm", "m²", "640,00"),
        ("Dekoratif sıva", "m²", "410,00"), ("Söve", "m", "195,00"),
    )  # fmt: skip
    table = made.add_table(0, 3)
    for cells in rows:
        for cell, text in zip(table.add_row().cells, cells, strict=True):
            cell.text = text
    table.cell(0, 0).merge(table.cell(0, 2))
