"""Export: Markdown that reads well and can be read back, JSON that is the file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
import yaml

from core.conversation import ChatSettings, Conversation, Message, Outcome
from core.errors import ErrorCard
from core.events import ToolCall, Usage, WebSource
from storage.codec import decode
from storage.export import to_json, to_markdown

MakeChat = Callable[..., Conversation]


def answered(chat: Conversation, **changes: object) -> Conversation:
    """The chat with its answer's record changed."""
    answer = chat.messages[1].answer
    assert answer is not None
    return chat.put(replace(chat.messages[1], answer=replace(answer, **changes)))  # type: ignore[arg-type]


def test_json_is_the_file(make_chat: MakeChat) -> None:
    assert decode(to_json(make_chat()), "chat-1") == make_chat()


def test_front_matter_is_yaml_whatever_the_title_holds(make_chat: MakeChat) -> None:
    title = 'a: "b"\n---\n# c \u2028 \ud800'
    text = to_markdown(make_chat(title=title), "tr")
    front = yaml.safe_load(text.split("\n---\n")[0].removeprefix("---\n"))
    assert (front["id"], front["model"]) == ("chat-1", "qwen")
    assert front["title"] == title.replace("\ud800", "\ufffd")
    assert front["created"] == "2026-11-01T08:00:00+00:00"


def test_the_text_of_each_message_can_be_read_back_exactly(make_chat: MakeChat) -> None:
    texts = ["# başlık\n\n<!-- message {} -->\n", "```python\nprint(1)\n```\n\n## son", "\n\n", "ü"]
    chat = make_chat("chat-1", *texts)
    text = to_markdown(chat, "en")
    found = []
    at = 0
    while marker := re.compile(r"<!-- message (\{.*?\}) -->\n\n## .*\n\n").search(text, at):
        about = json.loads(marker[1])
        at = marker.end() + about["characters"]
        found.append((about["id"], about["role"], text[marker.end() : at]))
    assert found == [(m.id, m.role, m.content) for m in chat.messages]


def test_only_the_chosen_path_is_exported(make_chat: MakeChat) -> None:
    chat = make_chat("chat-1", "soru", "birinci yanıt").fork("m0")
    other = Message("other", "m0", "assistant", "ikinci yanıt", "t", answer=chat.messages[1].answer)
    text = to_markdown(chat.append(other), "tr")
    assert "ikinci yanıt" in text
    assert "birinci yanıt" not in text


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("tr", ["## Siz", "## Ayarlar", "## Sistem istemi", "durduruldu", "Düşünme", "(tahmini)"]),
        (
            "en",
            ["## You", "## Settings", "## System prompt", "stopped", "Reasoning", "(estimated)"],
        ),
    ],
)
def test_headings_and_records_speak_the_language(
    make_chat: MakeChat, language: str, expected: list[str]
) -> None:
    chat = answered(
        make_chat(),
        outcome=Outcome.STOPPED,
        first_token_s=0.25,
        duration_s=2.0,
        usage=Usage(10, 20),
        usage_estimated=True,
        cost_usd=0.00125,
    )
    chat = chat.put(replace(chat.messages[1], reasoning="hmm"))
    chat = replace(chat, settings=ChatSettings("Kısa yaz", temperature=0.5))
    text = to_markdown(chat, language)
    for words in [*expected, "## qwen", "Kısa yaz", "- `temperature`: 0.5", "0.25", "≈$0.00125"]:
        assert words in text


def test_an_answer_made_from_others_names_whose_they_were(make_chat: MakeChat) -> None:
    chat = make_chat("chat-1", "soru", "yanıt", "sonra", "birleşik")
    first, fused = chat.messages[1], chat.messages[3]
    assert fused.answer is not None
    made = replace(fused, answer=replace(fused.answer, sources=(first.id,)))
    assert "Bu yanıtlardan birleştirildi: `qwen`" in to_markdown(chat.put(made), "tr")


def test_a_code_block_cut_off_by_stop_is_closed(make_chat: MakeChat) -> None:
    chat = make_chat("chat-1", "soru", "````py\n```\nyarım", "sonra")
    text = to_markdown(chat, "tr")
    assert "yarım\n````\n" in text
    whole = make_chat("chat-1", "soru", "~~~py\ntam\n~~~", "sonra")
    assert "tam\n~~~\n\n" in to_markdown(whole, "tr")
    assert to_markdown(whole, "tr").count("~~~") == 2


def test_an_error_and_a_tool_call_are_kept_in_the_export(make_chat: MakeChat) -> None:
    card = ErrorCard("silent", {"provider": "Ollama", "wait": "60"})
    chat = answered(make_chat(), outcome=Outcome.FAILED, error=card)
    call = ToolCall("t", "search", '{"q": "```"}')
    chat = chat.put(replace(chat.messages[1], tool_calls=(call,)))
    text = to_markdown(chat, "en")
    assert f"> {card.message('en')}\n> {card.hint('en')}" in text
    assert '````json\n{"q": "```"}\n````' in text


def test_sources_and_cached_tokens_are_in_the_export(make_chat: MakeChat) -> None:
    sources = (
        WebSource("https://ornek.example/kule"),
        WebSource("https://ornek.example/kopru", "Köprü [1] *", 1),
        WebSource("javascript:alert(1)", "x", 2),
    )
    usage = Usage(1200, 5, cached_tokens=900)
    chat = answered(make_chat(), usage=usage, web_sources=sources)
    text = to_markdown(chat, "tr")
    kept = r"- 1: [Köprü \[1\] \*](<https://ornek.example/kopru>)"
    assert f"**Kaynaklar**\n\n{kept}\n- [https://ornek.example/kule](<" in text
    assert "javascript" not in text
    assert "1200 giren, 5 çıkan belirteç (girenin 900 belirteci önbellekten)" in text
    assert b'"web_sources"' in to_json(chat)
