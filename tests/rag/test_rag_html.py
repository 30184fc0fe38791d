"""Of a web page its article is read, not its menus."""

from __future__ import annotations

import pytest

from rag.loaders.html import html_parts


def read(page: str) -> str:
    return "\n".join(part.text for part in html_parts(page))


BODY = "<h1>Hasat</h1><p>Çay mayısta toplanır.</p><table><tr><td>Rize<td>12</table>"
PROSE = "Çay filizi mayıstan ekime kadar üç kez toplanır. " * 6
LINKS = "".join(f"<li><a href=#>Bağlantı {n}</a>" for n in range(9))


@pytest.mark.parametrize(
    "page",
    [
        f"<header>Günlük</header><main>{BODY}</main><footer>Künye</footer>",
        f"<div>Günlük</div><div role=main>{BODY}</div><div>Künye</div>",
        f"<div>Günlük</div><article>{BODY}</article><aside>Künye: öbür yazılar</aside>",
        f"<div role=banner>Günlük</div>{BODY}<div role=contentinfo>Künye</div>",
        f"<ul>{LINKS}</ul>{BODY}<ul>{LINKS}</ul>" + "<p>Yağmur geç geldi.</p>" * 30,
        f"<nav>Günlük</nav>{BODY}<div role=navigation>Künye</div>",
    ],
)
def test_menus_and_edges_are_left_out(page: str) -> None:
    text = read(page)
    assert "Hasat" in text
    assert "Çay mayısta toplanır." in text
    assert "Rize | 12" in text
    assert not [word for word in ("Günlük", "Künye", "Bağlantı") if word in text]


def test_nothing_is_lost_of_a_page_that_is_not_an_article() -> None:
    assert "Bağlantı 8" in read(f"<h1>Dizin</h1><ul>{LINKS}</ul>")
    teaser = "<div>Uzun bir metin, ana bölümün dışında.</div>" * 20
    assert "ana bölümün dışında" in read(f"<main>Kısa.</main>{teaser}")
    assert "Kaynak 2" in read(
        f"<main>{BODY}<ul>" + "".join(f"<li><a>Kaynak {n}</a>" for n in range(4)) + "</ul></main>"
    )


def test_text_nobody_sees_is_not_read() -> None:
    hidden = (
        "<p style='color:red; display : none'>gizli1</p><div hidden>gizli2<p>gizli3</div>"
        "<dialog>gizli4</dialog><span style='visibility:hidden'>gizli5</span>"
    )
    text = read(f"<p>önce</p>{hidden}<p>sonra</p><div hidden=until-found>açılır</div>")
    assert text.split() == ["önce", "sonra", "açılır"]


def test_a_page_that_hides_itself_until_a_script_runs_is_read() -> None:
    assert read("<body style='display:none'><p>Merhaba") == "Merhaba"


def test_a_title_in_the_header_stands_above_the_article() -> None:
    (part,) = html_parts("<header><h1>Hasat</h1></header><main><p>Çay toplandı.</main>")
    assert (part.text, part.heading) == ("Çay toplandı.", ("Hasat",))


def test_headings_of_the_margin_are_not_above_the_text() -> None:
    page = "<h1>Hasat</h1><aside><h2>Öbür yazılar</h2><p>Kivi</aside>" + "<p>Çay toplandı.</p>" * 9
    assert [part.heading for part in html_parts(page)][-1] == ("Hasat",)


def test_the_sign_that_links_a_heading_is_no_part_of_it() -> None:
    (part, *_) = html_parts("<h2>C# dili<a href=#x>¶</a></h2><p>metin")
    assert part.heading == ("C# dili",)


def test_a_block_of_nothing_but_links_is_a_menu_whatever_it_is_called() -> None:
    links = "".join(f"<a href='#'>Günlük {number}</a> " for number in range(9))
    page = f"<div class='x'><div class='nav'>{links}</div><div><p>{PROSE}</p></div></div>"

    text = read(page)

    assert "Günlük" not in text
    assert PROSE.strip() in text


def test_links_in_a_sentence_stay() -> None:
    page = f"<div><p>{PROSE}Bakınız: <a>Bir</a>, <a>İki</a>, <a>Üç</a></p></div>"
    assert "Bakınız: Bir, İki, Üç" in read(page)
