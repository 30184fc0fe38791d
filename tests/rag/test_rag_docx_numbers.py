"""Word's automatic numbers are read as they are shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rag.load import load
from tests.support.office import paragraph, rooted, word

CASE = Path(__file__).parents[3] / "shared" / "cases" / "numbers-header-footer.docx"
Lines = Callable[..., list[str]]


@pytest.fixture
def lines(tmp_path: Path) -> Lines:
    """The lines of a document."""

    def lines(body: str, **parts: str) -> list[str]:
        path = tmp_path / "a.docx"
        path.write_bytes(word(body, **parts))
        text = "\n".join(part.text for part in load(path, "a.docx").parts)
        return [line for line in text.split("\n") if line]

    return lines


def level(at: int, format: str, text: str, more: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{format}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbering(*levels: str, more: str = "") -> str:
    return rooted(
        "w:numbering",
        f'<w:abstractNum w:abstractNumId="7">{"".join(levels)}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>{more}',
    )


def item(text: str, at: int = 0, number: int = 1) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{number}"/></w:numPr>')


def test_levels_count_under_each_other(lines: Lines) -> None:
    made = numbering(
        level(0, "upperRoman", "BÖLÜM %1 –"),
        level(1, "decimal", "%1.%2", "<w:isLgl/>"),
        level(2, "lowerLetter", "%3)"),
        level(3, "bullet", "\uf0b7"),
    )
    body = [item("Giriş"), item("Amaç", 1), item("bir", 2), item("iki", 2), item("nokta", 3)]
    body += [item("Kapsam", 1), item("yine", 2), item("Son"), item("Ek", 1)]
    assert lines("".join(body), numbering=made) == [
        "BÖLÜM I – Giriş", "1.1 Amaç", "a) bir", "b) iki", "- nokta",
        "1.2 Kapsam", "a) yine", "BÖLÜM II – Son", "2.1 Ek",
    ]  # fmt: skip


def test_a_level_may_never_begin_anew(lines: Lines) -> None:
    made = numbering(
        level(0, "decimal", "%1."), level(1, "decimal", "Madde %2", '<w:lvlRestart w:val="0"/>')
    )
    body = item("a") + item("b", 1) + item("c") + item("d", 1)
    assert lines(body, numbering=made) == ["1. a", "Madde 1 b", "2. c", "Madde 2 d"]


def test_a_list_goes_on_or_begins_anew(lines: Lines) -> None:
    more = (
        '<w:num w:numId="2"><w:abstractNumId w:val="7"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )
    body = "".join(item(f"{n}", number=n) for n in (1, 2, 3, 3, 1))
    made = numbering(level(0, "decimalZero", "%1."), more=more)
    assert lines(body, numbering=made) == ["01. 1", "02. 2", "05. 3", "06. 3", "07. 1"]


@pytest.mark.parametrize(
    ("format", "start", "shown"),
    [
        ("lowerRoman", 4, "iv"), ("upperLetter", 27, "AA"), ("ordinal", 2, "2nd"),
        ("none", 1, ""), ("cardinalText", 3, "3"),
    ],
)  # fmt: skip
def test_formats_of_numbers(lines: Lines, format: str, start: int, shown: str) -> None:
    made = numbering(level(0, format, "Ek%1:", start=start))
    assert lines(item("söz"), numbering=made) == [f"Ek{shown}: söz"]


def test_an_ordinal_is_written_as_in_the_language_of_the_document(lines: Lines) -> None:
    spoken = "<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val='tr-TR'/></w:rPr></w:rPrDefault>"
    styles = rooted("w:styles", f"{spoken}</w:docDefaults>")
    made = numbering(level(0, "ordinal", "%1"))
    assert lines(item("söz"), numbering=made, styles=styles) == ["1. söz"]


def test_a_style_and_what_is_based_on_it_are_numbered(tmp_path: Path) -> None:
    styles = rooted(
        "w:styles",
        '<w:style w:type="paragraph" w:styleId="Madde"><w:name w:val="heading 1"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Benim"><w:basedOn w:val="Madde"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Alt"><w:basedOn w:val="Madde"/><w:pPr>'
        '<w:numPr><w:ilvl w:val="1"/></w:numPr><w:outlineLvl w:val="1"/></w:pPr></w:style>',
    )
    made = numbering(
        level(0, "decimal", "MADDE %1 –", '<w:pStyle w:val="Madde"/>'),
        level(1, "decimal", "%1.%2", '<w:pStyle w:val="Alt"/>'),
    )
    body = [
        paragraph(text, f'<w:pStyle w:val="{style}"/>')
        for text, style in (("Taraflar", "Madde"), ("Süre", "Benim"), ("Fesih", "Alt"))
    ]
    path = tmp_path / "a.docx"
    path.write_bytes(
        word("".join([*body, paragraph("Bir ay önce.")]), styles=styles, numbering=made)
    )
    found = load(path, "a.docx").parts
    assert found[0].text.split("\n")[0] == "MADDE 1 – Taraflar"
    assert found[-1].heading == ("MADDE 2 – Süre", "2.1 Fesih")
    assert found[-1].text.endswith("Bir ay önce.")


def test_what_is_deleted_or_hidden_is_not_counted(lines: Lines) -> None:
    deleted = item("").replace("</w:pPr>", "<w:rPr><w:del/></w:rPr></w:pPr>")
    hidden = item("gizli").replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>")
    hidden = hidden.replace("</w:pPr>", "<w:rPr><w:vanish/></w:rPr></w:pPr>")
    body = item("bir") + deleted + hidden + item("iki")
    assert lines(body, numbering=numbering(level(0, "decimal", "%1."))) == ["1. bir", "2. iki"]


def test_a_column_of_numbers_in_a_table_is_read(lines: Lines) -> None:
    def row(name: str) -> str:
        return f"<w:tr><w:tc>{item('')}</w:tc><w:tc>{paragraph(name)}</w:tc></w:tr>"

    body = f"<w:tbl>{row('Çay')}{row('Şeker')}</w:tbl>"
    made = numbering(level(0, "decimal", "%1."))
    assert lines(body, numbering=made) == ["1. | Çay", "2. | Şeker"]


@pytest.mark.parametrize("broken", ["", "<w:numbering", "<other/>"])
def test_broken_numbers_cost_the_numbers_alone(lines: Lines, broken: str) -> None:
    assert lines(item("Kira"), numbering=broken) == ["Kira"]


@pytest.mark.skipif(not CASE.is_file(), reason="the shared cases are not here")
def test_the_contract_of_the_cases_says_what_is_printed() -> None:
    said = "\n".join(part.text for part in load(CASE, CASE.name).parts)
    for expected in (
        "MADDE 2 – Uyuşmazlıkta Bolu", "3. Evcil hayvan", "KX-7741", "Çınarlık Depo 12", "F=ma",
        "TS-825",
    ):  # fmt: skip
        assert said.count(expected) == 1
