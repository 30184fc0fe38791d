"""From messages to what `gr.Chatbot` shows. Everything a person or model wrote is text here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import Any

from core.catalog import Catalog
from core.conversation import Answer, Message, Summary
from core.events import ToolCall
from core.numbers import cost, decimal, tokens, tokens_sent
from core.texts import translate
from ui.answer_end import UNFINISHED, end_note, is_cut_off
from ui.documents_answer import DocumentedAnswer, inert
from ui.paths import Elsewhere
from ui.question import is_long, question
from ui.summary_card import summary_card
from ui.web_sources import WebSources

ChatbotMessage = Mapping[str, Any]


def live_id(turn: str) -> str:
    """The id of the element a running answer is painted beside; ui/static/page.js knows it too."""
    return f"divan-live-{escape(turn)}"


@dataclass(frozen=True)
class Renderer:
    """Messages in one language. `catalog` gives the models' labels."""

    catalog: Catalog
    language: str
    versions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The ids of a message and its siblings, oldest first, by the message's id; in the order of
    the messages. The arrows of the last message that has some are `#versions`."""
    summaries: Sequence[Summary] = ()
    in_effect: Summary | None = None
    """The one of `summaries` that a prompt carries."""
    blind: bool = False
    """Show nothing that tells which model answered."""
    elsewhere: Elsewhere | None = None
    """Where the conversation goes on beside the last of the messages."""
    fused: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The ids of the models whose answers a message was made from, by the message's id."""
    written_elsewhere: bool = False
    """Whether another process writes the open answers, so that no turn of this one can be shown."""

    def messages(self, path: Sequence[Message], painted: bool = True) -> list[ChatbotMessage]:
        """The Chatbot's value, in the painter's own markup (ui/static/painter.js).

        A running answer is an empty place to paint into, or its text so far where no painter is
        at work (`painted=False`).
        """
        shown = [self._message(message, painted) for message in path]
        return [*shown[:-1], *map(self._with_elsewhere, shown[-1:])]

    def _message(self, message: Message, painted: bool) -> ChatbotMessage:
        if message.role == "user":
            text = self._question(message)
        elif message.is_open and painted:
            text = f'<span id="{live_id(message.id)}" class="divan-live"></span>'
        else:
            text = "\n\n".join([self._answer(message), *self._summaries(message)])
        # A list of blocks: for a plain string the Chatbot eats the indentation of code.
        return {"role": message.role, "content": [{"type": "text", "text": text}]}

    def _with_elsewhere(self, last: ChatbotMessage) -> ChatbotMessage:
        """The last message below a line that says where its chat goes on; drawn before the answer
        is, so that nothing jumps when it ends."""
        there = self.elsewhere
        if there is None:
            return last
        params = {"number": str(there.number), "count": tokens(there.count, self.language)}
        button = (
            f'<button id="elsewhere-{escape(there.message)}" class="divan-action divan-link">'
            f"{self._text('answer.elsewhere_open')}</button>"
        )
        line = f"{self._text('answer.elsewhere', **params)} {button}"
        [block] = last["content"]
        text = f'<div class="divan-elsewhere">{line}</div>\n\n{block["text"]}'
        return {**last, "content": [{**block, "text": text}]}

    def _answer(self, message: Message) -> str:
        parts = [
            self._reasoning(message.reasoning),
            self._tools(message.tool_calls),
            self._content(message),
            *(self._footer(message) if message.answer else ()),
        ]
        return "\n\n".join(part for part in parts if part)

    def _content(self, message: Message) -> str:
        """Blind without links: the address of a source can name who answered."""
        sources = message.answer.web_sources if message.answer and not self.blind else ()
        links = WebSources(message, self.language).links if sources else None
        return DocumentedAnswer(message, self.language).content(links)

    def _summaries(self, message: Message) -> Sequence[str]:
        return [
            summary_card(one, one == self.in_effect, self.catalog, self.language)
            for one in self.summaries
            if one.last == message.id
        ]

    def _text(self, key: str, **params: str) -> str:
        return escape(translate(self.language, key, **params))

    def _reasoning(self, reasoning: str) -> str:
        if not reasoning:
            return ""
        title = self._text("painter.reasoning")
        return (
            '<details class="divan-reasoning"><summary>'
            f'<span class="divan-reasoning-title">{title}</span></summary>'
            f'<div class="divan-thoughts">{inert(reasoning)}</div></details>'
        )

    def _tools(self, calls: Sequence[ToolCall]) -> str:
        cards = "".join(map(self._tool, calls))
        return f'<div class="divan-tools">{cards}</div>' if cards else ""

    def _tool(self, call: ToolCall) -> str:
        label = self._text("painter.tool")
        return (
            f'<div class="divan-tool"><div class="divan-tool-head"><span>{label}</span>'
            f'<code class="divan-tool-name">{inert(call.name)}</code></div>'
            f"<pre>{inert(_pretty(call.arguments))}</pre></div>"
        )

    def _footer(self, message: Message) -> Sequence[str]:
        answer = message.answer
        if answer is None:
            return ()
        if message.is_open:
            return (self._note("written_elsewhere"),) if self.written_elsewhere else ()
        below = DocumentedAnswer(message, self.language).below()
        if self.blind:
            return (self._end_note(message), below, self._meta(message, answer))
        notes = (*self._notices(answer), self._sources(message))
        web = WebSources(message, self.language).below()
        return (self._error(message, answer), *notes, below, web, self._meta(message, answer))

    def _error(self, message: Message, answer: Answer) -> str:
        if answer.error is None:
            return self._end_note(message)
        happened = inert(answer.error.message(self.language))
        hint = inert(answer.error.hint(self.language))
        return (
            f'<div class="divan-error" role="alert"><strong>{happened}</strong>'
            f"<span>{_commands(hint)}</span></div>"
        )

    def _end_note(self, message: Message) -> str:
        note = escape(end_note(message, self.language, self.blind))
        return f'<div class="divan-note">{note}</div>' if note else ""

    def _note(self, key: str) -> str:
        return f'<div class="divan-note">{self._text(f"answer.{key}")}</div>'

    def _notices(self, answer: Answer) -> Sequence[str]:
        return [
            f'<div class="divan-note">{self._text(f"notice.{n.key}", **n.params)}</div>'
            for n in answer.notices
        ]

    def _sources(self, message: Message) -> str:
        names = ", ".join(map(self._label, self.fused.get(message.id, ())))
        if not names:
            return ""
        return f'<div class="divan-note">{self._text("compare.fused_from", names=names)}</div>'

    def _label(self, model_id: str) -> str:
        model = self.catalog.model(model_id)
        return model.label if model else model_id

    def _meta(self, message: Message, answer: Answer) -> str:
        facts = " · ".join(f"<span>{escape(fact)}</span>" for fact in self._facts(message, answer))
        buttons = "".join(self._button(name, message.id) for name in _actions(message, answer))
        compare = self._button("diff", message.id) if self._has_versions(message) else ""
        return (
            f'<div class="divan-meta"><span class="divan-facts">{facts}</span>'
            f'<span class="divan-actions">{buttons}{self._walk(message)}{compare}</span></div>'
        )

    def _question(self, message: Message) -> str:
        buttons = self._button("edit", message.id) + self._walk(message)
        foot = f'<div class="divan-meta divan-question">{buttons}</div>'
        text = question(message.content)
        if is_long(message.content):
            unfold = self._button("unfold", message.id)
            text = f'<div class="divan-long">\n\n{text}\n\n</div>\n\n<div>{unfold}</div>'
        return f"{text}\n\n{foot}"

    def _has_versions(self, message: Message) -> bool:
        return len(self.versions.get(message.id, ())) > 1

    @cached_property
    def _newest_walked(self) -> str | None:
        walked = (
            one for one, versions in reversed(list(self.versions.items())) if len(versions) > 1
        )
        return next(walked, None)

    def _walk(self, message: Message) -> str:
        """Arrows to the version before and after, where there is more than one."""
        if not self._has_versions(message):
            return ""
        versions = self.versions[message.id]
        at = versions.index(message.id)
        before = self._arrow("earlier", versions[at - 1] if at else "")
        after = self._arrow("later", "".join(versions[at + 1 : at + 2]))
        place = f"<span>{at + 1}/{len(versions)}</span>"
        name = ' id="versions"' if message.id == self._newest_walked else ""
        return f'<span{name} class="divan-versions">{before}{place}{after}</span>'

    def _arrow(self, way: str, target: str) -> str:
        """The arrow itself is drawn by messages.css: its text is its name, as the Chatbot takes
        labels away."""
        if not target:
            return f'<span class="divan-no-version divan-{way}"></span>'
        name = self._text(f"answer.{way}_version")
        style = f"divan-action divan-version divan-{way}"
        return f'<button id="version-{escape(target)}" class="{style}">{name}</button>'

    def _button(self, action: str, message_id: str) -> str:
        label = self._text(f"answer.{action}")
        return (
            f'<button id="{action}-{escape(message_id)}" class="divan-action divan-{action}" '
            f'title="{label}" aria-label="{label}">{label}</button>'
        )

    def _facts(self, message: Message, answer: Answer) -> list[str]:
        if self.blind:
            return [translate(self.language, "answer.blind")]
        facts = [self._label(answer.model)]
        if answer.duration_s is not None:
            facts.append(
                translate(self.language, "answer.seconds", s=self._decimal(answer.duration_s))
            )
        if answer.first_token_s is not None:
            first = self._decimal(answer.first_token_s)
            facts.append(translate(self.language, "answer.first_token", s=first))
        facts += self._token_facts(answer)
        if answer.cost_usd is not None or message.content:
            facts.append(cost(answer.cost_usd, self.language, estimated=answer.cost_estimated))
        return facts

    def _token_facts(self, answer: Answer) -> list[str]:
        usage = answer.usage
        if usage.input_tokens is None or usage.output_tokens is None:
            return []
        about = "≈" if answer.usage_estimated else ""
        params = {
            "in": tokens_sent(usage, self.language, about),
            "out": about + tokens(usage.output_tokens, self.language),
        }
        facts = [translate(self.language, "answer.tokens", **params)]
        if answer.tokens_per_s is not None:
            speed = about + self._decimal(answer.tokens_per_s)
            facts.append(translate(self.language, "answer.speed", n=speed))
        return facts

    def _decimal(self, value: float) -> str:
        return decimal(value, self.language)


def _actions(message: Message, answer: Answer) -> Sequence[str]:
    """What can be done with an answer that has ended, by the names of the buttons."""
    return [
        *(["continue"] if message.content and is_cut_off(answer) else []),
        *(["copy"] if message.content else []),
        "retry" if answer.outcome in UNFINISHED else "again",
        "branch",
    ]


def _pretty(arguments: str) -> str:
    """JSON laid out for reading; anything else as it is."""
    try:
        return json.dumps(json.loads(arguments), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return arguments


def _commands(inert: str) -> str:
    """Backquoted parts of our own hints as code."""
    parts = inert.split("&#96;")
    return "".join(
        f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts)
    )
