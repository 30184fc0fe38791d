"""The marks and words of the two languages a workbook is shown in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Locale:
    """How Excel in one language writes numbers and dates, and what Divan adds to cells in it."""

    decimal: str
    group: str
    percent_first: bool
    true: str
    false: str
    months: tuple[str, ...]
    months_short: tuple[str, ...]
    days: tuple[str, ...]
    days_short: tuple[str, ...]
    hidden: str
    note: str
    no_value: str

    def marked(self, plain: str) -> str:
        """A number with `,` between thousands and `.` before decimals, in this language's marks."""
        return plain.translate({44: self.group, 46: self.decimal})


ENGLISH = Locale(
    decimal=".",
    group=",",
    percent_first=False,
    true="TRUE",
    false="FALSE",
    months=(
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ),
    months_short=(
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ),
    days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    days_short=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    hidden="hidden",
    note="note",
    no_value="no stored value",
)  # fmt: skip

TURKISH = Locale(
    decimal=",",
    group=".",
    percent_first=True,
    true="DOĞRU",
    false="YANLIŞ",
    months=(
        "Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül",
        "Ekim", "Kasım", "Aralık",
    ),
    months_short=(
        "Oca", "Şub", "Mar", "Nis", "May", "Haz", "Tem", "Ağu", "Eyl", "Eki", "Kas", "Ara",
    ),
    days=("Pazartesi", "Salı", "Çarşamba", "Perşembe", "Cuma", "Cumartesi", "Pazar"),
    days_short=("Pzt", "Sal", "Çar", "Per", "Cum", "Cmt", "Paz"),
    hidden="gizli",
    note="not",
    no_value="değer kayıtlı değil",
)  # fmt: skip
