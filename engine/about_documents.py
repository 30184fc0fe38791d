"""Questions about documents as such, like "Belgeyi özetle": they name no subject of their own.

No passage is nearer to such a question than another, so it is not searched for: it is given how the
documents begin. Words are compared folded (`rag.words`), most Turkish endings aside.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache

_ANY_DOCUMENT = re.compile(
    r"(belge(?!sel)|dosya|dokuman|pdf|document(?!ar)|files?$|docs?$|upload|yukle|ekledi)"
)
_KIND = re.compile(
    r"(sozlesme|kontrat|rapor|makale|kita[pb]|tutanak|sunum|tablo|liste|mektu[pb]|kilavuz"
    r"|yonetmelik|reports?$|contracts?$|agreements?$|leases?$|papers?$|articles?$|books?$"
    r"|manuals?$|guides?$|presentations?$|spreadsheets?$|letters?$)"
)
_OF_TEXT = re.compile(r"(ozet|anlat|bahse[td]|icerig|icerik|summar|overview$|gist$|tldr$)")
_ABOUT = re.compile(r"(hakkinda$|konusu(nu)?$|about$)")
_TALK_WORDS = """
metin metni metnin metinde metinler text texts content contents yazi yazida yazinin yaziyi
yaziyor yaziyo diyor soyluyor geciyor degin deginiyor tanit acikla aciklar misin misiniz musun
bana bize ver verir cikar yap yapar kisa kisaca lutfen genel genelde genelinde tum tumu tumunu butun
butunu hepsi hepsini tamami tamamini icinde icindeki icindekiler elindeki bak oku inceleyip incele
ana fikir fikri fikirleri baslica temel onemli nokta noktalar noktalari noktalarini madde maddeler
maddelerle maddeyle halinde cumle cumlede cumleyle paragraf paragrafta sayfa sayfalik sey seyler
bilgi konular konulari konularini turkce ingilizce tane simdi iki uc bes on
bunu bunun bunlar bunlari bunlarin sunu sunlar onu onlari
i me us you your my our tell give show say says said contain contains inside explain describe
briefly brief short shortly please all whole entire main key point points idea ideas topic topics
subject these those them they its sentence sentences paragraph words bullet bullets
just some tl dr could general everything s re
"""
_TALK = frozenset(_TALK_WORDS.split())
_POINTING_WORDS = "bunu bunun bunlar bunlari bunlarin sunu sunlar onu onlari it this these those"
_POINTING = frozenset(_POINTING_WORDS.split())


def about_documents(asked: Sequence[str], single: bool, follows: bool) -> bool:
    """Whether the words of a question are about documents as such. `single` says that there is but
    one, so that its kind ("the lease") means it; `follows` that there are questions before it: then
    a mere "bunu özetle" is about what was said."""
    if subject(asked):
        return False
    kinds = [word for word in asked if is_kind(word)]
    if any(map(is_any_document, kinds)):
        return True
    if kinds and not single:
        return False
    return wants_overview(asked) and not (follows and _POINTING.intersection(asked))


def wants_overview(asked: Collection[str]) -> bool:
    """Whether words ask what a text is about."""
    return asks_of_text(asked) or any(map(_ABOUT.match, asked))


def asks_of_text(asked: Collection[str]) -> bool:
    """Whether words ask for what a text says, so that their object can be but a text."""
    return any(map(_OF_TEXT.match, asked))


def subject(asked: Sequence[str], beside: Collection[str] = ()) -> list[str]:
    """The words that name a subject: neither common, nor talk about documents, nor in `beside`."""
    return [one for one in asked if one not in beside and not _is_talk(one)]


def is_any_document(word: str) -> bool:
    """Whether a word means documents, of whatever kind."""
    return bool(_ANY_DOCUMENT.match(word))


def is_kind(word: str) -> bool:
    """Whether a word means documents, or those of a kind, like "lease"."""
    return is_any_document(word) or bool(_KIND.match(word))


def is_common(word: str) -> bool:
    """Whether a word is one of the commonest of both languages, and says nothing of a subject."""
    return word in _common()


@cache
def _common() -> frozenset[str]:
    from rag.language import COMMON
    from rag.words import fold

    return frozenset(map(fold, COMMON))


def _is_talk(word: str) -> bool:
    return is_common(word) or word in _TALK or wants_overview([word]) or is_kind(word)
