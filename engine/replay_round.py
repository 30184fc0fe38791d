"""How one round of a replay comes into a chat's tree: pure changes, without a disk."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from core.comparison import Comparison, Lane
from core.conversation import Branch, Conversation, Message
from core.errors import DivanError
from core.tree import LONGEST_NAME, unused_name
from engine.asking import Opening, beside, message_of
from engine.identity import new_message_id, now
from engine.replaying import Track


class Stopped(DivanError):
    """A replay is not to go on: it was told so, or what it follows was taken out of the chat."""


def ask_round(
    chat: Conversation, asked: Sequence[tuple[Track, Opening]], own: Collection[str]
) -> Conversation:
    """Put the next question of each track and its open answer into the chat.

    Tracks that follow the same answer share one copy of the question. The chosen path goes along
    only while it ends at one of the replay's `own` answers: who went elsewhere is left there.
    Raises Stopped.
    """
    copies: dict[str, str] = {}
    for track, opening in asked:
        chat, question = _question(chat, track, copies)
        message = message_of(chat, opening, question)
        follows = track.leads and (not own or chat.leaf in own)
        chat = _branch(beside(chat, message), track, message)
        if track.in_lane and chat.comparison:
            chat = replace(chat, comparison=_lane(chat.comparison, track, message))
        chat = chat.choose(message.id) if follows else chat
    return replace(chat, updated=now())


def _question(chat: Conversation, track: Track, copies: dict[str, str]) -> tuple[Conversation, str]:
    old = track.questions[len(track.answers)]
    under = old.id if track.in_place or track.under is None else track.under
    if chat.message(under) is None:
        raise Stopped(under)
    if under == old.id:
        return chat, old.id
    if under not in copies:
        copy = replace(old, id=new_message_id(), parent=under, created=now())
        copies[under] = copy.id
        chat = beside(chat, copy)
    return chat, copies[under]


def _branch(chat: Conversation, track: Track, new: Message) -> Conversation:
    """The branch that ended at the track's last answer ends at the new one, whatever it is called
    by now; where a person has taken it elsewhere, another one begins."""
    ending = [b for b in chat.branches if b.leaf == track.newest]
    own = next((b for b in ending if b.name == track.branch), next(iter(ending), None))
    if own is None:
        label = " ".join(track.model.label.split())[:LONGEST_NAME]
        begun = Branch(unused_name(chat, label), new.id, new.created)
        return replace(chat, branches=(*chat.branches, begun))
    moved = replace(own, leaf=new.id)
    return replace(chat, branches=tuple(moved if b is own else b for b in chat.branches))


def _lane(comparison: Comparison, track: Track, new: Message) -> Comparison:
    """The lane of the model in sight and at its new answer, unless it was taken elsewhere since."""
    lane = comparison.lane(track.model.id)
    if lane is None:
        begun = Lane(track.model.id, leaf=new.id)
        return (
            comparison if track.answers else replace(comparison, lanes=(*comparison.lanes, begun))
        )
    if track.answers and lane.leaf != track.newest:
        return comparison
    return comparison.put(replace(lane, leaf=new.id, shown=lane.shown or not track.answers))
