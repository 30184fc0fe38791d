"""What an empty chat says: a greeting, and ready prompts in a language that is understood."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.catalog import Model
from core.request import Readiness
from core.texts import LANGUAGES, translate

_PROMPTS = ("one", "two", "three", "four")


@dataclass(frozen=True)
class Welcome:
    """A greeting in one language, with prompts in the same or another one."""

    language: str
    prompts: str

    def html(self) -> str:
        """The greeting; where the prompts are in another language, it says why."""
        lines = [f"<p>{self._text('welcome_more')}</p>"]
        if self.prompts != self.language:
            lines.append(
                f'<p class="divan-foreign">{_with_code(self._text("welcome_foreign"))}</p>'
            )
        return f'<div class="divan-welcome"><h1>{self._text("welcome")}</h1>{"".join(lines)}</div>'

    def examples(self) -> list[dict[str, str]]:
        """The prompts as Gradio takes them."""
        return [{"text": translate(self.prompts, f"prompts.{name}")} for name in _PROMPTS]

    def _text(self, key: str) -> str:
        return html.escape(translate(self.language, f"page.{key}"), quote=False)


def welcome(
    language: str,
    chosen: Model | None,
    models: Sequence[Model],
    states: Mapping[str, Readiness],
) -> Welcome:
    """The greeting of a page in that language. Its prompts are in another one only where the chosen
    model knows no better, and neither does any model that is ready or may turn out to be."""
    usable = [m for m in models if states[m.id].ready or states[m.id].reason == "checking"]
    is_ready = any(state.ready for state in states.values())
    understood = any(model.speaks(language) for model in (chosen, *usable) if model)
    if chosen is None or understood or not is_ready:
        return Welcome(language, language)
    return Welcome(language, next((one for one in LANGUAGES if chosen.speaks(one)), language))


def _with_code(line: str) -> str:
    """The line with what is between backquotes as code."""
    parts = line.split("`")
    return "".join(f"<code>{part}</code>" if n % 2 else part for n, part in enumerate(parts))
