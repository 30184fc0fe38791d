"""Search as a person types it: Turkish letters, several words, no syntax, a snippet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.conversation import Conversation
from storage.files import FileStore
from storage.hits import snippet
from storage.versions import Version
from storage.words import indexed, query_words

MakeChat = Callable[..., Conversation]


async def hits(store: FileStore, text: str) -> list[str]:
    return [row.id for row in (await store.search(text)).rows]


@pytest.mark.parametrize("written", ["İstanbul", "istanbul", "ISTANBUL", "ıstanbul", "İSTANBUL'da"])
@pytest.mark.parametrize("asked", ["İstanbul", "istanbul", "ISTANBUL", "ıstanbul", "İST", "ıst"])
async def test_dotted_and_dotless_i_are_one_letter(
    store: FileStore, make_chat: MakeChat, written: str, asked: str
) -> None:
    await store.create(make_chat("a", f"Bugün {written} güzel"))
    assert await hits(store, asked) == ["a"]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("şeker", "seker"),
        ("seker", "ŞEKER"),
        ("Iğdır’ın", "igdir"),
        ("ÇÖĞÜŞ", "cogus"),
        ("kâğıt", "kagit"),
        ("café", "CAFE"),
        ("cafe\u0301", "café"),
        ("Straße", "strasse"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("ﬁyat", "fiyat"),
        ("i\u0307stanbul", "istanbul"),
        ("x=foo_bar(1)", "bar"),
        ("e-posta", "posta"),
        ("3.14", "14"),
        ("你好 世界", "世界"),
        ("привет", "ПРИВ"),
    ],
)
async def test_case_and_diacritics_do_not_matter(
    store: FileStore, make_chat: MakeChat, written: str, asked: str
) -> None:
    await store.create(make_chat("a", written))
    assert await hits(store, asked) == ["a"]


async def test_all_words_must_be_there_and_only_the_last_may_be_a_beginning(
    store: FileStore, make_chat: MakeChat
) -> None:
    await store.create(make_chat("a", "elma ve armut", "evet"))
    await store.create(make_chat("b", "elma", "hayır"))
    assert await hits(store, "elma arm") == ["a"]
    assert await hits(store, "armut evet") == ["a"]
    assert await hits(store, "arm elma") == []
    assert await hits(store, "lma") == []


async def test_titles_come_first_then_the_newest(store: FileStore, make_chat: MakeChat) -> None:
    for day, chat_id, title, text in (
        (1, "titled", "Elma üzerine", "x"),
        (2, "older", "Y", "elma"),
        (3, "newer", "Z", "elma"),
    ):
        moment = f"2026-11-0{day}T10:00:00+00:00"
        await store.create(make_chat(chat_id, text, title=title, updated=moment))
    assert await hits(store, "elma") == ["titled", "newer", "older"]
    page = await store.search("elma", offset=1, limit=1)
    assert ([row.id for row in page.rows], page.total) == (["newer"], 3)


QUOTES = ['"', '"""', "'", "''; DROP TABLE chats; --", '" OR "a', 'title:"x"', "a* OR b*", "^a"]
SYNTAX = ["NEAR(a b, 5)", "a NEAR b", "AND", "OR OR", "NOT a", "title : a", "{title body}: a", "-a"]
ODD = ["(", ")", "a AND (", "*", "+", "a + b", "\\", "%", "\0", "a\0b", "\ud800", "😀", "\ue000"]


@pytest.mark.parametrize("asked", [*QUOTES, *SYNTAX, *ODD, "", "   ", "-", "a " * 5000, "x" * 9999])
async def test_no_query_is_syntax(store: FileStore, make_chat: MakeChat, asked: str) -> None:
    await store.create(make_chat("kept", "hiçbiri"))
    assert await hits(store, asked) == []
    assert await hits(store, "hicbiri") == ["kept"]


async def test_words_that_look_like_syntax_are_found(store: FileStore, make_chat: MakeChat) -> None:
    await store.create(make_chat("a", "near or not and title"))
    assert await hits(store, "NOT near") == ["a"]
    assert await hits(store, 'title:"or') == ["a"]


