"""A conversation as a value: a tree of messages and the leaf the person is at.

Regenerating, editing, branching and comparing are one idea: messages with the same parent.
Nothing here knows about files, time or identity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal

from core.comparison import Comparison
from core.counts import Amount
from core.documents import DocumentUse, UsedPassage
from core.errors import ErrorCard
from core.events import Notice, ToolCall, Usage, WebSource

SCHEMA = 1
"""Version of the chat file this program writes; a higher one opens read-only."""


class Outcome(StrEnum):
    """How an answer ended. `streaming` on disk means the program died: see `interrupted`."""

    STREAMING = "streaming"
    COMPLETE = "complete"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class ChatSettings:
    """What a person set for one chat; None means the model's default (see core.request.Options)."""

    system: str = ""
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    max_output_tokens: int | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    reasoning: str | None = None


@dataclass(frozen=True)
class Answer:
    """Where an answer came from and what it took. Times in seconds, cost in USD.

    `started` is ISO 8601 in UTC. `first_token_s`, `tokens_per_s` and `cost_usd` are None where
    unknown. `usage_estimated` says the tokens were counted by us, not by the provider.
    `settings` is what it was asked with where that is not the chat's, `continues` the answer it
    goes on from, `sources` the answers it was fused from, `estimated_cost_usd` what was said before
    sending, `passages` what was sent from the person's documents, `web_sources` pages of
    the web that its provider named. `token_limit` is the most tokens that were asked for, where the
    answer reached its length limit.
    """

    model: str
    provider: str
    started: str
    outcome: Outcome = Outcome.STREAMING
    returned_model: str | None = None
    finish_reason: str | None = None
    first_token_s: Amount = None
    duration_s: Amount = None
    usage: Usage = field(default_factory=Usage)
    usage_estimated: bool = False
    tokens_per_s: Amount = None
    cost_usd: Amount = None
    error: ErrorCard | None = None
    notices: tuple[Notice, ...] = ()
    estimated_cost_usd: Amount = None
    settings: ChatSettings | None = None
    continues: str | None = None
    sources: tuple[str, ...] = ()
    passages: tuple[UsedPassage, ...] = ()
    token_limit: int | None = None
    web_sources: tuple[WebSource, ...] = ()

    @property
    def cost_estimated(self) -> bool:
        """Whether `cost_usd` was reckoned from tokens that we counted ourselves."""
        return self.usage_estimated and self.usage.cost is None


