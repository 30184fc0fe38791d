"""The chat file: nothing is lost, little changes, and only what may be there is taken."""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from core.comparison import Comparison, Lane
from core.conversation import (
    SCHEMA,
    Answer,
    Branch,
    ChatSettings,
    Conversation,
    Message,
    Outcome,
    Summary,
)
from core.documents import DocumentUse, UsedPassage
from core.errors import ErrorCard
from core.events import Notice, ToolCall, Usage, WebSource
from storage.codec import Blocks, decode, encode
from storage.shape import Unreadable

FULL = Conversation(
    id="full",
    title="Her alan: İıŞş 😀",
    created="2026-11-20T10:00:00+00:00",
    updated="2026-11-20T10:05:00+00:00",
    rev=7,
    pinned=True,
    model="qwen",
    settings=ChatSettings("Kısa yaz", 0.0, 0.9, 40, 100, 0, ("END",), "low"),
    documents=DocumentUse(True, ("Belgeler",), {"whole": True}),
    comparison=Comparison(
        (
            Lane("qwen", "primary", "a1", unknown={"width": 3}),
            Lane("m", "secondary", None, shown=False, wide=True),
        ),
        "shared",
        "sequential",
        True,
        "both_bad",
        ("qwen", "m"),
        {"columns": 2},
    ),
    branches=(
        Branch("İlk dal", "a1", "2026-11-20T10:00:02+00:00", True, {"colour": "red"}),
        Branch("Öbür", "q", "2026-11-20T10:00:03+00:00"),
    ),
    branch="İlk dal",
    summaries=(
        Summary(
            "s1",
            "q",
            "a1",
            2,
            "kısaca",
            "qwen",
            "2026-11-20T10:00:04+00:00",
            True,
            True,
            0.5,
            Usage(100, 20),
            0.002,
            {"tone": "dry"},
        ),
    ),
    leaf="a1",
    messages=(
        Message("q", None, "user", "soru\nikinci satır", "2026-11-20T10:00:00+00:00"),
        Message(
            "a1",
            "q",
            "assistant",
            "yanıt",
            "2026-11-20T10:00:01+00:00",
            reasoning="düşünce",
            tool_calls=(ToolCall("t1", "search", '{"q": 1}', {"signature": "abc"}),),
            answer=Answer(
                "qwen",
                "ollama",
                "2026-11-20T10:00:01+00:00",
                Outcome.FAILED,
                "qwen3",
                "length",
                0.25,
                3.5,
                Usage(10, 20, 5, 0.001, 1.5, 4),
                True,
                6.0,
                0.0,
                ErrorCard("silent", {"provider": "Ollama"}),
                (Notice("fallback", {"wanted": "a", "used": "b"}),),
                0.0004,
                ChatSettings("Uzun yaz", 1.0),
                "a0",
                ("a2", "a3"),
                (
                    UsedPassage(
                        1, "7", "Sözleşme.pdf", "Uzun metin.", "Metin.", 3, ("4 Para",), 4.1
                    ),
                ),
                4096,
                (WebSource("https://ornek.example/", "Örnek", 1),),
            ),
            extra={"rating": {"stars": 5}, "answer": {"seed": 12}},
        ),
        Message("a2", "q", "assistant", "", "x", answer=Answer("m", "p", "x")),
    ),
    extra={"folder": "iş", "settings": {"documents": ["a.pdf"]}},
)


def text_of(conversation: Conversation) -> str:
    return encode(conversation).decode()


def written(**changes: Any) -> bytes:
    """A small file as somebody may have written it by hand."""
    message = {"id": "m1", "role": "user", "content": "Selam"}
    return json.dumps({"messages": [message], **changes}).encode()


def test_every_field_survives_the_file() -> None:
    assert decode(encode(FULL), "full") == FULL


def test_unknown_keys_of_branches_lanes_and_summaries_survive_a_change() -> None:
    found = decode(encode(FULL), "full")
    renamed = replace(found, branches=tuple(replace(b, name="x") for b in found.branches))
    text = json.loads(text_of(renamed))
    assert text["branches"][0]["colour"] == "red"
    assert text["comparison"]["columns"] == 2
    assert text["comparison"]["lanes"][0]["width"] == 3
    assert text["summaries"][0]["tone"] == "dry"
    assert "unknown" not in text_of(FULL)