async def test_search_knows_the_newest_text_only(store: FileStore, make_chat: MakeChat) -> None:
    created = await store.create(make_chat("a", "ilkyaz"))
    assert await hits(store, "ilkyaz") == ["a"]
    message = replace(created.messages[0], content="sonbahar")
    await store.update("a", lambda c: c.put(message))
    assert await hits(store, "ilkyaz") == []
    assert await hits(store, "sonb") == ["a"]
    await store.delete("a")
    assert await hits(store, "sonbahar") == []


async def test_every_branch_is_searched(store: FileStore, make_chat: MakeChat) -> None:
    created = await store.create(make_chat("a", "soru", "birinci", "devam", "dördüncü"))
    await store.update("a", lambda c: c.fork(created.messages[0].id))
    assert await hits(store, "dorduncu") == ["a"]


async def test_the_snippet_shows_the_original_text_with_hits_marked(
    store: FileStore, make_chat: MakeChat
) -> None:
    long = "önce " * 40 + "Çok ŞEKERLİ\n\nve şeker gibi" + " sonra" * 40
    await store.create(make_chat("a", long))
    (row,) = (await store.search("seker")).rows
    assert "\ue000ŞEKERLİ\ue001 ve \ue000şeker\ue001 gibi" in row.snippet
    assert row.snippet.startswith("…")
    assert row.snippet.endswith("…")
    assert 80 <= len(row.snippet) <= 140


@pytest.mark.parametrize("word", ["önce ", "muvaffakiyetsizleştiricilerden "])
def test_the_hit_is_among_the_first_letters_of_a_narrow_line(word: str) -> None:
    assert snippet(word * 20 + "armut" + " sonra" * 20, ("armut",)).index("\ue000") <= 25


async def test_a_hit_in_the_title_alone_has_no_snippet(
    store: FileStore, make_chat: MakeChat
) -> None:
    await store.create(make_chat("a", "başka", title="Elma"))
    (row,) = (await store.search("elma")).rows
    assert row.snippet == ""


async def test_words_are_read_again_only_after_a_save_that_changed_them(
    store: FileStore, make_chat: MakeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    version = store._folder.version

    def counted(chat_id: str) -> Version | None:
        read.append(chat_id)
        return version(chat_id)

    monkeypatch.setattr(store._folder, "version", counted)
    await store.create(make_chat("a", "elma", "armut"))
    await store.refresh()
    assert read == ["a"]
    await store.update("a", lambda c: replace(c, leaf="m0", pinned=True))
    await store.refresh()
    assert read == ["a"]
    assert [row.pinned for row in (await store.search("armut")).rows] == [True]
    await store.update("a", lambda c: c.put(replace(c.messages[1], content="kiraz")))
    await store.update("a", lambda c: replace(c, leaf="m1"))
    assert [row.id for row in (await store.search("kiraz")).rows] == ["a"]
    assert (await store.search("armut")).total == 0
    await store.update("a", lambda c: replace(c, title="Manav"))
    assert [row.id for row in (await store.search("manav")).rows] == ["a"]
    assert read == ["a", "a", "a"]


def test_marks_in_the_text_are_not_taken_for_hits() -> None:
    assert snippet("\ue000sahte\ue001 elma", ("elma",)) == "sahte \ue000elma\ue001"


@pytest.mark.parametrize("filling", ["a ", "ß ", "e\u0301 ", "ğ-"])
@pytest.mark.parametrize("length", [0, 1000, 1023, 1024, 1025, 1124, 1500, 9000])
def test_the_snippet_finds_a_word_anywhere(filling: str, length: int) -> None:
    text = filling * length + "armut " + filling * 50
    assert "\ue000armut\ue001" in snippet(text, ("armut",))


@pytest.mark.parametrize("before", range(2040, 2056))
def test_the_snippet_takes_no_half_word_for_a_hit(before: int) -> None:
    assert snippet(" " * before + "xarmut" + " son" * 100, ("armut",)) == ""


def test_folding_leaves_no_character_that_separates_words_inside_one() -> None:
    assert indexed("Türkiye’nin ÖĞRETMENİ") == "turkiye'nin ogretmeni"
    assert query_words("  Türkiye'nin, öğretmeni! ") == ("turkiye nin", "ogretmeni")
