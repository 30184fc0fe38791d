"""Routes that search documents without asking a model. Each works on the caller's own documents."""

from __future__ import annotations

import asyncio
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.documents_inputs import count_in, names_in, number_in, places_in, question_in
from api.errors import BadRequest, answering_errors
from api.identity import caller
from api.inputs import LARGE_BYTES, object_of
from engine.document_evaluation import measure, questions_of
from engine.document_map import document_map
from engine.documents import Documents
from engine.services import Services

if TYPE_CHECKING:
    from engine.documents import Hit

_MAP_HITS = 10
_MOST_QUESTIONS = 2000


class DocumentSearchRoutes:
    """The routes over one set of services."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """Every route, its errors answered."""
        table = (
            ("/api/documents/search", "GET", self.search),
            ("/api/documents/map", "GET", self.draw),
            ("/api/documents/evaluate", "POST", self.evaluate),
            ("/api/documents/{document:int}/chunks/{chunk:int}", "GET", self.passage),
        )
        language = self._services.language
        return [
            Route(path, answering_errors(endpoint, language), methods=[method])
            for path, method, endpoint in table
        ]

    async def search(self, request: Request) -> Response:
        """GET ?q=&collections=&documents=&count=: passages and scores, and which of them a question
        would be given (`way`: `engine.given.Way`); no model is called. `weak`: none matches
        well."""
        question, owner = question_in(request), caller(request)
        count = count_in(request, self._documents.rules.passages)
        began = time.perf_counter()
        scope = await self._documents.scope(owner, places_in(request))
        found = await self._documents.search(owner, question, scope, count)
        ms = round((time.perf_counter() - began) * 1000, 1)
        made = await self._documents.given(owner, question, scope)
        sent = {hit.passage.chunk for hit in made.hits}
        hits = [_hit(n, hit, hit.passage.chunk in sent) for n, hit in enumerate(found, 1)]
        summary = {"weak": made.weak, "way": made.way, "given": len(sent), "gone": scope.gone}
        return JSONResponse({**summary, "hits": hits, "ms": ms})

    async def draw(self, request: Request) -> Response:
        """GET ?q=&collections=&documents=: the chunks in two dimensions, with the question and its
        hits."""
        question = question_in(request) if request.query_params.get("q", "").strip() else ""
        owner = caller(request)
        if not await self._documents.has_any(owner):
            return JSONResponse({"points": [], "question": None, "share": 0.0})
        scope = await self._documents.scope(owner, places_in(request))
        made = await self._documents.work(
            owner, lambda library: document_map(library, question, scope.documents, _MAP_HITS)
        )
        at = {"x": made.question[0], "y": made.question[1]} if made.question else None
        points = [asdict(point) for point in made.points]
        return JSONResponse({"points": points, "question": at, "share": round(made.share, 4)})

    async def evaluate(self, request: Request) -> Response:
        """POST {"questions": JSONL, "collections"?}: how well each setting finds what is
        expected."""
        asked = await object_of(request, ("questions", "collections"), LARGE_BYTES)
        text, names = asked.get("questions"), asked.get("collections", [])
        if not isinstance(text, str):
            raise BadRequest("parameter", name="questions", allowed="JSONL")
        collections = names_in(names)
        questions = await asyncio.to_thread(questions_of, text, _MOST_QUESTIONS)
        scope = await self._documents.scope(caller(request), collections)
        measured = await self._documents.work(
            caller(request), lambda library: measure(library, questions, scope.documents)
        )
        return JSONResponse(measured.told())

    async def passage(self, request: Request) -> Response:
        """GET: one chunk of a document."""
        document, chunk = number_in(request, "document"), number_in(request, "chunk")
        found = await self._documents.passage(caller(request), document, chunk)
        return JSONResponse(
            {
                "document": int(found.document),
                "name": found.name,
                "page": found.page,
                "heading": found.heading,
                "ocr": found.ocr,
                "text": found.text,
            }
        )

    @property
    def _documents(self) -> Documents:
        return self._services.documents


def _hit(number: int, hit: Hit, given: bool) -> dict[str, Any]:
    one = hit.passage
    return {
        "number": number,
        "document": int(one.document),
        "name": one.name,
        "page": one.page,
        "heading": one.heading,
        "ocr": one.ocr,
        "text": one.text,
        "sentence": hit.sentence,
        "score": round(hit.score, 3),
        "lexical": round(hit.lexical, 3),
        "dense": round(hit.dense, 3),
        "chunk": one.chunk,
        "given": given,
    }
