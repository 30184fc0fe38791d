"""What Gemini says beside text: sources, code that it ran and what that gave, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.events import StreamEvent, TextDelta, WebSource
from core.web_sources import checked
from providers.answer import PICTURE

if TYPE_CHECKING:
    from google.genai import types


def extras_of(part: types.Part) -> Iterator[StreamEvent]:
    """A part that is neither text nor a call: code as a block of code, for a picture a notice."""
    if part.executable_code and part.executable_code.code:
        language = str(getattr(part.executable_code.language, "value", ""))
        yield TextDelta(_fenced(part.executable_code.code, language.lower()))
    elif part.code_execution_result and part.code_execution_result.output:
        yield TextDelta(_fenced(part.code_execution_result.output, ""))
    elif (part.inline_data or part.file_data) and not part.thought:
        yield PICTURE


def _fenced(code: str, language: str) -> str:
    longest = max((len(run) for run in re.findall("`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    named = language if re.fullmatch("[a-z]{1,20}", language) else ""
    return f"\n\n{fence}{named}\n{code.rstrip()}\n{fence}\n\n"


def sources_of(candidate: types.Candidate) -> Iterator[WebSource]:
    """Pages that it searched, and pages that it quotes. No mark in the text names them."""
    grounding, citations = candidate.grounding_metadata, candidate.citation_metadata
    webs = [chunk.web for chunk in (grounding and grounding.grounding_chunks) or ()]
    for one in (*webs, *((citations and citations.citations) or ())):
        source = checked(one.uri, one.title) if one else None
        if source:
            yield source
