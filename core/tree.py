"""The tree of a chat as people see it: its runs of messages, its branches, what may be pruned.

All functions are pure. Those that change a chat raise RejectedInput where they cannot.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from core.conversation import Branch, Conversation, Message
from core.errors import RejectedInput
from core.excerpt import plain

LONGEST_NAME = 80
_LABEL_WORDS, _LABEL_CHARACTERS = 8, 60
_READ_FOR_LABEL = 400
_Children = Mapping[str | None, Sequence[Message]]


@dataclass(frozen=True)
class Segment:
    """A run of messages without a fork in it. `parent` is the segment it hangs on, None at a root.

    Runs also end at the leaf of a branch and at the chosen leaf, so that each is some run's tip.
    """

    messages: tuple[Message, ...]
    parent: str | None
    on_path: bool

    @property
    def id(self) -> str:
        """Its first message."""
        return self.messages[0].id

    @property
    def tip(self) -> str:
        """Its last message."""
        return self.messages[-1].id

    @property
    def label(self) -> str:
        """The first words of its first question; of its answer where it has no question."""
        first = next((m for m in self.messages if m.role == "user"), self.messages[0])
        words = plain(first.content[:_READ_FOR_LABEL]).split()
        return " ".join(words[:_LABEL_WORDS])[:_LABEL_CHARACTERS].rstrip()

    @property
    def models(self) -> tuple[str, ...]:
        """Ids of the models that answered in it, each once, in their order."""
        return tuple(dict.fromkeys(m.answer.model for m in self.messages if m.answer))

    @property
    def running(self) -> bool:
        """Whether one of its answers is being written."""
        return any(message.is_open for message in self.messages)


@dataclass(frozen=True)
class BranchView:
    """A branch with what a list of them shows. `count` is the length of its path, `own` how many
    of these only it needs, `updated` when its last message was written."""

    branch: Branch
    current: bool
    count: int
    own: int
    updated: str


@dataclass(frozen=True)
class Picture:
    """The whole tree at once: its runs, its branches, and how many messages are off the path."""

    segments: tuple[Segment, ...]
    branches: tuple[BranchView, ...]
    off_path: int


def picture(chat: Conversation) -> Picture:
    """All that is shown of a tree. A run stands before those that hang on it, siblings oldest
    first; branches keep their order."""
    children = _children(chat)
    path = {message.id for message in chat.path()}
    runs = _segments(chat, children, path)
    return Picture(runs, _branch_views(chat, children, runs), len(chat.messages) - len(path))


def _segments(chat: Conversation, children: _Children, path: set[str]) -> tuple[Segment, ...]:
    ends = {branch.leaf for branch in chat.branches} | {chat.leaf}
    found: list[Segment] = []
    waiting: list[tuple[Message, str | None]] = [(m, None) for m in reversed(children[None])]
    while waiting:
        first, parent = waiting.pop()
        run = _run(first, children, ends)
        found.append(Segment(run, parent, first.id in path))
        waiting += [(m, first.id) for m in reversed(children.get(run[-1].id, ()))]
    return tuple(found)


def _branch_views(
    chat: Conversation, children: _Children, runs: Sequence[Segment]
) -> tuple[BranchView, ...]:
    by_id = {message.id: message for message in chat.messages}
    ends, depths = _ends(chat), _depths(runs)

    def view(branch: Branch) -> BranchView:
        own = _only_of(_upward(by_id, branch.leaf), children, ends, branch)
        tip = by_id.get(branch.leaf)
        updated = tip.created if tip else branch.created
        current = branch.name == chat.branch
        return BranchView(branch, current, depths.get(branch.leaf, 0), len(own), updated)

    return tuple(view(branch) for branch in chat.branches)


def off_path(chat: Conversation) -> frozenset[str]:
    """Ids of the messages that are not on the chosen path."""
    on_path = {message.id for message in chat.path()}
    return frozenset(m.id for m in chat.messages if m.id not in on_path)


def only_of(chat: Conversation, name: str) -> frozenset[str]:
    """Ids of the messages nothing but this branch needs: from its leaf up to the last fork.

    Other branches, lanes, paths without a name and an answer beside need theirs. A chat without a
    fork keeps all: dropping its branch drops the name alone.
    """
    by_id = {message.id: message for message in chat.messages}
    branch = _branch(chat, name)
    way_up = _upward(by_id, branch.leaf)
    return frozenset(_only_of(way_up, _children(chat), _ends(chat), branch))


def add_branch(chat: Conversation, name: str, message_id: str, created: str) -> Conversation:
    """Begin a branch at a message, be on it, and have the next question open it."""
    if chat.message(message_id) is None:
        raise RejectedInput("message_gone")
    name = _free_name(chat, name)
    branches = (*chat.branches, Branch(name, message_id, created))
    return replace(chat, branches=branches, branch=name, leaf=message_id)


def rename_branch(chat: Conversation, name: str, new: str) -> Conversation:
    """Call a branch something else."""
    old = _branch(chat, name)
    if _clean(new) == old.name:
        return chat
    new = _free_name(chat, new)
    current = new if chat.branch == name else chat.branch
    return replace(_put(chat, old, replace(old, name=new)), branch=current)


def prefer_branch(chat: Conversation, name: str, preferred: bool) -> Conversation:
    """Mark the branch as the preferred one, which no other is then; or take the mark away."""
    chosen = _branch(chat, name)
    branches = tuple(
        replace(b, preferred=preferred if b is chosen else b.preferred and not preferred)
        for b in chat.branches
    )
    return chat if branches == chat.branches else replace(chat, branches=branches)


def open_branch(chat: Conversation, name: str) -> Conversation:
    """Turn the chosen path to a branch."""
    branch = _branch(chat, name)
    if chat.message(branch.leaf) is None:
        raise RejectedInput("message_gone")
    return _unless_same(chat, replace(chat, leaf=branch.leaf, branch=branch.name))


def open_message(chat: Conversation, message_id: str) -> Conversation:
    """Turn the chosen path to a message: to exactly it at the end of a run, else on to the newest
    of what followed it."""
    if chat.message(message_id) is None:
        raise RejectedInput("message_gone")
    is_end = message_id in {chat.leaf, *(branch.leaf for branch in chat.branches)}
    is_tip = is_end or len(chat.children(message_id)) != 1
    return _unless_same(chat, chat.choose(message_id) if is_tip else chat.turn_to(message_id))


def drop_branch(chat: Conversation, name: str) -> Conversation:
    """Take the name of a branch away; its messages stay."""
    dropped = _branch(chat, name)
    left = replace(chat, branches=tuple(b for b in chat.branches if b is not dropped))
    return left.choose(left.leaf)


def unused_name(chat: Conversation, wanted: str) -> str:
    """The name, or the name with the first free number behind it."""
    taken = {branch.name for branch in chat.branches}
    number = 1
    name = wanted
    while name in taken:
        number += 1
        name = f"{wanted[: LONGEST_NAME - 5]} {number}"
    return name


def _children(chat: Conversation) -> _Children:
    """Messages by their parent, oldest first."""
    found: dict[str | None, list[Message]] = {None: []}
    for message in chat.messages:
        found.setdefault(message.parent, []).append(message)
    return found


def _run(first: Message, children: _Children, ends: set[str | None]) -> tuple[Message, ...]:
    run = [first]
    while run[-1].id not in ends:
        following = children.get(run[-1].id, ())
        if len(following) != 1:
            break
        run.append(following[0])
    return tuple(run)


def _upward(by_id: Mapping[str, Message], leaf: str | None) -> Iterator[Message]:
    """From a message up to its root; a circle ends the way."""
    seen: set[str] = set()
    while leaf is not None and leaf in by_id and leaf not in seen:
        seen.add(leaf)
        yield by_id[leaf]
        leaf = by_id[leaf].parent


def _depths(runs: Sequence[Segment]) -> Mapping[str, int]:
    """How long the path to the tip of each run is; every branch ends at one."""
    to_run: dict[str | None, int] = {None: 0}
    for run in runs:
        to_run[run.id] = to_run[run.parent] + len(run.messages)
    return {run.tip: to_run[run.id] for run in runs}


def _ends(chat: Conversation) -> Counter[str | None]:
    """How many branches, lanes and chosen paths end at a message."""
    lanes = chat.comparison.lanes if chat.comparison else ()
    ends = Counter([branch.leaf for branch in chat.branches] + [lane.leaf for lane in lanes])
    ends[chat.leaf] = max(ends[chat.leaf], 1)
    return ends


def _only_of(
    way_up: Iterator[Message], children: _Children, ends: Counter[str | None], branch: Branch
) -> Sequence[str]:
    """The way from a leaf up to the last fork; nothing where there is no fork."""
    own: list[str] = []
    if children.get(branch.leaf) or ends[branch.leaf] > 1:
        return own
    for message in way_up:
        if own and message.id in ends:
            return own
        own.append(message.id)
        if len(children.get(message.parent, ())) > 1:
            return own
    return ()


def _branch(chat: Conversation, name: str) -> Branch:
    found = next((branch for branch in chat.branches if branch.name == name), None)
    if found is None:
        raise RejectedInput("branch_gone", name=name[:LONGEST_NAME])
    return found


def _put(chat: Conversation, old: Branch, new: Branch) -> Conversation:
    return replace(chat, branches=tuple(new if b is old else b for b in chat.branches))


def _free_name(chat: Conversation, name: str) -> str:
    """The name as it will be written. Raises RejectedInput where it cannot be or is taken."""
    clean = _clean(name)
    if not 1 <= len(clean) <= LONGEST_NAME or not clean.isprintable():
        raise RejectedInput("branch_name", limit=str(LONGEST_NAME))
    if any(branch.name == clean for branch in chat.branches):
        raise RejectedInput("branch_taken", name=clean)
    return clean


def _clean(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())


def _unless_same(chat: Conversation, changed: Conversation) -> Conversation:
    """The very same chat where nothing differs, so that nothing is written."""
    same = (chat.leaf, chat.branch) == (changed.leaf, changed.branch)
    return chat if same else changed
