"""A chat to take along: Markdown to read, JSON to keep."""

from __future__ import annotations

import re
from typing import Any

import orjson

from core.conversation import Answer, ChatSettings, Conversation, Message, Outcome
from core.texts import translate
from core.web_sources import listed
from storage import codec, shape

_NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$")


def to_json(conversation: Conversation) -> bytes:
    """The chat's file itself."""
    return codec.encode(conversation)


def to_markdown(conversation: Conversation, language: str) -> str:
    """The chosen path as Markdown, headings in `language`.

    Front matter, and a comment with id, role and length above each message, make it readable
    back: the text of a message begins after the heading and has as many characters as told.
    """
    parts = [_front_matter(conversation), f"# {_one_line(conversation.title)}"]
    parts += _settings(conversation.settings, language)
    for message in conversation.path():
        parts += _message(message, language)
        parts += _sources(conversation, message, language)
    return shape.plain_text("\n\n".join(parts) + "\n")


def _front_matter(conversation: Conversation) -> str:
    held = {
        "id": conversation.id,
        "title": conversation.title,
        "created": conversation.created,
        "updated": conversation.updated,
        "model": conversation.model,
    }
    lines = [f"{key}: {_yaml(value)}" for key, value in held.items() if value]
    return "\n".join(["---", *lines, "---"])


def _settings(settings: ChatSettings, language: str) -> list[str]:
    held = shape.write(settings)
    system = held.pop("system", "")
    parts = []
    if held:
        lines = [f"- `{key}`: {_json(value)}" for key, value in held.items()]
        parts += [f"## {_text(language, 'settings')}", "\n".join(lines)]
    if system:
        parts += [f"## {_text(language, 'system')}", _closed(system)]
    return parts


def _message(message: Message, language: str) -> list[str]:
    about = {
        "id": message.id,
        "role": message.role,
        "created": message.created,
        "characters": len(shape.plain_text(message.content)),
    }
    # A dash pair would end the comment early.
    comment = _json(about).replace("--", "-\\u002d")
    parts = [f"<!-- message {comment} -->", f"## {_heading(message, language)}"]
    parts += [_closed(message.content)] if message.content else []
    if message.reasoning:
        parts.append(_folded(_text(language, "reasoning"), message.reasoning))
    for call in message.tool_calls:
        parts.append(f"{_text(language, 'tool')} `{call.name}`\n\n{_fenced(call.arguments)}")
    if message.answer:
        parts += [*_web_sources(message.answer, language), *_record(message.answer, language)]
    return parts


def _web_sources(answer: Answer, language: str) -> list[str]:
    """The pages of the web an answer rests on, each with the number of its marks in the text."""
    sources = listed(answer.web_sources)
    rows = [
        f"- {f'{one.number}: ' if one.number else ''}[{_label(one.title or one.url)}](<{one.url}>)"
        for one in sources
    ]
    return [f"**{_text(language, 'web_sources')}**", "\n".join(rows)] if rows else []


def _label(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>])", r"\\\1", text)


def _heading(message: Message, language: str) -> str:
    name = message.answer.model if message.answer else ""
    return _one_line(name) or _text(language, message.role)


def _record(answer: Answer, language: str) -> list[str]:
    parts = []
    if answer.error:
        card = answer.error
        parts.append(_quoted(f"{card.message(language)}\n{card.hint(language)}"))
    if answer.notices:
        said = (translate(language, f"notice.{n.key}", **n.params) for n in answer.notices)
        parts.append(_quoted("\n".join(said)))
    line = " · ".join(_metrics(answer, language))
    return [*parts, f"*{line}*"] if line else parts


def _sources(conversation: Conversation, message: Message, language: str) -> list[str]:
    names = ", ".join(f"`{name}`" for name in conversation.source_models(message))
    return [_text(language, "sources", names=names)] if names else []


def _metrics(answer: Answer, language: str) -> list[str]:
    usage, found = answer.usage, []
    if answer.returned_model and answer.returned_model != answer.model:
        found.append(f"`{answer.returned_model}`")
    if answer.outcome is not Outcome.COMPLETE:
        found.append(_text(language, f"outcome.{answer.outcome}"))
    if answer.first_token_s is not None:
        found.append(_text(language, "first_token", value=f"{answer.first_token_s:.2f}"))
    if answer.duration_s is not None:
        found.append(_text(language, "duration", value=f"{answer.duration_s:.1f}"))
    if usage.output_tokens is not None:
        counted = {"input": _count(usage.input_tokens), "output": _count(usage.output_tokens)}
        notes = [_text(language, "estimated")] if answer.usage_estimated else []
        if usage.cached_tokens:
            notes.append(_text(language, "cached", count=str(usage.cached_tokens)))
        note = f" ({', '.join(notes)})" if notes else ""
        found.append(_text(language, "tokens", **counted) + note)
    if answer.tokens_per_s is not None:
        found.append(_text(language, "speed", value=f"{answer.tokens_per_s:.1f}"))
    if answer.cost_usd is not None:
        about = "≈" if answer.cost_estimated else ""
        found.append(about + f"${answer.cost_usd:.6f}".rstrip("0").rstrip("."))
    return found


def _text(language: str, key: str, **params: str) -> str:
    return translate(language, f"export.{key}", **params)


def _count(tokens: int | None) -> str:
    return "?" if tokens is None else str(tokens)


def _json(value: Any) -> str:
    return orjson.dumps(shape.plain(value)).decode()


def _yaml(text: str) -> str:
    """JSON text that YAML reads alike: some characters it takes for line ends or refuses."""
    return _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", _json(text))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.splitlines())


def _folded(summary: str, text: str) -> str:
    return f"<details>\n<summary>{summary}</summary>\n\n{_closed(text)}\n\n</details>"


def _fenced(text: str) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}json\n{text}\n{fence}"


def _closed(text: str) -> str:
    """The text, with the code block closed that a stopped answer left open."""
    open_fence = ""
    for line in text.splitlines():
        found = _FENCE.match(line)
        if found is None:
            continue
        mark, rest = found[1], found[2]
        if not open_fence:
            open_fence = mark
        elif mark.startswith(open_fence) and not rest.strip():
            open_fence = ""
    return f"{text}\n{open_fence}" if open_fence else text
