"""A damaged tree: what is mended, and that nothing is lost over it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as some

from core.comparison import Comparison, Lane
from core.conversation import Conversation
from core.repair import mended
from core.tree import picture
from tests.core.trees import WHEN, ids, message, tree, trees


@given(trees())
def test_a_sound_chat_is_left_alone(chat: Conversation) -> None:
    assert mended(chat) is chat


def test_a_circle_is_opened_at_its_first_message() -> None:
    chat = tree("q1 a1<q1 q2<a3 a2<q2 q3<a2 a3<q3 q4<a3", "q4")
    sound = mended(chat)
    assert sound.repairs == 1
    assert ids(sound.path()) == ["q2", "a2", "q3", "a3", "q4"]
    assert mended(replace(sound, repairs=0)).repairs == 0


def test_a_message_that_is_its_own_parent_becomes_a_beginning() -> None:
    assert ids(mended(tree("q1 a1<a1 q2<a1")).path()) == ["a1", "q2"]


def test_a_parent_or_leaf_that_points_nowhere() -> None:
    chat = tree("q1 a1<q1 q2<gone a2<q2", "nowhere")
    sound = mended(chat)
    assert (sound.repairs, sound.leaf) == (2, "a2")
    assert ids(sound.path()) == ["q2", "a2"]


def test_double_ids_follow_the_nearest_above() -> None:
    # Two chats that somebody copied into one file.
    chat = tree("q1 a1<q1 q1<a1 a1<q1 q2<a1")
    sound = mended(chat)
    assert sound.repairs == 2
    assert [(m.id, m.parent) for m in sound.messages] == [
        ("q1", None), ("a1", "q1"), ("q1-2", "a1"), ("a1-2", "q1-2"), ("q2", "a1-2"),
    ]  # fmt: skip
    assert replace(chat, leaf="a1") != chat
    assert mended(replace(chat, leaf="a1")).leaf == "a1-2"


def test_a_new_id_is_one_that_nobody_has() -> None:
    assert ids(mended(tree("q1 q1<q1 q1-2<q1")).messages) == ["q1", "q1-3", "q1-2"]


def test_branches_and_lanes_that_end_nowhere() -> None:
    lanes = Comparison((Lane("x", leaf="a1"), Lane("y", leaf="gone")))
    chat = tree("q1 a1<q1", None, ("Dal", "a1"), ("Dal", "q1"), ("Yok", "gone"))
    sound = mended(replace(chat, comparison=lanes))
    assert sound.repairs == 3
    assert [(b.name, b.leaf) for b in sound.branches] == [("Dal", "a1"), ("Dal 2", "q1")]
    assert sound.comparison is not None
    assert [lane.leaf for lane in sound.comparison.lanes] == ["a1", None]


@given(
    some.lists(
        some.tuples(some.sampled_from("abcde"), some.none() | some.sampled_from("abcdex")),
        max_size=8,
    )
)
def test_whatever_the_parents_are_all_messages_are_in_the_tree(
    links: list[tuple[str, str | None]],
) -> None:
    messages = tuple(message(name, parent) for name, parent in links)
    sound = mended(Conversation("c", "t", WHEN, WHEN, leaf="x", messages=messages))
    inside = [m for segment in picture(sound).segments for m in segment.messages]
    assert sorted(ids(tuple(inside))) == sorted(ids(sound.messages))
    assert [m.content for m in sound.messages] == [m.content for m in messages]
    assert mended(replace(sound, repairs=0)).repairs == 0
