"""Taking messages out of a chat and putting them back."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from core.comparison import Comparison, Lane
from core.conversation import Conversation, Summary
from core.prune import is_piece, put_back, take_out
from core.repair import mended
from core.tree import off_path, only_of
from tests.core.trees import WHEN, ids, message, tree, trees

FORKED = "q1 a1<q1 b1<q1 q2<a1 q3<b1 a2<q2 a3<q3"


@given(trees())
def test_what_is_pruned_and_put_back_is_the_chat_as_it_was(chat: Conversation) -> None:
    kept, piece = take_out(chat, off_path(chat))
    assert ids(kept.messages) == [m.id for m in chat.messages if m in chat.path()]
    assert mended(kept) is kept
    assert put_back(kept, piece) == chat


@given(trees())
def test_a_dropped_branch_comes_back_whole(chat: Conversation) -> None:
    for branch in chat.branches:
        kept, piece = take_out(chat, only_of(chat, branch.name), branch.name)
        assert branch.name not in {b.name for b in kept.branches}
        assert kept.messages
        assert mended(kept) is kept
        assert put_back(kept, piece) == chat


@given(trees())
def test_putting_back_twice_is_putting_back_once(chat: Conversation) -> None:
    kept, piece = take_out(chat, off_path(chat))
    whole = put_back(kept, piece)
    assert put_back(whole, piece) is whole
    assert is_piece(piece)
    assert not is_piece(whole)


def test_what_ends_at_a_pruned_message_goes_with_it() -> None:
    summary = Summary("s1", "q1", "b1", 2, "kısaca", "qwen", WHEN)
    chat = replace(tree(FORKED, "a2", ("Kalan", "a1"), ("Giden", "a3")), summaries=(summary,))
    lanes = Comparison((Lane("x", "primary", "a2"), Lane("y", leaf="a3")))
    kept, piece = take_out(replace(chat, comparison=lanes), off_path(chat))
    assert [b.name for b in kept.branches] == ["Kalan"]
    assert kept.summaries == ()
    assert kept.comparison is not None
    assert [lane.leaf for lane in kept.comparison.lanes] == ["a2", "q1"]
    assert ids(piece.messages) == ["b1", "q3", "a3"]
    assert ([b.name for b in piece.branches], piece.summaries) == (["Giden"], (summary,))


def test_a_dropped_branch_turns_the_path_to_what_is_left_at_its_fork() -> None:
    chat = tree(FORKED, "a3", ("Dal", "a3"))
    kept, piece = take_out(chat, only_of(chat, "Dal"), "Dal")
    assert (kept.leaf, kept.branch) == ("a2", "")
    back = put_back(kept, piece)
    assert (back.leaf, back.branch) == ("a3", "Dal")


def test_undo_leaves_the_path_where_the_person_has_turned_it_since() -> None:
    chat = tree(FORKED, "a3", ("Dal", "a3"))
    kept, piece = take_out(chat, only_of(chat, "Dal"), "Dal")
    grown = kept.append(message("q9", "a2"))
    back = put_back(grown, piece)
    assert (back.leaf, back.branch) == ("q9", "")
    assert ids(back.messages) == [*ids(chat.messages), "q9"]


def test_what_was_written_meanwhile_is_kept_beside_what_comes_back() -> None:
    chat = tree(FORKED, "a2", ("Dal", "a3"))
    kept, piece = take_out(chat, off_path(chat))
    taken = kept.append(replace(message("b1", "q1"), content="başka"))
    taken = replace(taken, branches=(replace(chat.branches[0], leaf="b1", created="9"),))
    back = put_back(taken, piece)
    assert ids(back.messages) == ["q1", "a1", "b1-2", "q2", "q3", "a2", "a3", "b1"]
    texts = {m.id: (m.parent, m.content) for m in back.messages}
    assert texts["b1"] == ("q1", "başka")
    assert texts["b1-2"] == ("q1", "text of b1")
    assert texts["q3"][0] == "b1-2"
    assert {b.name: b.leaf for b in back.branches} == {"Dal": "b1", "Dal 2": "a3"}


def test_messages_whose_parent_is_gone_come_back_as_a_beginning() -> None:
    chat = tree(FORKED, "a2")
    kept, inner = take_out(chat, {"q3", "a3"})
    kept, outer = take_out(kept, {"b1"})
    back = put_back(kept, inner)
    parents = {m.id: m.parent for m in back.messages}
    assert (parents["q3"], parents["a3"]) == (None, "q3")
    assert mended(back) is back
    assert ids(put_back(back, outer).children("q1")) == ["a1", "b1"]


def test_a_lane_goes_on_to_where_it_was_unless_it_has_gone_elsewhere() -> None:
    lanes = Comparison((Lane("x", "primary", "a2"), Lane("y", leaf="a3"), Lane("z", leaf="b1")))
    chat = replace(tree(FORKED, "a2"), comparison=lanes)
    kept, piece = take_out(chat, off_path(chat))
    assert kept.comparison is not None
    moved = replace(kept, comparison=kept.comparison.put(Lane("z", leaf="a1")))
    back = put_back(moved, piece).comparison
    assert back is not None
    assert [lane.leaf for lane in back.lanes] == ["a2", "a3", "a1"]


def test_another_preferred_branch_stays_the_preferred_one() -> None:
    chat = tree(FORKED, "a2", ("Giden", "a3"), ("Kalan", "a2"))
    chat = replace(chat, branches=(replace(chat.branches[0], preferred=True), chat.branches[1]))
    kept, piece = take_out(chat, off_path(chat))
    kept = replace(kept, branches=(replace(kept.branches[0], preferred=True),))
    back = put_back(kept, piece)
    assert [(b.name, b.preferred) for b in back.branches] == [("Giden", False), ("Kalan", True)]
