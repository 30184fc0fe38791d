"""A text of LibreOffice: headings, lists, a table, a footnote, a head, a tracked deletion."""

from __future__ import annotations

import zipfile
from pathlib import Path

from bench.reading.prose import turkish
from bench.reading.questions import ask, row, said

QUESTIONS = (
    ask("tez-onerisi.odt", "Tez önerisinde kaç katılımcıyla görüşülecek?",
        said("yirmi altı katılımcıyla yarı yapılandırılmış görüşme")),
    ask("tez-onerisi.odt", "Tezin arazi çalışması için ayrılan bütçe ne kadar?",
        row("Arazi çalışması", "36.750 TL")),
    ask("tez-onerisi.odt", "Dipnota göre etik kurul izni ne zaman alındı?",
        said("etik kurul izni 22 Ocak 2025 tarihinde alınmıştır")),
    ask("tez-onerisi.odt", "Tez önerisi hangi enstitüye verilecek?",
        said("Sosyal Bilimler Enstitüsü")),
    ask("tez-onerisi.odt", "Tez önerisinin danışmanı kim?", said("Danışman: Doç. Dr. Lale Pekin")),
)  # fmt: skip

_SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"),
    )
)  # fmt: skip
_KIND = "application/vnd.oasis.opendocument.text"
_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_KIND}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def write(folder: Path) -> None:
    """All files of this format."""
    with zipfile.ZipFile(folder / "tez-onerisi.odt", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", _KIND, zipfile.ZIP_STORED)
        made.writestr("META-INF/manifest.xml", _MANIFEST)
        made.writestr("content.xml", _content())
        made.writestr("styles.xml", _styles())


def _content() -> str:
    note = (
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
        "<text:note-body><text:p>Bu araştırma için etik kurul izni 22 Ocak 2025 tarihinde "
        "alınmıştır.</text:p></text:note-body></text:note>"
    )
    body = [
        _heading("Tez Önerisi"),
        _paragraph("Danışman:<text:s/>Doç. Dr. <text:span>Lale</text:span> Pekin"),
        *map(_paragraph, turkish(2)), _heading("Yöntem"),
        _paragraph(
            "Araştırmada yirmi altı katılımcıyla yarı yapılandırılmış görüşme yapılacaktır."
            f"{note} Görüşmeler kaydedilecektir."
        ),
        *map(_paragraph, turkish(3, 5)), _heading("Bütçe"),
        _table(("Kalem", "Tutar"), ("Arazi çalışması", "36.750 TL"), ("Çeviri", "8.200 TL")),
        *map(_paragraph, turkish(2, 8)),
    ]  # fmt: skip
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES} '
        f'office:version="1.3"><office:body><office:text>{"".join(body)}</office:text>'
        "</office:body></office:document-content>"
    )


def _heading(text: str) -> str:
    return f'<text:h text:outline-level="1">{text}</text:h>'


def _paragraph(text: str) -> str:
    return f"<text:p>{text}</text:p>"


def _table(*rows: tuple[str, ...]) -> str:
    lines = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell>{_paragraph(cell)}</table:table-cell>" for cell in cells)
        + "</table:table-row>"
        for cells in rows
    )
    return (
        f'<table:table><table:table-column table:number-columns-repeated="2"/>{lines}</table:table>'
    )


def _styles() -> str:
    """The head of each page, which LibreOffice keeps with the styles."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-styles {_SPACES} '
        'office:version="1.3"><office:master-styles><style:master-page style:name="Standard">'
        "<style:header><text:p>Sosyal Bilimler Enstitüsü</text:p></style:header>"
        "</style:master-page></office:master-styles>"
        "</office:document-styles>"
    )
