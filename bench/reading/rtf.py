"""RTF as WordPad and Word write Turkish: code page 1254, letters by number, a table, a head."""

from __future__ import annotations

from pathlib import Path

from bench.reading.prose import turkish
from bench.reading.questions import ask, row, said

QUESTIONS = (
    ask("dilekce.rtf", "Dilekçede hangi tarihler arasında izin isteniyor?",
        said("14 Temmuz ile 1 Ağustos arasında yıllık ücretli izin")),
    ask("dilekce.rtf", "İzin dilekçesini kim yazmış?", said("Gülşah Işıldar")),
    ask("dilekce.rtf", "İzin süresince yerine kim bakacak?", row("Vekil", "Uğur Çağrı")),
    ask("dilekce.rtf", "Dilekçenin evrak numarası kaç?", said("Evrak No: 2025/1184")),
)  # fmt: skip


def write(folder: Path) -> None:
    """All files of this format."""
    rows = "".join(_row(*cells) for cells in (("Görev", "Kişi"), ("Vekil", "Uğur Çağrı")))
    texts = (
        "İNSAN KAYNAKLARI MÜDÜRLÜĞÜNE",
        turkish(1, 4)[0],
        "14 Temmuz ile 1 Ağustos arasında yıllık ücretli izin kullanmak istiyorum.",
        *turkish(2, 2),
        "Gülşah Işıldar",
    )
    body = "".join(
        rf"\pard {_letters(text, number % 2 == 1)}\par " for number, text in enumerate(texts)
    )
    head = rf"{{\header \pard {_letters('Evrak No: 2025/1184')}\par}}"
    info = rf"{{\info{{\author {_letters('Bilgi İşlem')}}}}}{{\*\generator Msftedit 5.41;}}"
    made = (
        r"{\rtf1\ansi\ansicpg1254\deff0\deflang1055{\fonttbl{\f0\fnil\fcharset162 Calibri;}}"
        rf"{info}{head}\viewkind4\uc1\f0\fs22 {body}{rows}\pard\par}}"
    )
    (folder / "dilekce.rtf").write_bytes(made.encode("ascii"))


def _row(*cells: str) -> str:
    ends = "".join(rf"\cellx{3000 * place}" for place in range(1, len(cells) + 1))
    return (
        rf"\trowd{ends}\pard\intbl "
        + "".join(rf"{_letters(cell)}\cell " for cell in cells)
        + r"\row "
    )


def _letters(text: str, numbered: bool = False) -> str:
    """A text in ASCII: other letters by their byte, or by their number with a stand-in behind."""
    return "".join(_letter(one, numbered) for one in text)


def _letter(letter: str, numbered: bool) -> str:
    if letter.isascii():
        return letter
    return rf"\u{ord(letter)}?" if numbered else rf"\'{letter.encode('cp1254').hex()}"
