"""Web pages as they are saved: the article stands among menus, notices and hidden text."""

from __future__ import annotations

from pathlib import Path

from bench.reading.prose import turkish
from bench.reading.questions import ask, row, said, together

QUESTIONS = (
    ask("asi-takvimi.html", "Kuduz aşısı için hangi yaş alt sınır?",
        together(said("Kuduz aşısı üç aylıktan büyük kedi ve köpeklere yapılır"),
                 without="Çerez tercihleri")),
    ask("asi-takvimi.html", "Karma aşının ücreti ne kadar?", row("Karma aşı", "650 TL")),
    ask("asi-takvimi.html", "Aşı randevusu hangi gün verilmiyor?",
        said("Pazartesi günleri aşı randevusu verilmez")),
    ask("composting.html", "How often should a compost heap be turned?",
        together(said("Turn the heap every ten days"), without="Subscribe to our newsletter")),
)  # fmt: skip

_SUBJECTS = ("Aşı", "Kuduz", "Randevu", "Kedi", "Köpek", "Ücret", "Barınak", "Sahiplenme")
_ENDS = ("başvurusu", "takvimi", "sonuçları", "duyuruları", "yönetmeliği", "istatistikleri")
_STYLE = "<style>.gizli{display:none}</style><script>var sayfa = {ad: 'Aşı'};</script>"


def write(folder: Path) -> None:
    """All files of this format."""
    (folder / "asi-takvimi.html").write_text(_vaccines(), encoding="utf-8")
    (folder / "composting.html").write_text(_compost(), encoding="utf-8")


def _vaccines() -> str:
    before, between, after = (f"<p>{text}</p>" for text in turkish(3, 7))
    article = (
        f"<h1>Sahipli hayvanların aşıları</h1>{before}<p>Kuduz aşısı üç aylıktan büyük kedi ve "
        f"köpeklere yapılır ve her yıl yinelenir.</p>{between}<h2>Ücretler</h2><table><tr><th>İşlem"
        "</th><th>Ücret</th></tr><tr><td>Kuduz aşısı</td><td>ücretsiz</td></tr><tr><td>Karma aşı"
        "</td><td>650 TL</td></tr><tr><td>Mikroçip</td><td>480 TL</td></tr></table><h2>Randevu</h2>"
        "<p>Pazartesi günleri aşı randevusu verilmez; klinik o gün kısırlaştırmaya ayrılır.</p>"
        f"{after}"
    )
    hidden = "<div style='display:none'>Kuduz aşısı için hangi yaş? Yakında burada.</div>"
    return (
        "<!doctype html><html lang='tr'><head><meta charset='utf-8'><title>Aşılar - Belediye"
        f"</title>{_STYLE}</head><body><header>{_menu()}</header><div class='cerez'>Çerez "
        "tercihleri: siteyi kullanarak çerezleri kabul edersiniz.</div>"
        f"{hidden}<div class='icerik'><main><article>{article}</article></main>"
        f"<aside>{_menu()}</aside></div><footer>{_menu()}</footer></body></html>"
    )


def _menu() -> str:
    links = (f"<li><a href='#'>{one} {end}</a></li>" for one in _SUBJECTS for end in _ENDS)
    return f"<nav><ul>{''.join(links)}</ul></nav>"


def _compost() -> str:
    links = "".join(f"<a href='#'>Compost {n} - read more</a> " for n in range(60))
    text = "Keep green and brown waste in balance. " * 6
    return (
        "<html><head><title>Compost for beginners | Garden Post</title></head><body>"
        f"<div class='nav'>{links}</div><div class='post'><h1>Compost for beginners</h1><p>{text}"
        "</p><p>Turn the heap every ten days, so that air reaches the middle.</p>"
        f"<p>{text}</p></div><div class='signup'>Subscribe to our newsletter</div>"
        f"<div class='footer'>{links}</div></body></html>"
    )
