"""What the comparison tab draws, as JSON for ui/static/compare.js.

While a blind comparison waits for its vote, nothing in it names a model: lanes go by their number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from core.catalog import Catalog
from core.comparison import Comparison, Context, Lane, Mode
from core.conversation import SCHEMA, Conversation, Message
from core.request import Readiness
from core.texts import translate
from engine import compared, rounds
from engine.lane_versions import LaneVersions
from engine.live import LiveTurn
from engine.rounds import Exchange
from ui.compare_answer import AnswerSheet, again
from ui.compare_inherited import Inherited, author_line, unnamed
from ui.compare_rounds import best_of
from ui.compare_versions import Beside, Json, LaneView

_SIDES = "AB"


@dataclass(frozen=True)
class Sight:
    """How a page looks at a comparison: its language, how many messages of a lane it shows, whether
    it paints running answers itself, and what is chosen above the lanes."""

    language: str
    shown: int
    painted: bool
    chosen: tuple[str, ...] = ()
    context: Context = "own"
    mode: Mode = "auto"
    blind: bool = False


@dataclass(frozen=True)
class ComparisonSheet:
    """Draws one chat for one page. `live` finds a running turn by its id."""

    catalog: Catalog
    ready: Mapping[str, Readiness]
    live: Callable[[str], LiveTurn | None]
    sight: Sight

    def draw(self, chat: Conversation | None) -> Json:
        """The whole comparison; without a chat, or in one that compares nothing yet, the lanes the
        next question would open."""
        kept = chat.comparison if chat else None
        comparison = kept or self._planned(chat)
        hidden = comparison.is_hidden
        views = self._views(chat, comparison)
        answers = AnswerSheet(self.sight.language, self.sight.painted, hidden)
        newest = compared.newest(chat) if chat else None
        fused = self._newest_fused(chat, comparison, newest) if chat and not hidden else None
        if chat and not hidden:
            beside = Beside(chat, views, fused, self._label, self.sight.language)
            own = [view.own for view in views]
            answers = replace(answers, best=best_of(own), diffs=beside.pairs())
        lanes = [
            self._lane(comparison, number, view, answers)
            for number, view in enumerate(views, start=1)
        ]
        return {
            "chat": chat.id if chat else None,
            "rev": chat.rev if chat else 0,
            "planned": kept is None,
            "blind": comparison.blind,
            "hidden": hidden,
            "vote": comparison.vote,
            "sides": [self._label(m) for m in comparison.voted] if comparison.vote else [],
            "most": None if hidden else self.catalog.limits.compare_lanes,
            "pool": len(self.sight.chosen) if hidden and kept is None else None,
            "context": comparison.context,
            "mode": comparison.mode,
            "lanes": lanes,
            "aside": [] if hidden else self._aside(comparison),
            "canVote": hidden and newest is not None and newest.can_vote,
            "fused": self._fused(chat, fused, answers) if chat and fused else None,
            "canFuse": not hidden and newest is not None and newest.can_fuse,
            "readOnly": chat is not None and (chat.schema > SCHEMA or chat.repairs > 0),
        }

    def _planned(self, chat: Conversation | None) -> Comparison:
        """What the next question would begin."""
        leaf, sight = chat.leaf if chat else None, self.sight
        names = _SIDES if sight.blind else sight.chosen
        lanes = tuple(
            Lane(model, "comparison" if place else "primary", leaf)
            for place, model in enumerate(names)
        )
        return Comparison(lanes, sight.context, sight.mode, sight.blind)

    def _views(self, chat: Conversation | None, comparison: Comparison) -> Sequence[LaneView]:
        lanes = comparison.shown
        if chat is None:
            return [LaneView((), {}) for _ in lanes]
        asked = [rounds.exchanges(chat, comparison, lane) for lane in lanes]
        told = unnamed(asked) if comparison.is_hidden else asked
        return [
            self._view(chat, comparison, lane, one) for lane, one in zip(lanes, told, strict=True)
        ]

    def _view(
        self, chat: Conversation, comparison: Comparison, lane: Lane, asked: Sequence[Exchange]
    ) -> LaneView:
        asked = [one for one in asked if not _runs_elsewhere(one)]
        both = (message for one in asked for message in (one.question, one.answer))
        path = [self._newest(message) for message in both if message]
        kept = chat.comparison is not None
        versions = LaneVersions(chat, comparison, lane).of_path() if kept else {}
        inherited = Inherited.of(asked, partial(self._author, comparison.is_hidden))
        foreign = bool(path) and path[-1].id in inherited.authors
        able = kept and not foreign and self.catalog.model(lane.model) is not None
        return LaneView(path, versions, inherited, able)

    def _author(self, hidden: bool, message: Message) -> str:
        if hidden:
            return self._text("compare.inherited")
        return author_line(message, self._label, self.sight.language)

    def _newest(self, message: Message) -> Message:
        """The running answer is newer in memory than at its last checkpoint."""
        turn = self.live(message.id) if message.is_open else None
        return turn.growing if turn else message

    def _lane(
        self, comparison: Comparison, number: int, view: LaneView, answers: AnswerSheet
    ) -> Json:
        lane, path = comparison.shown[number - 1], view.path
        last = path[-1] if path else None
        turn = self.live(last.id) if last and last.is_open else None
        visible = path[-self.sight.shown :]
        if turn is None:  # while it is answered a lane stays where it is
            answers = replace(answers, versions=view.versions, painted=False)
        messages = self._messages(visible, view, answers)
        if last and view.can_be_asked:
            messages[-1]["again"] = again(last)
        if turn and turn.is_queued:
            messages[-1]["queued"] = True
        sheet: Json = {
            "wide": lane.wide,
            "turn": turn.id if turn else None,
            "before": len(path) - len(visible),
            "inherited": len(view.inherited.leading),
            "messages": messages,
        }
        if comparison.is_hidden:
            side = self._text("compare.side", letter=_SIDES[number - 1])
            return {**sheet, "key": str(number), "name": side}
        primary = comparison.primary
        role = "primary" if primary is lane else lane.role
        return {**sheet, **self._model(lane.model), "key": lane.model, "role": role}

    def _messages(
        self, visible: Sequence[Message], view: LaneView, answers: AnswerSheet
    ) -> list[Json]:
        answers = replace(answers, authors=view.inherited.authors)
        return [
            {**answers.message(one), "inherited": one.id in view.inherited.leading}
            for one in visible
        ]

    def _model(self, model_id: str) -> Json:
        model = self.catalog.model(model_id)
        if model is None:
            gone = self._text("compare.gone")
            return {"name": model_id, "gone": True, "ready": False, "reason": gone}
        state = self.ready.get(model_id) or Readiness(False, "checking")
        reason = "" if state.ready else self._text(f"reason.{state.reason}", **state.params)
        return {"name": model.label, "gone": False, "ready": state.ready, "reason": reason}

    def _aside(self, comparison: Comparison) -> list[Json]:
        """The lanes that can be brought back with what they said; those that were not drawn have
        their chips alone."""
        return [
            {"key": lane.model, "name": self._label(lane.model)}
            for lane in comparison.lanes
            if not lane.shown and (lane.leaf or not comparison.blind)
        ]

    def _label(self, model_id: str) -> str:
        model = self.catalog.model(model_id)
        return model.label if model else model_id

    def _newest_fused(
        self, chat: Conversation, comparison: Comparison, newest: compared.Compared | None
    ) -> Message | None:
        """The newest answer made of the answers of the present round, also where the other lanes
        have been put out of sight since."""
        primary = comparison.primary
        asked = rounds.exchanges(chat, comparison, primary) if primary else ()
        questions = {one.question.id for one in asked[-1:]}
        questions |= {newest.question.id} if newest else set()
        made = [m for m in chat.messages if m.answer and m.answer.sources]
        found = next((m for m in reversed(made) if m.parent in questions), None)
        return self._newest(found) if found else None

    def _fused(self, chat: Conversation, fused: Message, answers: AnswerSheet) -> Json:
        made = fused.answer
        turn = self.live(fused.id) if fused.is_open else None
        sources = [chat.message(source) for source in made.sources] if made else ()
        names = [self._label(m.answer.model) for m in sources if m and m.answer]
        model = self._label(made.model) if made else ""
        return {
            "name": self._text("compare.fused_by", model=model),
            "sources": self._text("compare.fused_from", names=", ".join(names)),
            "turn": turn.id if turn else None,
            "messages": [replace(answers, best=None).message(fused)],
        }

    def _text(self, key: str, /, **params: str) -> str:
        return translate(self.sight.language, key, **params)


def _runs_elsewhere(one: rounds.Exchange) -> bool:
    """Whether another model is answering: that is seen in its own lane, until it has ended."""
    return one.answer is not None and one.answer.is_open and not one.own
