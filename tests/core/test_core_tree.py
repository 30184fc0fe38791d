"""Runs, branches and the chosen path of a chat's tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given

from core.comparison import Comparison, Lane
from core.conversation import Conversation, Outcome
from core.errors import RejectedInput
from core.tree import (
    add_branch,
    drop_branch,
    off_path,
    only_of,
    open_branch,
    open_message,
    picture,
    prefer_branch,
    rename_branch,
)
from tests.core.trees import WHEN, ids, message, tree, trees

LINE = "q1 a1<q1 q2<a1 a2<q2 q3<a2 a3<q3"


def runs(chat: Conversation) -> dict[str, str]:
    """Each run as `first-tip`, with what it hangs on."""
    return {f"{s.id}-{s.tip}": s.parent or "" for s in picture(chat).segments}


def refused(work: Callable[[], object]) -> str:
    with pytest.raises(RejectedInput) as found:
        work()
    return found.value.card.kind


def test_a_line_is_one_run_and_a_fork_makes_three() -> None:
    assert runs(tree(LINE)) == {"q1-a3": ""}
    assert runs(tree(f"{LINE} b2<q2")) == {"q1-q2": "", "a2-a3": "q1", "b2-b2": "q1"}


def test_a_branch_in_the_middle_of_a_line_ends_a_run() -> None:
    assert runs(tree(LINE, "a3", ("Dal", "a1"))) == {"q1-a1": "", "q2-a3": "q1"}


def test_a_run_says_what_was_asked_who_answered_and_whether_it_goes_on() -> None:
    chat = tree("q1 a1<q1 b1<q1 q2<b1", "q2")
    asked = replace(chat.messages[0], content=" Hava\n\nnasıl   olacak " + "çok " * 400)
    being_made = replace(chat.messages[1].answer, model="gemma", outcome=Outcome.STREAMING)  # type: ignore[type-var]
    chat = chat.put(asked).put(replace(chat.messages[1], answer=being_made))
    root, open_run, chosen = picture(chat).segments
    assert root.label == "Hava nasıl olacak çok çok çok çok çok"
    assert (open_run.models, open_run.running, open_run.on_path) == (("gemma",), True, False)
    assert (chosen.label, chosen.running, chosen.on_path) == ("text of q2", False, True)


@given(trees())
def test_every_message_is_in_one_run_and_no_run_comes_before_its_parent(chat: Conversation) -> None:
    found = picture(chat).segments
    inside = [m.id for segment in found for m in segment.messages]
    assert sorted(inside) == sorted(ids(chat.messages))
    seen: set[str | None] = {None}
    for segment in found:
        assert segment.parent in seen
        seen.add(segment.id)
    tips = {segment.tip for segment in found}
    assert {chat.leaf} | {branch.leaf for branch in chat.branches} <= tips
    on_path = [m.id for s in found if s.on_path for m in s.messages]
    assert sorted(on_path) == sorted(ids(chat.path()))


def test_a_branch_begins_at_its_message_and_grows_with_what_follows() -> None:
    chat = add_branch(tree(LINE), "  Başka  yol ", "a1", WHEN)
    assert (chat.branch, chat.leaf, chat.branches[0].name) == ("Başka yol", "a1", "Başka yol")
    grown = chat.append(message("q9", "a1")).append(message("a9", "q9"))
    assert (grown.branch, grown.branches[0].leaf) == ("Başka yol", "a9")
    assert ids(grown.path()) == ["q1", "a1", "q9", "a9"]


def test_regenerating_at_the_tip_stays_on_the_branch() -> None:
    chat = tree(LINE, "a3", ("Dal", "a3"))
    again = chat.fork("q3").append(message("b3", "q3"))
    assert (again.branch, again.branches[0].leaf, again.leaf) == ("Dal", "b3", "b3")


@pytest.mark.parametrize(
    ("at", "new"),
    [("a1", "q9"), (None, "q9"), ("a2", "q9"), ("q2", "b2"), ("q3", "q9")],
)
def test_an_edit_or_answer_elsewhere_opens_a_path_without_a_name(at: str | None, new: str) -> None:
    chat = tree(LINE, "a3", ("Dal", "a3"))
    edited = chat.fork(at).append(message(new, at))
    assert (edited.branch, edited.leaf) == ("", new)
    assert edited.branches == chat.branches


def test_turning_to_another_version_leaves_the_branch_and_back_again_joins_it() -> None:
    chat = tree(f"{LINE} b3<q3", "a3", ("Dal", "a3"))
    assert chat.branch == "Dal"
    assert chat.turn_to("b3").branch == ""
    assert chat.turn_to("b3").turn_to("a3").branch == "Dal"


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\u0000b", "a\u200bb", "a\ue000b"])
def test_a_name_is_one_line_of_printable_characters(name: str) -> None:
    chat = tree(LINE)
    assert refused(lambda: add_branch(chat, name, "a1", WHEN)) == "branch_name"
    assert add_branch(chat, "x" * 80, "a1", WHEN).branch == "x" * 80


def test_a_name_is_taken_once_whichever_way_its_letters_are_composed() -> None:
    chat = add_branch(tree(LINE), "Şarkı", "a1", WHEN)
    assert refused(lambda: add_branch(chat, "S\u0327arkı", "a2", WHEN)) == "branch_taken"
    assert refused(lambda: add_branch(chat, "Dal", "nobody", WHEN)) == "message_gone"


def test_renaming_keeps_the_place_and_the_person_on_it() -> None:
    chat = tree(LINE, "a3", ("Bir", "a1"), ("İki", "a3"))
    renamed = rename_branch(chat, "İki", "Üç")
    assert ([b.name for b in renamed.branches], renamed.branch) == (["Bir", "Üç"], "Üç")
    assert rename_branch(chat, "İki", "İki") is chat
    assert refused(lambda: rename_branch(chat, "İki", "Bir")) == "branch_taken"
    assert refused(lambda: rename_branch(chat, "Yok", "Bir")) == "branch_gone"


def test_one_branch_is_preferred_at_most() -> None:
    chat = tree(LINE, "a3", ("Bir", "a1"), ("İki", "a3"))
    both = prefer_branch(prefer_branch(chat, "Bir", True), "İki", True)
    assert [b.preferred for b in both.branches] == [False, True]
    assert prefer_branch(both, "Bir", False) is both
    assert not any(b.preferred for b in prefer_branch(both, "İki", False).branches)


def test_opening_goes_to_the_branch_or_to_exactly_the_end_of_a_run() -> None:
    chat = tree(f"{LINE} b2<q2 q9<b2 a9<q9", "a3", ("Bir", "a9"), ("İki", "a9"))
    assert (open_branch(chat, "İki").leaf, open_branch(chat, "İki").branch) == ("a9", "İki")
    assert (open_message(chat, "q2").leaf, open_message(chat, "b2").leaf) == ("q2", "a9")
    assert open_message(chat, "a9").branch == "Bir"
    assert open_message(chat, "a3") is chat
    assert refused(lambda: open_message(chat, "nobody")) == "message_gone"


def test_dropping_a_name_keeps_the_messages() -> None:
    chat = tree(LINE, "a3", ("Bir", "a3"), ("İki", "a1"))
    left = drop_branch(chat, "Bir")
    assert ([b.name for b in left.branches], left.branch) == (["İki"], "")
    assert left.messages == chat.messages


def test_off_the_path_is_all_but_the_way_to_the_leaf() -> None:
    assert off_path(tree(f"{LINE} b2<q2 q9<b2", "a3")) == {"b2", "q9"}
    assert off_path(tree(LINE)) == frozenset()
    assert picture(tree(f"{LINE} b2<q2 q9<b2", "a3")).off_path == 2


@pytest.mark.parametrize(
    ("text", "branches", "only"),
    [
        # From the leaf up to the fork where the nameless path goes its own way.
        (f"{LINE} b2<q2 q9<b2 a9<q9", [("Dal", "a9")], {"b2", "q9", "a9"}),
        # Another branch on the way keeps what it needs, and so does one at the same leaf.
        (f"{LINE} b2<q2 q9<b2 a9<q9", [("Dal", "a9"), ("Ara", "b2")], {"q9", "a9"}),
        (f"{LINE} b2<q2", [("Dal", "b2"), ("Aynı", "b2")], set()),
        # What goes on beneath the leaf belongs to somebody else.
        (f"{LINE} b2<q2 q9<b2", [("Dal", "b2")], set()),
        # An answer beside it on its own stretch is a path of its own.
        (f"{LINE} b2<q2 q9<b2 a9<q9 c9<q9", [("Dal", "a9")], {"a9"}),
        # A second beginning goes whole; the only way through a chat never does.
        ("q1 a1<q1 q2 a2<q2", [("Dal", "a2")], {"q2", "a2"}),
        (LINE, [("Dal", "a3")], set()),
    ],
)
def test_what_only_one_branch_needs(
    text: str, branches: list[tuple[str, str]], only: set[str]
) -> None:
    chat = tree(text, None, *branches)
    assert only_of(chat, "Dal") == only
    assert picture(chat).branches[0].own == len(only)


def test_the_chosen_path_keeps_what_it_needs() -> None:
    assert only_of(tree(LINE, "a1", ("Dal", "a3")), "Dal") == {"q2", "a2", "q3", "a3"}


def test_a_lane_keeps_what_it_ends_at() -> None:
    chat = tree(f"{LINE} b2<q2 q9<b2", "a3", ("Dal", "q9"))
    assert only_of(chat, "Dal") == {"b2", "q9"}
    lanes = Comparison((Lane("qwen", leaf="b2"),))
    assert only_of(replace(chat, comparison=lanes), "Dal") == {"q9"}


def test_a_branch_tells_its_length_and_when_it_was_written_last() -> None:
    chat = tree(f"{LINE} b2<q2", "b2", ("Dal", "b2"), ("Öbür", "a3"))
    chat = chat.put(replace(chat.messages[-1], created="2026-12-01T00:00:00Z"))
    one, other = picture(chat).branches
    assert (one.current, one.count, one.updated) == (True, 4, "2026-12-01T00:00:00Z")
    assert (other.current, other.count, other.updated) == (False, 6, WHEN)


def test_a_circle_ends_every_walk() -> None:
    chat = tree("q1 a1<b1 b1<a1", "a1", ("Dal", "b1"))
    assert runs(chat) == {"q1-q1": ""}
    assert off_path(chat) == {"q1"}
    assert only_of(chat, "Dal") == frozenset()