def test_a_chosen_place_before_the_first_message_survives() -> None:
    assert decode(encode(replace(FULL, leaf=None)), "full").leaf is None


def test_the_file_reads_header_first_then_one_block_a_message() -> None:
    found = json.loads(text_of(FULL))
    header = ["schema", "id", "title", "created", "updated", "rev", "pinned", "model"]
    tree = ["comparison", "branches", "branch", "summaries", "leaf"]
    assert list(found) == [*header, "settings", "documents", *tree, "folder", "messages"]
    assert list(found["messages"][0]) == ["id", "parent", "role", "content", "created"]
    assert text_of(FULL).endswith("\n")


def test_a_changed_message_changes_only_its_own_lines_and_the_header() -> None:
    messages = tuple(Message(f"m{n}", None, "user", f"text {n}", "t") for n in range(50))
    before = replace(FULL, messages=messages, leaf="m1")
    changed = before.put(replace(messages[20], content="başka"))
    after = replace(changed, rev=8, updated="2026-11-20T11:00:00+00:00", leaf="m20")
    lines = difflib.ndiff(text_of(before).splitlines(), text_of(after).splitlines())
    touched = [line[2:].split(":")[0].strip() for line in lines if line.startswith("+ ")]
    assert touched == ['"updated"', '"rev"', '"leaf"', '"content"']


def test_blocks_kept_from_the_last_save_give_the_same_file() -> None:
    blocks = Blocks()
    encode(FULL, blocks)
    changed = FULL.put(replace(FULL.messages[0], content="yeni"))
    twice = replace(changed, messages=(*changed.messages, changed.messages[0]))
    assert encode(twice, blocks) == encode(twice)


def test_lone_and_split_surrogates_do_not_break_a_save() -> None:
    broken = replace(FULL, title="a\ud800b", extra={"k\udfff": "\ud83d\ude00"})
    found = decode(encode(broken), "full")
    assert found.title == "a\ufffdb"
    assert found.extra == {"k\ufffd": "😀"}


def test_an_escaped_half_pair_from_another_program_is_read() -> None:
    data = written(title="x").replace(b'"x"', rb'"x\ud83d y"')
    assert decode(data, "c").title == "x\ufffd y"


def test_what_an_editor_adds_is_read() -> None:
    data = b"\xef\xbb\xbf" + written(title="Selam").replace(b", ", b",\r\n")
    assert decode(data, "c").title == "Selam"


def test_a_file_written_by_hand_may_leave_out_almost_everything() -> None:
    answer = {"id": "m2", "role": "assistant", "content": "Aleykümselam"}
    first = {"id": "m1", "role": "user", "content": "Selam"}
    found = decode(json.dumps({"messages": [first, answer]}).encode(), "by-hand")
    assert (found.id, found.schema, found.leaf) == ("by-hand", SCHEMA, "m2")
    assert [m.content for m in found.path()] == ["Selam", "Aleykümselam"]
    assert found.messages[1].answer is not None
    assert found.messages[1].answer.outcome is Outcome.COMPLETE


