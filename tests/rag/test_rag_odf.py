"""OpenDocument is read as LibreOffice shows it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag.load import Loaded, LoadError, load
from rag.values import Part
from tests.support.opendocument import opendocument

Open = Callable[..., Loaded]
NUMBERS = (
    '<text:list-style style:name="L"><text:list-level-style-number text:level="1" '
    'style:num-prefix="MADDE " style:num-suffix=" –" style:num-format="1"/>'
    '<text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")"/>'
    '<text:list-level-style-bullet text:level="3"/></text:list-style>'
)


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    def opened(kind: str, body: str, **more: Any) -> Loaded:
        path = tmp_path / "file"
        path.write_bytes(opendocument(kind, body, **more))
        return load(path, "a.odt")

    return opened


def said(loaded: Loaded) -> list[str]:
    return [line for part in loaded.parts for line in part.text.split("\n") if line]


def test_a_text_has_headings_notes_and_what_is_shown(opened: Open) -> None:
    hidden = (
        '<style:style style:name="T" style:family="text">'
        '<style:text-properties text:display="none"/></style:style>'
    )
    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Dip.</text:p>"
        "</text:note-body></text:note>"
    )
    comment = (
        "<office:annotation><dc:creator>Ayşe</dc:creator><text:p>Kısa mı?</text:p>"
        "</office:annotation>"
    )
    deleted = "<text:tracked-changes><text:p>silindi</text:p></text:tracked-changes>"
    loaded = opened(
        "text",
        f'{deleted}<text:h text:outline-level="1">Kira</text:h><text:p>Bin\n  <text:s text:c="2"/>'
        f'lira<text:span text:style-name="T">gizli</text:span>{note}<text:tab/>olur{comment}.'
        "</text:p>",
        styles=hidden,
    )
    assert loaded.parts == (
        Part("Kira\n\nBin   lira\tolur.", None, ("Kira",)),
        Part("Dip.", None, ("Kira",)),
        Part("Ayşe: Kısa mı?", None, ("Kira",)),
    )


def test_lists_are_numbered_as_shown(opened: Open) -> None:
    def items(*inside: str, more: str = "") -> str:
        each = "".join(f"<text:list-item>{one}</text:list-item>" for one in inside)
        return f'<text:list text:style-name="L" {more}>{each}</text:list>'

    def p(text: str) -> str:
        return f"<text:p>{text}</text:p>"

    deep = items(items(items(p("nokta"))))
    body = items(p("Bir") + items(p("alt"), p("alt")), p("İki") + items(p("yine"))) + p("söz")
    body += items(p("Üç"), more='text:continue-numbering="true"') + items(p("Başa")) + deep
    assert said(opened("text", body, styles=NUMBERS)) == [
        "MADDE 1 – Bir", "a) alt", "b) alt", "MADDE 2 – İki", "a) yine", "söz", "MADDE 3 – Üç",
        "MADDE 1 – Başa", "- nokta",
    ]  # fmt: skip


def test_headings_carry_their_numbers(opened: Open) -> None:
    outline = (
        '<text:outline-style><text:outline-level-style text:level="1" style:num-format="I" '
        'style:num-suffix="."/><text:outline-level-style text:level="2" style:num-format="1" '
        'text:display-levels="2"/></text:outline-style>'
    )
    heads = "".join(
        f'<text:h text:outline-level="{level}">{name}</text:h>'
        for level, name in ((1, "Giriş"), (1, "Yöntem"), (2, "Örneklem"))
    )
    loaded = opened("text", f"{heads}<text:p>Kırk kişi.</text:p>", styles=outline)
    assert loaded.parts[-1].heading == ("II. Yöntem", "II.1 Örneklem")


def test_headers_are_read_once_and_pages_are_counted(opened: Open) -> None:
    master = (
        '<style:master-page style:name="Standard"><style:header><text:p>No: KX-7741</text:p>'
        "</style:header><style:footer><text:p><text:page-number>1</text:page-number></text:p>"
        '</style:footer></style:master-page><style:master-page style:name="HTML"><style:header>'
        "<text:p>kullanılmıyor</text:p></style:header></style:master-page>"
    )
    begins = (
        '<style:style style:name="P1" style:family="paragraph" style:master-page-name="Standard"/>'
    )
    loaded = opened(
        "text",
        '<text:p text:style-name="P1">Bir</text:p><text:p>iki <text:soft-page-break/>üç</text:p>',
        styles=begins,
        masters=master,
        attributes='text:use-soft-page-breaks="true"',
    )
    assert [(part.text, part.page) for part in loaded.parts] == [
        ("No: KX-7741", 1), ("Bir", 1), ("iki", 1), ("üç", 2),
    ]  # fmt: skip


def cell(text: str, more: str = "") -> str:
    return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"


def test_merged_and_repeated_cells_make_rows_that_stand_alone(opened: Open) -> None:
    rows = [
        cell("Kent") + cell("2024", 'table:number-columns-spanned="2"')
        + "<table:covered-table-cell/>" + cell("Not"),
        cell("Bolu", 'table:number-rows-spanned="2"')
        + cell("1", 'table:number-columns-repeated="2"') + cell("iyi"),
        "<table:covered-table-cell/>" + cell("3") + cell("4")
        + '<table:table-cell table:number-columns-repeated="16000"/>',
    ]  # fmt: skip
    table = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    many = 'table:number-rows-repeated="1048000"'
    empty = f"<table:table-row {many}><table:table-cell/></table:table-row>"
    loaded = opened("text", f"<table:table>{table}{empty}</table:table>")
    assert said(loaded) == ["Kent | 2024 |  | Not", "Bolu | 1 | 1 | iyi", "Bolu | 3 | 4"]
    assert loaded.parts[0].kind == "table"


def test_sheets_are_pages_and_hidden_ones_say_so(opened: Open) -> None:
    def sheet(name: str, value: str, more: str = "") -> str:
        row = f"<table:table-row>{cell('Çay')}{cell(value)}</table:table-row>"
        return f'<table:table table:name="{name}" {more}>{row}</table:table>'

    hidden = (
        '<style:style style:name="ta" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    body = sheet("Fiyat", "%7,5") + sheet("Eski", "4", 'table:style-name="ta"')
    assert opened("spreadsheet", body, styles=hidden).parts == (
        Part("Çay | %7,5", 1, ("Fiyat",), "table"),
        Part("Çay | 4", 2, ("Eski [hidden]",), "table"),
    )


def test_slides_are_read_by_their_place(opened: Open) -> None:
    def frame(text: str, x: str, y: str, kind: str = "") -> str:
        return (
            f'<draw:frame svg:x="{x}" svg:y="{y}" svg:height="1cm" {kind}><draw:text-box><text:p>'
            f"{text}</text:p></draw:text-box></draw:frame>"
        )

    notes = f"<presentation:notes>{frame('Burada dur.', '0cm', '0cm')}</presentation:notes>"
    title = frame("Başlık", "0cm", "9cm", 'presentation:class="title"')
    body = (
        f"<draw:page>{frame('iki', '9cm', '5.2cm')}{frame('bir', '1cm', '52mm')}"
        f"{title}{notes}</draw:page>"
    )
    assert opened("presentation", body).parts == (
        Part("Başlık\nbir\niki\nBurada dur.", 1, ("Başlık",)),
    )


def test_an_encrypted_file_asks_for_its_password(tmp_path: Path) -> None:
    path = tmp_path / "a.odt"
    manifest = b'<m:manifest xmlns:m="urn:x"><m:encryption-data/></m:manifest>'
    made = opendocument("text", "", files={"META-INF/manifest.xml": manifest})
    path.write_bytes(made)
    with pytest.raises(LoadError) as error:
        load(path, "a.odt")
    assert error.value.key == "encrypted"
