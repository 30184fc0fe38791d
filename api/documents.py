"""Routes of the documents. Each works for whoever is asking, on documents of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.documents_inputs import number_in
from api.documents_ocr import ocr_json
from api.errors import BadRequest, answering_errors
from api.identity import caller
from api.inputs import is_half, object_of, text_in
from api.language import language_of
from core.errors import RejectedInput
from engine.documents import Documents
from engine.services import Services
from engine.shelf import DEFAULT_COLLECTION, Shelved, accept_collection, is_scanned, why
from engine.unread import unread_pages

_MEGABYTE = 1_000_000
_MOST_FILES = 1000
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
            ("/api/documents/embedder", "POST", self.retry_embedder),
            ("/api/documents/collections", "GET", self.collections),
            ("/api/documents/collections", "POST", self.add_collection),
            ("/api/documents/collections", "DELETE", self.drop_collection),
            ("/api/documents/{document:int}", "DELETE", self.delete),
            ("/api/documents/{document:int}/reindex", "POST", self.reindex),
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
        shelved = await documents.documents(owner)
        rows = self._rows(request, shelved)
        collections = await documents.collections(owner)
        return JSONResponse(
            {
                "documents": rows,
                "collections": collections,
                "default": DEFAULT_COLLECTION,
                "limit": self._services.loaded.catalog.limits.request_megabytes * _MEGABYTE,
                "embedding": documents.embedding(owner),
                "trouble": self._trouble(request),
                "ocr": ocr_json(self._services, sum(map(is_scanned, shelved))),
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
        return JSONResponse({"documents": self._rows(request, [taken])})

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
        await self._documents.delete(caller(request), number_in(request, "document"))
        return JSONResponse({"deleted": number_in(request, "document")})

    async def reindex(self, request: Request) -> Response:
        """POST: read the document's file again."""
        taken = await self._documents.reindex(caller(request), number_in(request, "document"))
        return JSONResponse({"documents": self._rows(request, [taken])})

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
        return self._rows(request, [taken])[0]

    def _rows(self, request: Request, documents: Sequence[Shelved]) -> list[dict[str, Any]]:
        language = language_of(request, self._services.language)
        return [_document(one, language) for one in documents]


def _document(one: Shelved, language: str) -> dict[str, Any]:
    row = asdict(one)
    del row["detail"]
    message, hint = why(one, language)
    unread = {"short": unread_pages(one, language), "all": unread_pages(one, language, most=0)}
    return {**row, "error": message, "hint": hint, "unread_text": unread}
