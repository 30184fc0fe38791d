"""A summary of the oldest messages as it stands in the chat, below the last of them."""

from __future__ import annotations

from html import escape

from core.catalog import Catalog
from core.conversation import Summary
from core.numbers import cost, decimal, tokens, tokens_sent
from core.texts import translate
from ui.markdown import settle

_ACTIONS = {"used": ("edit", "undo"), "off": ("edit", "redo"), "past": ()}


def summary_card(summary: Summary, in_effect: bool, catalog: Catalog, language: str) -> str:
    """Markdown for the Chatbot: folded, with who wrote it and what it cost, and what can be done
    with it. `in_effect` says that prompts carry this one."""
    state = "off" if summary.off else "used" if in_effect else "past"
    title = escape(translate(language, "context.summary_title", count=str(summary.count)))
    facts = " · ".join(map(escape, _facts(summary, catalog, language)))
    note = escape(translate(language, f"context.summary_{state}"))
    buttons = "".join(_button(name, summary.id, language) for name in _ACTIONS[state])
    return (
        f'<details id="summary-{escape(summary.id)}" class="divan-summary divan-summary-{state}">'
        f'<summary><span class="divan-summary-title">{title}</span>'
        f'<span class="divan-facts">{facts}</span></summary>'
        f'<div class="divan-note">{note}</div>\n\n'
        f"{settle(summary.text)}\n\n"
        f'<div class="divan-meta"><span class="divan-actions">{buttons}</span></div></details>'
    )


def _facts(summary: Summary, catalog: Catalog, language: str) -> list[str]:
    model = catalog.model(summary.model)
    facts = [model.label if model else summary.model]
    if summary.edited:
        facts.append(translate(language, "context.summary_edited"))
    if summary.duration_s is not None:
        seconds = decimal(summary.duration_s, language)
        facts.append(translate(language, "answer.seconds", s=seconds))
    usage = summary.usage
    if usage.input_tokens is not None and usage.output_tokens is not None:
        counts = {
            "in": tokens_sent(usage, language),
            "out": tokens(usage.output_tokens, language),
        }
        facts.append(translate(language, "answer.tokens", **counts))
    return [*facts, cost(summary.cost_usd, language)]


def _button(action: str, summary_id: str, language: str) -> str:
    label = escape(translate(language, f"context.summary_{action}"))
    return (
        f'<button id="summary-{action}-{escape(summary_id)}" '
        f'class="divan-action divan-summary-{action}">{label}</button>'
    )
