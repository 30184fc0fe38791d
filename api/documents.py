"""Routes of the documents. Each works for whoever is asking, on documents of their own."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.errors import BadRequest, answering_errors
from api.identity import caller
from api.inputs import chat_id_of, flag_in, is_half, object_of, text_in
from api.language import language_of
from core.documents import ChosenDocument, DocumentUse, document_in
from core.errors import RejectedInput
from core.texts import translate
from engine.citations import citations
from engine.document_evaluation import measure, questions_of
from engine.document_map import document_map
from engine.documents import Documents
from engine.services import Services
from engine.shelf import DEFAULT_COLLECTION, Shelved, accept_collection, file_name

if TYPE_CHECKING:
    from engine.documents import Hit

log = logging.getLogger(__name__)

_MOST_FILES = 1000
_MOST_HITS = 50
_MAP_HITS = 10
_MOST_QUESTIONS = 2000
_MOST_COLLECTIONS = 100
_LONGEST_QUERY = 2000
_LONGEST_ADDRESS = 2000


class DocumentRoutes:
    """The routes over one set of services."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """Every route, its errors answered."""
        table = (
            ("/api/documents", "GET", self.shelf),
            ("/api/documents", "POST", self.upload),
            ("/api/documents/address", "POST", self.fetch),
            ("/api/documents/search", "GET", self.search),
            ("/api/documents/map", "GET", self.draw),
            ("/api/documents/evaluate", "POST", self.evaluate),
            ("/api/documents/embedder", "POST", self.retry_embedder),
            ("/api/documents/collections", "GET", self.collections),
            ("/api/documents/collections", "POST", self.add_collection),
            ("/api/documents/collections", "DELETE", self.drop_collection),
            ("/api/documents/{document:int}", "DELETE", self.delete),
            ("/api/documents/{document:int}/reindex", "POST", self.reindex),
            ("/api/documents/{document:int}/chunks/{chunk:int}", "GET", self.passage),
            ("/api/chats/{chat_id}/documents", "POST", self.use),
            ("/api/chats/{chat_id}/citations/{message}", "GET", self.citations),
        )
        language = self._services.language
        return [
            Route(path, answering_errors(endpoint, language), methods=[method])
            for path, method, endpoint in table
        ]

    async def shelf(self, request: Request) -> Response:
        """GET: all documents, newest first, and the collections."""
        documents, owner = self._documents, caller(request)
        version = documents.changed(owner).version
        told = self._told(request, await documents.documents(owner))
        collections = await documents.collections(owner)
        return JSONResponse(
            {
                "documents": told,
                "collections": collections,
                "default": DEFAULT_COLLECTION,
                "embedding": documents.embedding(owner),
                "trouble": self._trouble(request),
                "version": version,
            }
        )

    async def upload(self, request: Request) -> Response:
        """POST multipart `files` and `collection`: take files up. One that is refused is told in
        its place and the rest goes on."""
        try:
            async with request.form(max_files=_MOST_FILES, max_fields=10) as form:
                files = [one for one in form.getlist("files") if isinstance(one, UploadFile)]
                collection = accept_collection(str(form.get("collection") or DEFAULT_COLLECTION))
                if not files:
                    raise RejectedInput("no_files")
                taken = [await self._take(request, file, collection) for file in files]
        except MultiPartException as error:
            raise BadRequest("parameter", name="files", allowed=str(error.message)) from None
        return JSONResponse({"documents": taken})

    async def fetch(self, request: Request) -> Response:
        """POST {"url", "collection"?}: take up what a public web address gives."""
        asked = await object_of(request, ("url", "collection"))
        url = asked.get("url")
        if not isinstance(url, str) or len(url) > _LONGEST_ADDRESS or any(map(is_half, url)):
            raise BadRequest("parameter", name="url", allowed="https://…")
        collection = text_in(asked, "collection") if "collection" in asked else DEFAULT_COLLECTION
        taken = await self._documents.take_address(caller(request), url, collection)
        return JSONResponse({"documents": self._told(request, [taken])})

    async def search(self, request: Request) -> Response:
        """GET ?q=&collections=&documents=&count=: passages and scores; no model is called."""
        question, owner = _question(request), caller(request)
        count = _count(request, self._documents.rules.passages)
        began = time.perf_counter()
        scope = await self._documents.scope(owner, _places(request))
        found = await self._documents.search(owner, question, scope, count)
        ms = round((time.perf_counter() - began) * 1000, 1)
        hits = [_hit(number, hit) for number, hit in enumerate(found.hits if found else (), 1)]
        relevant = bool(found and found.relevant)
        return JSONResponse({"relevant": relevant, "hits": hits, "ms": ms, "gone": scope.gone})

    async def draw(self, request: Request) -> Response:
        """GET ?q=&collections=&documents=: the chunks in two dimensions, with the question and its
        hits."""
        question = _question(request) if request.query_params.get("q", "").strip() else ""
        owner = caller(request)
        if not self._documents.has_any(owner):
            return JSONResponse({"points": [], "question": None, "share": 0.0})
        scope = await self._documents.scope(owner, _places(request))
        made = await self._documents.work(
            owner, lambda library: document_map(library, question, scope.documents, _MAP_HITS)
        )
        at = {"x": made.question[0], "y": made.question[1]} if made.question else None
        points = [asdict(point) for point in made.points]
        return JSONResponse({"points": points, "question": at, "share": round(made.share, 4)})

    async def evaluate(self, request: Request) -> Response:
        """POST {"questions": JSONL, "collections"?}: how well each setting finds what is
        expected."""
        asked = await object_of(request, ("questions", "collections"))
        text, names = asked.get("questions"), asked.get("collections", [])
        if not isinstance(text, str):
            raise BadRequest("parameter", name="questions", allowed="JSONL")
        collections = _names(names)
        questions = await asyncio.to_thread(questions_of, text, _MOST_QUESTIONS)
        scope = await self._documents.scope(caller(request), collections)
        measured = await self._documents.work(
            caller(request), lambda library: measure(library, questions, scope.documents)
        )
        return JSONResponse(
            {"settings": [{"name": name, **asdict(one)} for name, one in measured.items()]}
        )

    async def retry_embedder(self, request: Request) -> Response:
        """POST: try the embedder that could not be used once more."""
        await self._documents.retry_embedder(caller(request))
        return JSONResponse({"embedding": self._documents.embedding(caller(request))})

    async def collections(self, request: Request) -> Response:
        """GET: the names of all collections, the default one first."""
        found = await self._documents.collections(caller(request))
        return JSONResponse({"collections": found, "default": DEFAULT_COLLECTION})

    async def add_collection(self, request: Request) -> Response:
        """POST {"name"}: an empty collection."""
        name = text_in(await object_of(request, ("name",)), "name")
        await self._documents.add_collection(caller(request), name)
        return await self.collections(request)

    async def drop_collection(self, request: Request) -> Response:
        """DELETE {"name"}: a collection and all documents in it."""
        name = text_in(await object_of(request, ("name",)), "name")
        await self._documents.drop_collection(caller(request), name)
        return await self.collections(request)

    async def delete(self, request: Request) -> Response:
        """DELETE: from now on nothing of the document is found."""
        await self._documents.delete(caller(request), _number(request, "document"))
        return JSONResponse({"deleted": _number(request, "document")})

    async def reindex(self, request: Request) -> Response:
        """POST: read the document's file again."""
        taken = await self._documents.reindex(caller(request), _number(request, "document"))
        return JSONResponse({"documents": self._told(request, [taken])})

    async def passage(self, request: Request) -> Response:
        """GET: one chunk of a document."""
        document, chunk = _number(request, "document"), _number(request, "chunk")
        found = await self._documents.passage(caller(request), document, chunk)
        return JSONResponse(
            {
                "name": found.name,
                "page": found.page,
                "heading": found.heading,
                "text": found.text,
            }
        )

    async def use(self, request: Request) -> Response:
        """POST {"on", "collections"?}: whether a chat's questions are looked up, and where; a
        collection may be a single document (`core.documents.ChosenDocument.place`)."""
        asked = await object_of(request, ("on", "collections"))
        places = tuple(map(_place, _names(asked.get("collections", []))))
        wanted = DocumentUse(flag_in(asked, "on"), places)
        store = self._services.stores.of(caller(request))
        chat = await store.update(
            chat_id_of(request),
            lambda c: c if c.documents == wanted else replace(c, documents=wanted),
        )
        return JSONResponse({"on": chat.documents.on, "collections": chat.documents.collections})

    async def citations(self, request: Request) -> Response:
        """GET: what an answer was given, what it cites of it, and whether its quotations are
        there."""
        chat = await self._services.stores.of(caller(request)).load(chat_id_of(request))
        message = chat.message(request.path_params["message"])
        if message is None or message.answer is None:
            raise RejectedInput("message_gone")
        passages = message.answer.passages
        found = await asyncio.to_thread(citations, message.content, passages)
        given = [{k: v for k, v in asdict(one).items() if k != "unknown"} for one in passages]
        return JSONResponse({"passages": given, **asdict(found)})

    def _trouble(self, request: Request) -> dict[str, Any] | None:
        trouble = self._documents.trouble(caller(request))
        if trouble is None:
            return None
        language = language_of(request, self._services.language)
        message, hint = trouble.card.message(language), trouble.card.hint(language)
        return {"message": message, "hint": hint, "still_answers": trouble.still_answers}

    @property
    def _documents(self) -> Documents:
        return self._services.documents

    async def _take(self, request: Request, file: UploadFile, collection: str) -> dict[str, Any]:
        """The taken document; for a refused one its name and why, in the same form."""
        name = file.filename or ""
        try:
            data = await file.read()
            taken = await self._documents.take(caller(request), name, data, collection)
        except RejectedInput as error:
            language = language_of(request, self._services.language)
            card = error.card
            refused = {"id": None, "collection": collection, "name": name, "state": "failed"}
            return {**refused, "error": card.message(language), "hint": card.hint(language)}
        return self._told(request, [taken])[0]

    def _told(self, request: Request, documents: Sequence[Shelved]) -> list[dict[str, Any]]:
        language = language_of(request, self._services.language)
        return [_document(one, language) for one in documents]


