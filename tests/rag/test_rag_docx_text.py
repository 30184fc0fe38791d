"""Word is read as it is printed, with its tracked changes accepted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rag.load import Loaded, load
from rag.values import Part
from tests.support.office import paragraph, rooted, strict, word

Open = Callable[..., Loaded]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    def opened(body: str, **parts: str) -> Loaded:
        path = tmp_path / "a.docx"
        path.write_bytes(word(body, **parts))
        return load(path, "a.docx")

    return opened


def run(inside: str) -> str:
    return f"<w:r>{inside}</w:r>"


def text(*said: str) -> str:
    return "".join(run(f"<w:t>{one}</w:t>") for one in said)


def said(loaded: Loaded) -> str:
    return "\n".join(part.text for part in loaded.parts)


def field(asks: str, shows: str) -> str:
    kinds = [run(f'<w:fldChar w:fldCharType="{kind}"/>') for kind in ("begin", "separate", "end")]
    return f"{kinds[0]}{run(f'<w:instrText>{asks}</w:instrText>')}{kinds[1]}{shows}{kinds[2]}"


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ("<w:t>TS</w:t><w:noBreakHyphen/><w:t>825</w:t>", "TS-825"),
        ("<w:t>kar</w:t><w:softHyphen/><w:t>ma\u00adşık</w:t>", "karmaşık"),
        ("<w:t>Ad</w:t><w:tab/><w:t>Soyad</w:t><w:br/><w:t>Yaş</w:t>", "Ad\tSoyad\nYaş"),
        ('<w:sym w:font="Wingdings" w:char="F0FE"/><w:t> Evet</w:t>', "☑ Evet"),
        ('<w:t>açı </w:t><w:sym w:font="Symbol" w:char="F061"/>', "açı α"),
        ("<w:rPr><w:vanish/></w:rPr><w:t>gizli</w:t></w:r><w:r><w:t>açık</w:t>", "açık"),
        ('<w:rPr><w:vanish w:val="0"/></w:rPr><w:t>açık</w:t>', "açık"),
    ],
)
def test_characters_of_a_run(opened: Open, runs: str, expected: str) -> None:
    assert said(opened(f"<w:p>{run(runs)}</w:p>")) == expected


def test_tracked_changes_are_accepted(opened: Open) -> None:
    changed = (
        f"{text('Kira ')}<w:del>{run('<w:delText>bin</w:delText>')}</w:del><w:ins>{text('iki bin')}"
        f"</w:ins>{text(' lira')}<w:moveFrom>{text('taşındı')}</w:moveFrom>"
    )
    joined = f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{changed}</w:p>"
    moved = f"<w:p>{text(' olur.')}<w:moveTo>{text(' (taşındı)')}</w:moveTo></w:p>"
    assert said(opened(joined + moved)) == "Kira iki bin lira olur. (taşındı)"


def test_headers_and_footers_are_read_once(opened: Open) -> None:
    def section(*kinds: str) -> str:
        each = "".join(
            f'<w:{name[:6]}Reference w:type="{kind}" r:id="r{name}"/>'
            for name, kind in (one.split(":") for one in kinds)
        )
        return f"<w:sectPr>{each}<w:titlePg/></w:sectPr>"

    numbered = f"<w:p>{text('Sayfa ')}{field('PAGE', text('7'))}</w:p>"
    first = section("header1:default", "header2:first", "header3:even", "footer1:default")
    loaded = opened(
        f"{paragraph('Bir')}{paragraph('İki', first)}{paragraph('Üç')}{section('header1:default')}",
        header1=rooted("w:hdr", paragraph("No: KX-7741") + numbered),
        header2=rooted("w:hdr", paragraph("Kapak")),
        header3=rooted("w:hdr", paragraph("Çift sayfa")),
        footer1=rooted("w:ftr", paragraph("Çınarlık Depo 12")),
    )
    assert said(loaded).split("\n") == [
        "No: KX-7741", "Sayfa", "Kapak", "Bir", "İki", "Çınarlık Depo 12", "Üç",
    ]  # fmt: skip


def test_a_header_stands_under_no_heading(opened: Open) -> None:
    outlined = paragraph("Giriş", '<w:outlineLvl w:val="0"/>') + paragraph("Söz.")
    loaded = opened(
        f'{outlined}<w:sectPr><w:footerReference r:id="rfooter1"/></w:sectPr>',
        footer1=rooted("w:ftr", paragraph("Dip")),
    )
    assert loaded.parts == (
        Part("Giriş\n\nSöz.", None, ("Giriş",)),
        Part("Dip", None, ()),
    )


def test_a_text_box_is_read_once(opened: Open) -> None:
    box = f"<w:txbxContent>{paragraph('Kutu')}</w:txbxContent>"
    both = (
        f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx>'
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent>"
    )
    assert said(opened(f"<w:p>{text('Önce')}{run(both)}{text(' sonra')}</w:p>")) == (
        "Önce sonra\nKutu"
    )


def math(tag: str, **inside: str) -> str:
    each = "".join(f"<m:{name}>{one}</m:{name}>" for name, one in inside.items())
    return f"<m:{tag}>{each}</m:{tag}>"


def letters(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


SUM = '<m:chr m:val="∑"/>'


@pytest.mark.parametrize(
    ("equation", "expected"),
    [
        (letters("F=ma"), "F=ma"),
        (math("f", num=letters("a+b"), den=letters("2")), "(a+b)/2"),
        (math("sSup", e=letters("x"), sup=letters("n+1")), "x^(n+1)"),
        (math("sSub", e=letters("x"), sub=letters("1")), "x_1"),
        (math("rad", deg="", e=math("sSup", e=letters("x"), sup=letters("2"))), "√(x^2)"),
        (
            math("nary", naryPr=SUM, sub=letters("i=1"), sup=letters("n"), e=letters("i")),
            "∑_(i=1)^n i",
        ),
        (math("d", e=letters("a")) + letters("=b"), "(a)=b"),
        (math("m", mr=f"<m:e>{letters('1')}</m:e><m:e>{letters('0')}</m:e>"), "[1, 0]"),
    ],
)
def test_equations_are_lines(opened: Open, equation: str, expected: str) -> None:
    body = f"<w:p>{text('Hesap: ')}<m:oMath>{equation}</m:oMath></w:p>"
    assert said(opened(body)) == f"Hesap: {expected}"


def test_fields_show_their_results(opened: Open) -> None:
    inner = field("IF 1 = 1", field("MERGEFIELD ad", text("Ayşe")))
    body = (
        f'<w:p>{inner}<w:fldSimple w:instr="DATE">{text(" 3 Mayıs")}</w:fldSimple>'
        f'<w:hyperlink r:id="x">{text(" buradan")}</w:hyperlink></w:p>'
    )
    assert said(opened(body)) == "Ayşe 3 Mayıs buradan"


def test_a_field_without_an_end_hides_nothing(opened: Open) -> None:
    begin = run('<w:fldChar w:fldCharType="begin"/>')
    body = f"<w:p>{begin}{text('Kira')}</w:p>"
    assert said(opened(body + paragraph("Depozito"))) == "Kira\nDepozito"


def test_a_field_that_ends_in_deleted_text_hides_nothing_behind_it(opened: Open) -> None:
    begin, end = (run(f'<w:fldChar w:fldCharType="{kind}"/>') for kind in ("begin", "end"))
    body = f"<w:p>{begin}{run('<w:instrText>XE</w:instrText>')}<w:del>{end}</w:del></w:p>"
    assert said(opened(body + paragraph("Depozito"))) == "Depozito"


def test_forms_show_what_was_chosen(opened: Open) -> None:
    def form(data: str) -> str:
        begin = f'<w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar>'
        return run(begin) + run('<w:fldChar w:fldCharType="end"/>')

    box = form("<w:checkBox><w:default/></w:checkBox>")
    city = form(
        '<w:ddList><w:result w:val="1"/><w:listEntry w:val="Ankara"/><w:listEntry w:val="Bolu"/>'
        "</w:ddList>"
    )
    content = f"<w:sdt><w:sdtContent>{text(' ☐ hayır')}</w:sdtContent></w:sdt>"
    body = f"<w:p>{box}{text(' evet ')}{city}{content}</w:p>"
    assert said(opened(body)) == "☒ evet Bolu ☐ hayır"


def cell(inside: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(cells)}</w:tr>"


def test_merged_cells_make_rows_that_stand_alone(opened: Open) -> None:
    wide, begins, goes_on = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    deleted = "<w:tr><w:trPr><w:del/></w:trPr>" + cell(paragraph("silindi")) + "</w:tr>"
    table = (
        row(cell(paragraph("Kent")), cell(paragraph("2024"), wide), cell(paragraph("Not")))
        + row(cell(paragraph("Bolu"), begins), *(cell(paragraph(n)) for n in ("1", "2", "iyi")))
        + row(cell(paragraph(""), goes_on), *(cell(paragraph(n)) for n in ("3", "4", "kötü")))
        + deleted
    )
    assert said(opened(f"<w:tbl>{table}</w:tbl>")).split("\n") == [
        "Kent | 2024 |  | Not", "Bolu | 1 | 2 | iyi", "Bolu | 3 | 4 | kötü",
    ]  # fmt: skip


def test_a_table_that_only_places_its_content_is_no_table(opened: Open) -> None:
    heading = paragraph("Fiyatlar", '<w:outlineLvl w:val="0"/>')
    inner = row(cell(paragraph("Çay")), cell(paragraph("5"))) * 2
    outer = row(cell(f"{heading}<w:tbl>{inner}</w:tbl>"))
    assert opened(f"<w:tbl>{outer}</w:tbl>").parts == (
        Part("Fiyatlar\n\nÇay | 5\nÇay | 5", None, ("Fiyatlar",), "table"),
    )


def test_comments_name_their_author(opened: Open) -> None:
    comment = f'<w:comment w:id="4" w:author="Ayşe Kaya">{paragraph("Bu süre kısa.")}</w:comment>'
    marked = run('<w:commentReference w:id="4"/>')
    loaded = opened(
        f"<w:p>{text('Süre bir aydır.')}{marked}</w:p>", comments=rooted("w:comments", comment)
    )
    assert said(loaded).split("\n") == ["Süre bir aydır.", "Ayşe Kaya: Bu süre kısa."]


def test_a_note_outlives_the_end_of_its_paragraph(opened: Open) -> None:
    marked = run('<w:footnoteReference w:id="2"/>')
    joined = f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{text('Kira')}{marked}</w:p>"
    note = f'<w:footnote w:id="2">{paragraph("Vergisiz.")}</w:footnote>'
    loaded = opened(joined + paragraph(" bindir."), footnotes=rooted("w:footnotes", note))
    assert said(loaded) == "Kira bindir.\nVergisiz."


def test_a_chart_is_a_table(opened: Open) -> None:
    def points(name: str, value: str) -> str:
        return f'<c:{name}><c:pt idx="0"><c:v>{value}</c:v></c:pt></c:{name}>'

    chart = rooted("c:chartSpace", f"<c:ser>{points('cat', 'Ocak')}{points('val', '12')}</c:ser>")
    drawn = run('<w:drawing><c:chart r:id="rchart1"/></w:drawing>')
    loaded = opened(f"<w:p>{text('Satış')}{drawn}</w:p>", chart1=chart)
    assert [(part.text, part.kind) for part in loaded.parts] == [
        ("Satış", "text"), ("–\nOcak | 12", "table"),
    ]  # fmt: skip


def test_damaged_parts_cost_themselves_alone(opened: Open) -> None:
    reference = '<w:sectPr><w:headerReference r:id="rheader1"/></w:sectPr>'
    broken = dict.fromkeys(["styles", "numbering", "settings", "comments", "header1"], "<w:a")
    assert said(opened(paragraph("Kira") + reference, **broken)) == "Kira"


def test_strict_files_are_read_as_well(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(strict(word(paragraph("Kira"))))
    assert load(path, "a.docx").parts[0].text == "Kira"