@dataclass(frozen=True)
class Message:
    """One node of the tree. An assistant message always has an `answer`.

    `extra` keeps keys of the file this version does not know, so that a save loses nothing.
    """

    id: str
    parent: str | None
    role: Literal["user", "assistant"]
    content: str
    created: str
    reasoning: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    answer: Answer | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether the answer is still being written."""
        return self.answer is not None and self.answer.outcome is Outcome.STREAMING


@dataclass(frozen=True)
class Branch:
    """A name on a message: the branch is the way from the root to `leaf`. At most one of a chat is
    `preferred`. `unknown` keeps keys of the file this version does not know."""

    name: str
    leaf: str
    created: str
    preferred: bool = False
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Summary:
    """What a model wrote in place of the oldest messages: all from the root to `last`.

    The messages stay; a prompt for a path through `last` carries `text` instead of them. `first` is
    the root the range begins at, `count` how many messages it has. `off` is an undone summary.
    """

    id: str
    first: str
    last: str
    count: int
    text: str
    model: str
    created: str
    edited: bool = False
    off: bool = False
    duration_s: Amount = None
    usage: Usage = field(default_factory=Usage)
    cost_usd: Amount = None
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Conversation:
    """A chat: header, settings and the tree, oldest message first.

    `rev` grows with every save. `leaf` is the message the chosen path ends at, `branch` the name of
    the branch the person is on, if it has one. `repairs` counts what was wrong with the tree in
    the file and has been mended in memory only; it is never written.
    """

    id: str
    title: str
    created: str
    updated: str
    rev: int = 0
    pinned: bool = False
    model: str = ""
    settings: ChatSettings = field(default_factory=ChatSettings)
    documents: DocumentUse = field(default_factory=DocumentUse)
    comparison: Comparison | None = None
    branches: tuple[Branch, ...] = ()
    branch: str = ""
    summaries: tuple[Summary, ...] = ()
    leaf: str | None = None
    repairs: int = 0
    messages: tuple[Message, ...] = ()
    schema: int = SCHEMA
    extra: Mapping[str, Any] = field(default_factory=dict)

    def message(self, message_id: str) -> Message | None:
        """The message with this id, if there is one."""
        return next((m for m in self.messages if m.id == message_id), None)

    def path(self, leaf: str | None = None) -> tuple[Message, ...]:
        """Messages from the root to `leaf` (default: the current one), oldest first.

        A parent that is missing or comes round again ends the walk: damage shows less, never hangs.
        """
        by_id = {m.id: m for m in self.messages}
        found: dict[str, Message] = {}
        at = leaf or self.leaf
        while at is not None and at in by_id and at not in found:
            found[at] = by_id[at]
            at = by_id[at].parent
        return tuple(reversed(found.values()))

    def source_models(self, message: Message) -> tuple[str, ...]:
        """Ids of the models whose answers a message was fused from."""
        wanted = message.answer.sources if message.answer else ()
        found = map(self.message, wanted)
        return tuple(m.answer.model for m in found if m and m.answer)

    def children(self, parent: str | None) -> tuple[Message, ...]:
        """Messages that answer or follow `parent`, oldest first; None gives the roots."""
        return tuple(m for m in self.messages if m.parent == parent)

    def siblings(self, message_id: str) -> tuple[Message, ...]:
        """The message and every other one with its parent, oldest first."""
        at = self.message(message_id)
        return self.children(at.parent) if at else ()

    def append(self, message: Message) -> Conversation:
        """Add a message and make it the leaf; a known id is replaced where it stands.

        The current branch grows with what follows its leaf or answers the same question again;
        anything else leaves it for a path without a name.
        """
        if self.message(message.id):
            return self.put(message)
        branches = self._branches_with(message)
        grown = replace(self, messages=(*self.messages, message), branches=branches)
        return grown.choose(message.id)

    def put(self, message: Message) -> Conversation:
        """Replace the message with the same id; the leaf stays."""
        changed = tuple(message if m.id == message.id else m for m in self.messages)
        return replace(self, messages=changed)

    def turn_to(self, message_id: str) -> Conversation:
        """Choose the path through a message, on to the newest of what followed it. Raises KeyError
        for an unknown message."""
        if self.message(message_id) is None:
            raise KeyError(message_id)
        newest = {m.parent: m.id for m in self.messages}
        leaf, seen = message_id, {message_id}
        while (following := newest.get(leaf)) is not None and following not in seen:
            leaf = following
            seen.add(leaf)
        return self.choose(leaf)

    def fork(self, message_id: str | None) -> Conversation:
        """Go back to a message (None: before the first), so that the next one opens a branch."""
        if message_id is not None and self.message(message_id) is None:
            raise KeyError(message_id)
        tip = self._answer_at_tip()
        if tip is not None and tip.parent == message_id:
            # The next message may be another answer at the tip, which the branch goes along with.
            return replace(self, leaf=message_id)
        return self.choose(message_id)

    def choose(self, leaf: str | None) -> Conversation:
        """End the chosen path at exactly this message, and be on a branch that ends there, too."""
        ending = [branch.name for branch in self.branches if branch.leaf == leaf]
        name = self.branch if self.branch in ending else next(iter(ending), "")
        return replace(self, leaf=leaf, branch=name)

    def current_branch(self) -> Branch | None:
        """The branch the person is on, if the path has a name."""
        return next((branch for branch in self.branches if branch.name == self.branch), None)

    def _branches_with(self, new: Message) -> tuple[Branch, ...]:
        at, tip = self.current_branch(), self._answer_at_tip()
        follows = at is not None and new.parent == at.leaf
        beside = tip is not None and new.role == tip.role and new.parent == tip.parent
        if not (follows or beside):
            return self.branches
        return tuple(replace(b, leaf=new.id) if b is at else b for b in self.branches)

    def _answer_at_tip(self) -> Message | None:
        at = self.current_branch()
        tip = self.message(at.leaf) if at else None
        return tip if tip and tip.role == "assistant" else None