def test_the_name_of_the_file_wins_over_the_id_inside() -> None:
    assert decode(written(id="other"), "mine").id == "mine"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not JSON"),
        (b'{"messages": [', "not JSON"),
        (b"<<<<<<< HEAD\n{}", "not JSON"),
        (b"[1]", "not one JSON object"),
        (b"[" * 5000, "not JSON"),
        (b'{"title": NaN}', "not JSON"),
        (written(title=3), "title must be text"),
        (written(pinned=1), "pinned must be true or false"),
        (written(rev=True), "rev must be a whole number"),
        (written(schema="2"), "schema must be a whole number"),
        (written(messages={}), "messages must be a list"),
        (written(settings={"temperature": "hot"}), "temperature must be a number"),
        (written(messages=["x"]), "messages[0] must be an object"),
        (written(messages=[{"id": "a", "role": "user"}]), "messages[0] has no content"),
        (written(messages=[{"id": "", "role": "user", "content": ""}]), "must not be empty"),
        (
            written(messages=[{"id": "a", "role": "assistant", "content": "", "answer": 1}]),
            "messages[0].answer must be an object",
        ),
        (
            written(messages=[{"id": "a", "role": "user", "content": "", "answer": {"usage": 1}}]),
            "messages[0].answer.usage must be an object",
        ),
        (
            written(messages=[{"id": "a", "role": "system", "content": ""}]),
            "messages[0].role must be one of user, assistant",
        ),
    ],
)
def test_what_cannot_be_trusted_is_refused_with_its_place(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        decode(data, "c")
    assert reason in refused.value.reason


@pytest.mark.parametrize(
    "content", [{"path": "/etc/passwd"}, [{"path": "/etc/passwd"}], None, 1, {"text": "x"}]
)
def test_content_is_text_and_never_a_file(content: object) -> None:
    message = {"id": "m1", "role": "user", "content": content}
    with pytest.raises(Unreadable, match=r"messages\[0\]\.content must be text"):
        decode(written(messages=[message]), "c")


def test_of_a_newer_schema_everything_understood_is_shown() -> None:
    unknown = {"id": "m2", "role": "tool", "content": {"path": "x"}}
    known = {"id": "m1", "role": "user", "content": "Selam"}
    data = written(schema=SCHEMA + 1, title="Yeni", pinned="top", messages=[known, unknown])
    found = decode(data, "c")
    assert (found.schema, found.title, found.pinned) == (SCHEMA + 1, "Yeni", False)
    assert [m.content for m in found.messages] == ["Selam"]


def test_a_circle_and_a_missing_parent_load() -> None:
    circle = [
        {"id": "a", "parent": "b", "role": "user", "content": "1"},
        {"id": "b", "parent": "a", "role": "user", "content": "2"},
        {"id": "c", "parent": "gone", "role": "user", "content": "3"},
    ]
    found = decode(written(messages=circle), "c")
    assert [m.id for m in found.path("a")] == ["b", "a"]
    assert [m.id for m in found.path()] == ["c"]


def test_the_examples_in_the_documentation_are_chat_files() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "chat-files.md"
    found = re.findall(r"```json\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    whole, comparison, passages, by_hand = found
    assert encode(decode(whole.encode(), "3f9c2a")).decode() == whole
    assert len(decode(by_hand.encode(), "by-hand").path()) == 2
    text = json.loads(f"{{{comparison}}}")
    compared = decode(json.dumps(text).encode(), "compared")
    assert json.loads(text_of(compared))["comparison"] == text["comparison"]
    answer = json.loads(f"{{{passages}}}")
    said = {"id": "b", "role": "assistant", "content": "x", "answer": answer}
    (cited,) = json.loads(text_of(decode(written(messages=[said]), "cited")))["messages"]
    assert cited["answer"]["passages"] == answer["passages"]


texts = some.text()
numbers = some.none() | some.floats(allow_nan=False, allow_infinity=False)
counts = some.none() | some.integers(0, 2**62)
extras = some.dictionaries(
    some.text().map(lambda key: f"x-{key}"),
    some.recursive(some.none() | some.booleans() | texts, some.lists, max_leaves=5),
    max_size=3,
)
answers = some.builds(
    Answer,
    model=texts,
    provider=texts,
    started=texts,
    outcome=some.sampled_from(Outcome),
    returned_model=some.none() | texts,
    first_token_s=numbers,
    usage=some.builds(Usage, counts, counts, counts, numbers),
    usage_estimated=some.booleans(),
    error=some.none() | some.builds(ErrorCard, texts, some.dictionaries(texts, texts)),
    notices=some.lists(some.builds(Notice, texts, some.dictionaries(texts, texts))).map(tuple),
)
some_messages = some.builds(
    Message,
    id=some.text(min_size=1),
    parent=some.none() | texts,
    role=some.just("assistant"),
    content=texts,
    created=texts,
    reasoning=texts,
    tool_calls=some.lists(some.builds(ToolCall, texts, texts, texts)).map(tuple),
    answer=answers,
    extra=extras,
)
conversations = some.builds(
    Conversation,
    id=some.just("c"),
    title=texts,
    created=texts,
    updated=texts,
    rev=some.integers(0, 2**62),
    pinned=some.booleans(),
    model=texts,
    settings=some.builds(ChatSettings, texts, numbers, stop=some.lists(texts).map(tuple)),
    leaf=some.none() | texts,
    messages=some.lists(some_messages, max_size=3).map(tuple),
    extra=extras,
)


@settings(max_examples=60, deadline=None, database=None)
@given(conversations)
def test_any_conversation_survives_the_file(conversation: Conversation) -> None:
    assert decode(encode(conversation), "c") == conversation
