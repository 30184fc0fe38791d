"""What is a word in the search: scripts without spaces, and words with marks of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.conversation import Conversation
from storage.files import FileStore
from storage.hits import snippet
from storage.words import indexed, query_words

MakeChat = Callable[..., Conversation]


async def hits(store: FileStore, text: str) -> list[str]:
    return [row.id for row in (await store.search(text)).rows]


CHINESE = "我昨天去了北京大学图书馆看书。"
JAPANESE = "明日は東京都庁でプログラミングの勉強会があります。"
THAI = "วันนี้อากาศที่กรุงเทพดีมาก"


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        (CHINESE, "图书"),
        (CHINESE, "大学图书馆"),
        (CHINESE, "北"),
        (CHINESE, "书"),
        (JAPANESE, "京都"),
        (JAPANESE, "プログラミング"),
        (JAPANESE, "ﾌﾟﾛｸﾞﾗﾐﾝｸﾞ"),
        (JAPANESE, "勉強会 東京"),
        (THAI, "กรุงเทพ"),
        (THAI, "ดี"),
        ("Pythonで機械学習をする", "python"),
        ("Pythonで機械学習をする", "Pythonで機械"),
        ("Pythonで機械学習をする", "学習 PYTHON"),
        ("会議は2026年3月です", "2026年"),
        ("ພາສາລາວງ່າຍ", "ລາວ"),
        ("ខ្ញុំរៀនភាសាខ្មែរ", "ភាសា"),
    ],
)
async def test_any_part_of_a_line_without_spaces_is_found(
    store: FileStore, make_chat: MakeChat, written: str, asked: str
) -> None:
    await store.create(make_chat("a", written))
    assert await hits(store, asked) == ["a"]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("京都から東京へ", "東京都"),
        ("都京東", "東京"),
        ("东西北方京城", "北京"),
        (THAI, "เทพกรุง"),
        ("ท่าน กิน", "ที่"),
        ("かく", "がく"),
        ("機械で学習する", "機械学習"),
    ],
)
async def test_the_characters_of_a_query_stand_together_and_in_order(
    store: FileStore, make_chat: MakeChat, written: str, asked: str
) -> None:
    await store.create(make_chat("a", written))
    assert await hits(store, asked) == []


MARKED = {
    "cpp": "C++ ile yazdım",
    "csharp": "(C#)",
    "fsharp": "F#'ta bir satır",
    "dotnet": "ASP.NET ve .NET çekirdeği",
    "node": "Sunucu node.js üzerinde",
    "plain": "c dili, f sayısı, net kazanç, a düğümü: node ve js",
}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("C++", {"cpp"}),
        ("c++ yazdım", {"cpp"}),
        ("C#", {"csharp"}),
        ("f#", {"fsharp"}),
        (".NET", {"dotnet"}),
        ("asp.net", {"dotnet"}),
        ("node.js", {"node"}),
        ("Node.js üzerinde", {"node"}),
        ("node", {"node", "plain"}),
        ("js", {"node", "plain"}),
        ("js node", {"node", "plain"}),
        ("net", {"dotnet", "plain"}),
        ("c yazdım", {"cpp"}),
        ("c dili", {"plain"}),
    ],
)
async def test_marks_make_another_word_and_the_word_alone_still_finds_it(
    store: FileStore, make_chat: MakeChat, asked: str, found: set[str]
) -> None:
    for chat_id, text in MARKED.items():
        await store.create(make_chat(chat_id, text))
    assert set(await hits(store, asked)) == found


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("C++17 ile", "c++17"),
        ("C++17 ile", "C++"),
        ("C＋＋ ile", "c++"),
        ("x=1+2; a+b", "b"),
        ("i++;", "i"),
        ("bitti.Sonra geldi", "sonra"),
        ("bekle...sonra", "sonra"),
        ("www.example.com/yol", "example.com"),
        ("dosya: .env.local", ".env"),
        ("sürüm 3.14.2", "14.2"),
        ("R&D bütçesi", "r&d"),
        ("Türkiye’nin başkenti", "türkiye'nin"),
        ("# Başlık\n+ madde", "madde"),
        ("issue #12", "12"),
        ("issue#12", "issue#12"),
    ],
)
async def test_a_mark_does_not_hide_its_word(
    store: FileStore, make_chat: MakeChat, written: str, asked: str
) -> None:
    await store.create(make_chat("a", written))
    assert await hits(store, asked) == ["a"]


async def test_what_is_written_together_is_found_together_only(
    store: FileStore, make_chat: MakeChat
) -> None:
    await store.create(make_chat("together", "R&D ve foo_bar, e-posta"))
    await store.create(make_chat("apart", "r harfi, d harfi; foo ile bar; posta ve e"))
    for asked in ("R&D", "foo_bar", "e-posta"):
        assert await hits(store, asked) == ["together"]


async def test_a_changed_chat_is_forgotten_with_all_its_pairs(
    store: FileStore, make_chat: MakeChat
) -> None:
    created = await store.create(make_chat("a", JAPANESE + " C++ .NET"))
    message = replace(created.messages[0], content="boş")
    await store.update("a", lambda c: c.put(message))
    for asked in ("東京", "京都", "都", "c++", ".net"):
        assert await hits(store, asked) == []
    assert await hits(store, "boş") == ["a"]


@pytest.mark.parametrize(
    ("text", "asked", "marked"),
    [
        (JAPANESE, "東京 勉強", ["東京", "勉強"]),
        ("ぼくのﾌﾟﾛｸﾞﾗﾑです", "プログラム", ["ﾌﾟﾛｸﾞﾗﾑ"]),
        (THAI, "ที่", ["ที่"]),
        ("Straße cafe\u0301 elma", "elma", ["elma"]),
        ("c dili ile C++ ve ObjC++", "c++", ["C++"]),
        ("node, node.js ve node js", "node.js", ["node.js"]),
        ("R&D, r ve d", "R&D", ["R&D"]),
        ("ASP.NET, net ve .NET", ".net", [".NET", ".NET"]),
    ],
)
def test_a_snippet_marks_what_was_asked_and_no_more(
    text: str, asked: str, marked: list[str]
) -> None:
    shown = snippet(text, query_words(asked))
    assert [part.partition("\ue001")[0] for part in shown.split("\ue000")[1:]] == marked


@pytest.mark.parametrize(
    ("text", "asked", "shown"),
    [
        ("Suyu **Kırkçeşme** verir", "kırkçeşme", "Suyu \ue000Kırkçeşme\ue001 verir"),
        (
            "| İl | Nüfus |\n|---|---:|\n| **Fatih** | 909.978 |",
            "909",
            "İl Nüfus Fatih \ue000909\ue001.978",
        ),
        ("## Başlık\n\n- `elma` ve *armut*", "armut", "Başlık elma ve \ue000armut\ue001"),
        ("bkz. [burada](https://ornek.example/elma)", "elma", "/\ue000elma\ue001)"),
    ],
)
def test_a_snippet_reads_without_the_marks_of_markdown(text: str, asked: str, shown: str) -> None:
    assert snippet(text, query_words(asked)).removeprefix("…").endswith(shown)


@pytest.mark.parametrize("filling", ["字", "ก", "a", "a ", ". ", "+"])
def test_a_huge_text_is_cut_without_losing_its_last_word(filling: str) -> None:
    tokens = indexed(filling * 200_000 + " 東京 c++ .net").split()
    assert tokens[-4:] == ["東京", "京", "c++", ".net"]
