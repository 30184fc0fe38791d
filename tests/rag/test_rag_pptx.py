"""Slides are read as they are looked at: the title, then from the top, each row from the left."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from pptx import Presentation

from rag.load import Loaded, load
from rag.loaders.values import Unread
from rag.values import Part
from tests.support.office import rooted, shape, slide, slides

CASE = Path(__file__).parents[3] / "shared" / "cases" / "chart.pptx"
NUMBERS = "<c:numRef><c:numCache>{}</c:numCache></c:numRef>"
NAMES = "<c:strRef><c:strCache>{}</c:strCache></c:strRef>"


class Open:
    def __init__(self, path: Path) -> None:
        self._path = path / "a.pptx"

    def __call__(self, *each: str, parts: Mapping[str, str] | None = None) -> Loaded:
        self._path.write_bytes(slides(*each, parts=parts))
        return load(self._path, "a.pptx")

    def text(self, *each: str, parts: Mapping[str, str] | None = None) -> list[str]:
        found = self(*each, parts=parts).parts
        return [line for part in found for line in part.text.split("\n") if line]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    return Open(tmp_path)


def graphic(inside: str, top: int = 0) -> str:
    frame = f'<p:xfrm><a:off x="0" y="{top}"/><a:ext cx="9" cy="9"/></p:xfrm>'
    data = f"<a:graphic><a:graphicData>{inside}</a:graphicData></a:graphic>"
    return f"<p:graphicFrame>{frame}{data}</p:graphicFrame>"


def points(template: str, *values: str | None) -> str:
    return template.format(
        "".join(
            f'<c:pt idx="{at}"><c:v>{value}</c:v></c:pt>'
            for at, value in enumerate(values)
            if value is not None
        )
    )


def series(name: str, names: str, numbers: str) -> str:
    head = f"<c:tx>{points(NAMES, name)}</c:tx>"
    return f"<c:ser>{head}<c:cat>{names}</c:cat><c:val>{numbers}</c:val></c:ser>"


def test_shapes_are_read_by_their_place(opened: Open) -> None:
    group = (
        '<p:grpSp><p:grpSpPr><a:xfrm><a:off x="0" y="200"/><a:ext cx="9" cy="100"/></a:xfrm>'
        f"</p:grpSpPr>{shape('dört', 900, 10)}{shape('üç', 5, 0)}</p:grpSp>"
    )
    made = (
        shape("beş", 300, 210) + shape("iki", 500, 90) + group + shape("bir", 0, 100)
        + shape("Başlık", 0, 900, "title") + shape("7", 0, 0, "sldNum")
    )  # fmt: skip
    assert opened.text(made) == ["Başlık", "bir", "iki", "üç", "dört", "beş"]


def test_a_place_that_only_the_layout_names_counts(tmp_path: Path) -> None:
    made = Presentation()
    page = made.slides.add_slide(made.slide_layouts[3])
    title, left, right = page.placeholders
    title.text, left.text, right.text = "Başlık", "sol", "sağ"
    left._element.addprevious(right._element)
    page.shapes.add_textbox(0, 0, 900, 900).text_frame.text = "üst"
    path = tmp_path / "a.pptx"
    made.save(str(path))
    (part,) = load(path, "a.pptx").parts
    assert part.text.split() == ["Başlık", "üst", "sol", "sağ"]


def test_a_chart_is_a_table_of_its_numbers(opened: Open) -> None:
    months = points(NAMES, "Ocak", "Şubat", "Mart")
    share = "<c:formatCode>0.0%</c:formatCode>" + points(
        "{}", "0.075", "0.1", "0.30000000000000004"
    )
    title = (
        "<c:title><c:tx><c:rich><a:p><a:r><a:t>Satışlar</a:t></a:r></a:p></c:rich></c:tx></c:title>"
    )
    chart = rooted(
        "c:chartSpace",
        f"<c:chart>{title}<c:plotArea><c:barChart>"
        f"{series('Çay', months, points(NUMBERS, '120', None, '340.5'))}</c:barChart>"
        f"<c:lineChart>{series('Pay', months, NUMBERS.format(share))}</c:lineChart>"
        "</c:plotArea></c:chart>",
    )
    (part,) = opened(graphic('<c:chart r:id="rchart1"/>'), parts={"chart1": chart}).parts
    assert part == Part(
        "Satışlar\nSatışlar | Çay | Pay\nOcak | 120 | 7.5%\nŞubat | – | 10%\nMart | 340.5 | 30%",
        1,
        (),
        "table",
    )


def test_smart_art_says_what_is_under_what(opened: Open) -> None:
    def point(name: str, text: str = "", kind: str = "node") -> str:
        said = f"<dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t>"
        return f'<dgm:pt modelId="{name}" type="{kind}">{said}</dgm:pt>'

    def under(parent: str, child: str, order: int) -> str:
        return f'<dgm:cxn srcId="{parent}" destId="{child}" srcOrd="{order}"/>'

    data = rooted(
        "dgm:dataModel",
        point("c", "Mutfak") + point("d", "", "doc") + point("a", "Müdür") + point("b", "Salon")
        + point("x", "çizgi", "sibTrans")
        + under("a", "c", 1) + under("a", "b", 0) + under("d", "a", 0),
    )  # fmt: skip
    made = graphic('<dgm:relIds r:dm="rdiagramData1"/>')
    assert opened.text(made, parts={"diagramData1": data}) == ["- Müdür", "  - Salon", "  - Mutfak"]


def test_merged_cells_make_rows_that_stand_alone(opened: Open) -> None:
    def cell(text: str, more: str = "") -> str:
        return f"<a:tc {more}><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>"

    rows = [
        [cell("Kent"), cell("2024", 'gridSpan="2"'), cell("", 'hMerge="1"')],
        [cell("Bolu", 'rowSpan="2"'), cell("1"), cell("2")],
        [cell("", 'vMerge="1"'), cell("3"), cell("4")],
    ]
    table = "".join(f"<a:tr>{''.join(row)}</a:tr>" for row in rows)
    assert opened.text(graphic(f"<a:tbl>{table}</a:tbl>")) == [
        "Kent | 2024", "Bolu | 1 | 2", "Bolu | 3 | 4",
    ]  # fmt: skip


def test_numbers_of_a_list_are_read(opened: Open) -> None:
    def item(text: str, level: int, more: str) -> str:
        return f'<a:p><a:pPr lvl="{level}">{more}</a:pPr><a:r><a:t>{text}</a:t></a:r></a:p>'

    numbered, lettered = '<a:buAutoNum type="arabicPeriod"/>', '<a:buAutoNum type="alphaLcParenR"/>'
    items = item("bir", 0, numbered) + item("alt", 1, lettered) + item("iki", 0, numbered)
    made = shape("x").replace("<a:p><a:r><a:t>x</a:t></a:r></a:p>", items + item("söz", 0, ""))
    assert opened.text(made) == ["1. bir", "a) alt", "2. iki", "söz"]


def test_the_description_of_a_picture_is_read_and_its_file_name_is_not(opened: Open) -> None:
    def picture(description: str) -> str:
        return f'<p:pic><p:nvPicPr><p:cNvPr descr="{description}"/></p:nvPicPr></p:pic>'

    assert opened.text(picture("Kapının krokisi") + picture("IMG_20.jpeg")) == ["Kapının krokisi"]


def test_a_footer_that_all_slides_share_is_read_once(opened: Open) -> None:
    made = [shape(said, 0, 0) + shape("Gizli belge", 0, 500, "ftr") for said in ("bir", "iki")]
    assert opened.text(*made) == ["bir", "Gizli belge", "iki"]


def test_a_hidden_slide_says_so(opened: Open) -> None:
    shapes = shape("Yedek", 0, 0, "title") + shape("söz", 0, 200)
    hidden = slide(shapes.replace("<a:r>", '<a:r><a:rPr lang="tr-TR"/>'), 'show="0"')
    loaded = opened(shape("açık"), hidden)
    assert [part.heading for part in loaded.parts] == [(), ("Yedek [gizli]",)]


def test_a_damaged_slide_costs_itself_alone(opened: Open) -> None:
    loaded = opened(shape("bir"), "<?xml version='1.0'?><p:sld", shape("üç"))
    assert [(part.text, part.page) for part in loaded.parts] == [("bir", 1), ("üç", 3)]
    assert (loaded.pages, loaded.unread) == (3, (Unread(2, 2, "damaged"),))


@pytest.mark.skipif(not CASE.is_file(), reason="the shared cases are not here")
def test_the_chart_of_the_cases_is_read() -> None:
    said = "\n".join(part.text for part in load(CASE, CASE.name).parts)
    assert "Ocak | 120" in said
    assert "Şubat | 340" in said
