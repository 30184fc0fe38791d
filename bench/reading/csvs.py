"""CSV files as Turkish programs write them."""

from __future__ import annotations

from pathlib import Path

from bench.reading.questions import ask, row, said, together

QUESTIONS = (
    ask("urunler.csv", "Natürel sızma zeytinyağının 5 litresi kaç lira?",
        row("Zeytinyağı, natürel sızma, soğuk sıkım, 5 L", "1.412,90")),
    ask("urunler.csv", "Adaçayının barkodu nedir?", row("Adaçayı", "0869012300417")),
    ask("olcumler.csv", "Göl istasyonunda ölçülen pH kaç?", row("Göl", "7,84")),
    ask("policeler.csv", "Tuncay Er'in poliçesi ne zaman bitiyor?",
        together(row("Poliçe No", "Sigortalı", "Bitiş"), row("Tuncay Er", "19.11.2025"),
                 without="sep=")),
    ask("uyeler.csv", "Şükrü Çağlayan hangi ilçede oturuyor?",
        row("Şükrü Çağlayan", "Gümüşhacıköy")),
    ask("agirliklar.csv", "Tartım listesindeki en ağır kayıt kaç kilo?",
        r"(?m:^[^\d\n]*118,75\W*$)", said("118,75 kg")),
)  # fmt: skip

_PRODUCTS = (
    "Kod;Ürün;Barkod;Fiyat",
    "101;Zeytinyağı, natürel sızma, soğuk sıkım, 5 L;0869012300400;1.412,90",
    "102;Zeytinyağı, riviera, 5 L;0869012300401;1.104,00",
    "103;Zeytin, yeşil, kırma, salamura, 2 kg;0869012300402;318,50",
    "104;Adaçayı, kuru, demet, 100 g;0869012300417;74,90",
    "105;Nar ekşisi, katkısız, cam şişe, 700 ml;0869012300418;229,00",
)
_MEASURED = (
    "İstasyon\tTarih\tSıcaklık\tpH", "Dere\t02.04.2025\t11,2\t7,12", "Göl\t02.04.2025\t13,9\t7,84",
    "Baraj\t02.04.2025\t12,4\t8,03", "Kuyu\t03.04.2025\t14,1\t6,95",
)  # fmt: skip
_POLICIES = (
    "sep=;", "Poliçe No;Sigortalı;Başlangıç;Bitiş;Prim",
    "K-20117;Ayla Sezer;02.01.2025;02.01.2026;9.870,00",
    "K-20118;Tuncay Er;19.11.2024;19.11.2025;12.405,50",
    "K-20119;Nevin Ay;07.03.2025;07.03.2026;8.115,00",
)  # fmt: skip
_MEMBERS = (
    "Üye;İlçe;Kayıt", "Gönül Işık;Merzifon;2018", "Şükrü Çağlayan;Gümüşhacıköy;2021",
    "İbrahim Öğüt;Suluova;2016",
)  # fmt: skip
_WEIGHTS = ("Ağırlık (kg)", "84,50", "91,25", "118,75", "77,00", "102,60", "95,10")


def write(folder: Path) -> None:
    """All files of this format."""
    _save(folder / "urunler.csv", _PRODUCTS, "utf-8-sig")
    _save(folder / "olcumler.csv", _MEASURED, "utf-8")
    _save(folder / "policeler.csv", _POLICIES, "utf-8-sig")
    _save(folder / "uyeler.csv", _MEMBERS, "cp1254")
    _save(folder / "agirliklar.csv", _WEIGHTS, "cp1254")


def _save(path: Path, lines: tuple[str, ...], encoding: str) -> None:
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
