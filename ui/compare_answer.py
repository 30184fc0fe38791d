"""One message of a lane as JSON for ui/static/lanes_message.js, and its measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from core.conversation import Answer, Message
from core.numbers import cost, decimal, tokens, tokens_sent
from core.texts import translate
from ui.answer_end import UNFINISHED, end_note, is_cut_off
from ui.compare_versions import Json, walk
from ui.documents_answer import DocumentedAnswer
from ui.web_sources import WebSources


@dataclass(frozen=True)
class AnswerSheet:
    """Messages in one language. `best` are the answers that have the best of a measure in their
    round; `masked` hides all that could tell which model it is. `versions` are those of a lane's
    messages, `diffs` what an answer can be set beside, `authors` who wrote what the lane's own
    model did not (ui.compare_inherited)."""

    language: str
    painted: bool
    masked: bool = False
    best: Mapping[str, frozenset[str]] | None = None
    versions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    diffs: Mapping[str, Sequence[Json]] = field(default_factory=dict)
    authors: Mapping[str, str] = field(default_factory=dict)

    def message(self, message: Message) -> Json:
        """A message of a lane; a running one without its text where the page paints it itself."""
        sheet: Json = {"id": message.id, "role": message.role, "text": message.content}
        sheet |= walk(self.versions, message.id)
        if message.answer is None:
            return sheet
        if message.id in self.authors:
            sheet["author"] = self.authors[message.id]
        sheet["open"] = message.is_open
        if message.is_open and self.painted:
            return {**sheet, "text": ""}
        sheet["reasoning"] = message.reasoning
        sheet["tools"] = [{"name": c.name, "arguments": c.arguments} for c in message.tool_calls]
        if message.is_open:
            return sheet
        used = DocumentedAnswer(message, self.language).sheet()
        if not self.masked:  # the address of a source can name who answered
            used = {**used, **WebSources(message, self.language).sheet()}
        return {**sheet, **used, **self._end(message, message.answer)}

    def _end(self, message: Message, answer: Answer) -> Json:
        end: Json = {"error": self._error(answer)}
        if answer.error is None and (note := end_note(message, self.language, self.masked)):
            end["note"] = note
        if self.masked or message.id in self.authors:
            return end
        return {
            **end,
            "notices": [self._text(f"notice.{n.key}", **n.params) for n in answer.notices],
            "diffs": self.diffs.get(message.id, ()),
            "measures": self._measures(message.id, answer),
            "more": self._more(answer),
        }

    def _error(self, answer: Answer) -> Json | None:
        if answer.error is None:
            return None
        if self.masked:
            return {
                "message": self._text("compare.masked_error"),
                "hint": self._text("compare.masked_error_hint"),
            }
        card = answer.error
        return {"message": card.message(self.language), "hint": card.hint(self.language)}

    def _measures(self, message_id: str, answer: Answer) -> list[Json]:
        about = "≈" if answer.usage_estimated else ""
        texts = {
            "first": self._seconds(answer.first_token_s),
            "duration": self._seconds(answer.duration_s),
            "speed": _or_dash(answer.tokens_per_s, lambda n: about + decimal(n, self.language)),
            "cost": _or_dash(answer.cost_usd, lambda _: self._cost(answer)),
        }
        best = self.best or {}
        return [
            {"name": name, "text": text, "best": message_id in best.get(name, ())}
            for name, text in texts.items()
        ]

    def _more(self, answer: Answer) -> list[str]:
        """What stands in small letters under the measures."""
        return [*self._tokens(answer), *self._loading(answer), *self._estimate(answer)]

    def _tokens(self, answer: Answer) -> list[str]:
        usage, about = answer.usage, "≈" if answer.usage_estimated else ""
        if usage.input_tokens is None or usage.output_tokens is None:
            return []
        params = {
            "in": tokens_sent(usage, self.language, about),
            "out": about + tokens(usage.output_tokens, self.language),
        }
        return [self._text("answer.tokens", **params)]

    def _loading(self, answer: Answer) -> list[str]:
        load, whole = answer.usage.load_s, answer.duration_s
        if not load or whole is None:
            return []
        made = max(0.0, whole - load)
        params = {"load": decimal(load, self.language), "made": decimal(made, self.language)}
        return [self._text("compare.loading_apart", **params)]

    def _estimate(self, answer: Answer) -> list[str]:
        if answer.estimated_cost_usd is None:
            return []
        said = cost(answer.estimated_cost_usd, self.language)
        if answer.cost_usd is None:
            return [self._text("compare.estimated", said=said)]
        actual = self._cost(answer)
        return [self._text("compare.estimate_actual", said=said, actual=actual)]

    def _cost(self, answer: Answer) -> str:
        return cost(answer.cost_usd, self.language, estimated=answer.cost_estimated)

    def _seconds(self, value: float | None) -> str:
        return _or_dash(value, lambda s: self._text("answer.seconds", s=decimal(s, self.language)))

    def _text(self, key: str, /, **params: str) -> str:
        return translate(self.language, key, **params)


def again(message: Message) -> list[str]:
    """What can be asked of a lane whose newest message this is, beside another question: `go_on`
    where an answer ends before its end, `retry` where nothing else would help."""
    answer = message.answer
    if answer is None or message.is_open:
        return []
    return [
        *(["go_on"] if message.content and is_cut_off(answer) else []),
        *(["retry"] if answer.outcome in UNFINISHED else []),
    ]


def _or_dash(value: float | None, text: Callable[[float], str]) -> str:
    return "–" if value is None else text(value)