def _document(one: Shelved, language: str) -> dict[str, Any]:
    told = asdict(one)
    detail = told.pop("detail")
    key = f"document_error.{one.error}"
    said = {
        part: translate(language, f"{key}.{part}", detail=detail) if one.error else ""
        for part in ("message", "hint")
    }
    return {**told, "error": said["message"], "hint": said["hint"]}


def _hit(number: int, hit: Hit) -> dict[str, Any]:
    one = hit.passage
    return {
        "number": number,
        "document": int(one.document),
        "name": one.name,
        "page": one.page,
        "heading": one.heading,
        "text": one.text,
        "sentence": hit.sentence,
        "score": round(hit.score, 3),
        "lexical": round(hit.lexical, 3),
        "dense": round(hit.dense, 3),
        "chunk": one.chunk,
    }


def _question(request: Request) -> str:
    question = request.query_params.get("q", "").strip()
    if not 1 <= len(question) <= _LONGEST_QUERY:
        raise BadRequest("parameter", name="q", allowed=f"1 – {_LONGEST_QUERY}")
    return question


def _places(request: Request) -> list[str]:
    """The collections and single documents a search is kept to. Raises BadRequest."""
    numbers = _names(request.query_params.getlist("documents"), "documents")
    if not all(one.isascii() and one.isdigit() and len(one) < 19 for one in numbers):
        raise BadRequest("parameter", name="documents", allowed="1, 2, 3 …")
    singles = [ChosenDocument(int(one), f"#{one}").place for one in numbers]
    return [*_names(request.query_params.getlist("collections")), *singles]


def _place(name: str) -> str:
    """A collection's name as it is kept, or a single document's. Raises RejectedInput."""
    single = document_in(name)
    return (
        ChosenDocument(single.id, file_name(single.name)).place
        if single
        else accept_collection(name)
    )


def _names(found: Any, parameter: str = "collections") -> list[str]:
    """Names of collections, or numbers of documents. Raises BadRequest."""
    named = isinstance(found, list) and all(isinstance(one, str) for one in found)
    if not named or len(found) > _MOST_COLLECTIONS:
        allowed = f"≤ {_MOST_COLLECTIONS}"
        raise BadRequest("parameter", name=parameter, allowed=allowed)
    return [one for one in found if one]


def _count(request: Request, default: int) -> int:
    text = request.query_params.get("count", str(default))
    count = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    if not 1 <= count <= _MOST_HITS:
        raise BadRequest("parameter", name="count", allowed=f"1 – {_MOST_HITS}")
    return count


def _number(request: Request, name: str) -> int:
    """A number of the address that the database can hold. Raises RejectedInput."""
    number = int(request.path_params[name])
    if number >= 2**63:
        raise RejectedInput("document_gone")
    return number
